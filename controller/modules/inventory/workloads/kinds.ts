// SPDX-License-Identifier: Apache-2.0
/** Workloads and their members: what runs on the instances, as another system tells it. */
import { Type } from 'typebox'
import type { Engine } from '../engine/engine.ts'
import { defineKind, type Kind } from '../engine/kind.ts'
import { endMemberships, MEMBER, membersOf } from './membership.ts'

const Name = '^$|^[a-zA-Z-_0-9./: ]+$'

/** Workloads, which show their members through the engine. */
export function workloadKind(engine: () => Engine): Kind {
  return defineKind({
    name: 'workload',
    words: ['workload', 'workloads'],
    prefix: 'workload',
    table: 'inventory_workloads',
    places: [{ path: '/workloads' }],
    plural: 'workloads',
    verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
    members: {
      kind: {
        is: 'column',
        column: 'kind',
        schema: Type.Enum(['WORKLOAD_KIND_UNSPECIFIED', 'WORKLOAD_KIND_CLUSTER']),
        required: true,
      },
      name: {
        is: 'column',
        column: 'name',
        schema: Type.String({ maxLength: 50, pattern: Name }),
        searched: true,
      },
      externalId: { is: 'column', column: 'external_id', schema: Type.String({ maxLength: 40, pattern: Name }) },
      status: {
        is: 'column',
        column: 'status',
        schema: Type.String({ maxLength: 500, pattern: '^$|^[a-zA-Z-_0-9./:;=?@!#,<>*() ]+$' }),
      },
      members: { is: 'computed', schema: Type.Array(Type.Object({}, { additionalProperties: true })) },
      workloadId: { is: 'alias' },
    },
    drop: (tx, act, { id }) => endMemberships(engine(), tx, { act, side: 'workload', id }),
    render: async page => {
      // The specification has the member always there; deep inside other resources nobody reads it.
      if (page.depth < 1) return new Map(page.rows.map(({ id }) => [id, { members: [] }]))
      const members = await membersOf(engine(), 'workload', page)
      return new Map([...members].map(([id, each]) => [id, { members: [...each] }]))
    },
  })
}

export const workloadMember = defineKind({
  name: MEMBER,
  words: ['workload member', 'workload members'],
  prefix: 'workloadmember',
  table: 'inventory_workload_members',
  places: [{ path: '/workload_members' }],
  plural: 'workloadMembers',
  verbs: ['list', 'get', 'create', 'delete'],
  members: {
    kind: {
      is: 'column',
      column: 'kind',
      schema: Type.Enum(['WORKLOAD_MEMBER_KIND_UNSPECIFIED', 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE']),
      required: true,
    },
    // Members go with their workload and with their instance.
    workload: {
      is: 'reference',
      to: 'workload',
      column: 'workload',
      writes: 'workloadId',
      required: true,
      removal: 'ignored',
    },
    instance: {
      is: 'reference',
      to: 'instance',
      column: 'instance',
      writes: 'instanceId',
      required: true,
      removal: 'ignored',
    },
    member: { is: 'reference', to: 'instance', column: 'instance', write: 'never', removal: 'ignored' },
    workloadMemberId: { is: 'alias' },
  },
  unique: [{ columns: ['workload', 'instance'], key: 'workloadId and instanceId' }],
})
