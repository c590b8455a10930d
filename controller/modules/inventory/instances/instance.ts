// SPDX-License-Identifier: Apache-2.0
/** Instances: the operating system that runs, or is to run, on a host. */
import type { Json } from '../../../../plugins/contract/index.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import {
  type Act,
  type Cell,
  type Draft,
  defineKind,
  type Kind,
  type Members,
  type Rendering,
  type Row,
} from '../engine/kind.ts'
import { problem } from '../engine/problems.ts'
import { refuseFindings } from '../findings.ts'
import { operatingSystem } from '../systems/system.ts'
import { endMemberships, memberFields, membersOf } from '../workloads/membership.ts'
import { configCell, configFields, configIds, configsOf, indexConfigs, wantedConfigs } from './configs.ts'
import { instanceMembers, statusName } from './members.ts'
import { desiredAfter, type InstanceState, isProvisioning, securityFindings } from './rules.ts'
import { STATUSES } from './tables.ts'

export const INSTANCE = 'instance'
export const INSTANCE_TABLE = 'inventory_instances'

/** Takes leave of what else is about an instance that is removed. */
export type Farewell = (tx: Tx, act: Act, instance: string) => Promise<void>

/** Instances, which show what refers to them through the engine. */
export function instanceKind(engine: () => Engine, farewell: Farewell): Kind {
  return defineKind({
    name: INSTANCE,
    words: ['instance', 'instances'],
    prefix: 'inst',
    table: INSTANCE_TABLE,
    places: [{ path: '/compute/instances' }],
    plural: 'instances',
    verbs: ['list', 'get', 'create', 'put', 'patch', 'delete'],
    members: instanceMembers,
    fields: { ...memberFields(INSTANCE_TABLE), ...configFields },
    holds: {
      customConfig: {
        words: ['instance', 'instances'],
        table: 'inventory_instance_configs',
        column: 'config',
        id: 'instance',
      },
    },
    check: (tx, draft) => checkInstance(engine(), tx, draft),
    save: async (tx, { act, next, present }) => {
      if (present === undefined || present.configs !== next.configs)
        await indexConfigs(tx, act.project, next.id, configIds(next))
    },
    drop: async (tx, act, { id }) => {
      await endMemberships(engine(), tx, { act, side: 'instance', id })
      await farewell(tx, act, id)
      await indexConfigs(tx, act.project, id, [])
    },
    render: page => renderInstances(engine(), page),
  })
}

async function checkInstance(engine: Engine, tx: Tx, draft: Draft): Promise<Record<string, Cell>> {
  const settled = settledColumns(draft)
  const next: Row = { ...draft.next, ...settled }
  await refuseSecondOnHost(tx, draft)
  await refuseFeature(engine, tx, next)
  const configs = configCell(await settledConfigs(engine, tx, draft))
  return { ...settled, ...stateColumns(draft), configs }
}

/** Says which instance the host has already. */
async function refuseSecondOnHost(tx: Tx, { act, next }: Draft): Promise<void> {
  if (next.host === null || next.host === undefined) return
  const other = await tx
    .of<{ [INSTANCE_TABLE]: Row & { host: string | null } }>(act.project)
    .select(INSTANCE_TABLE)
    .select('id')
    .where('host', '=', String(next.host))
    .where('id', '!=', next.id)
    .executeTakeFirst()
  if (other === undefined) return
  throw problem('already-exists', `${next.host} has the instance ${other.id} already`, {
    key: 'hostID',
    host: next.host,
    instance: other.id,
  })
}

async function refuseFeature(engine: Engine, tx: Tx, { project, os, security_feature: wanted }: Row): Promise<void> {
  if (typeof os !== 'string' || typeof wanted !== 'string') return
  const system = await engine.find(tx, { project, kind: operatingSystem.name, id: os })
  const has = system?.security_feature
  const securityFeature = typeof has === 'string' ? has : undefined
  refuseFindings(securityFindings(wanted, system === undefined ? undefined : { id: system.id, securityFeature }))
}

function stateColumns({ present, given }: Draft): Record<string, Cell> {
  // Rows hold only what this file writes, bodies only what the schema of the member lets in; '' says nothing.
  const wanted = (given.desiredState || undefined) as InstanceState | undefined
  const before = (present?.desired_state ?? 'INSTANCE_STATE_RUNNING') as InstanceState
  const after = desiredAfter(before, wanted)
  if ('refused' in after) throw kernelProblem('conflict', after.refused, { desiredState: before })
  const current = present?.current_state ?? 'INSTANCE_STATE_UNSPECIFIED'
  const distrusted = after.state === 'INSTANCE_STATE_UNTRUSTED'
  return { desired_state: after.state, current_state: distrusted ? after.state : current }
}

const SETTLED = { osID: 'os', localAccountID: 'local_account' } as const

/** Once provisioning has begun, what is left out stays and what differs is refused. */
function settledColumns({ present, next, given }: Draft): Record<string, Cell> {
  const columns: Record<string, Cell> = {}
  if (present === undefined || !hasBegun(present)) return columns
  for (const [name, column] of Object.entries(SETTLED)) {
    if (next[column] === present[column]) continue
    if (isGiven(given, name)) throw fixed(name)
    columns[column] = present[column] ?? null
  }
  return columns
}

async function settledConfigs(engine: Engine, tx: Tx, draft: Draft): Promise<readonly string[]> {
  const { present, given } = draft
  const before = present === undefined ? [] : configIds(present)
  const wanted = await wantedConfigs(engine, tx, draft)
  if (wanted === undefined || present === undefined || !hasBegun(present)) return wanted ?? before
  if (!isGiven(given, 'customConfigID')) return before
  if (configCell(wanted) !== configCell(before)) throw fixed('customConfigID')
  return before
}

function isGiven(given: Readonly<Record<string, Json | undefined>>, name: string): boolean {
  return given[name] !== undefined
}

function fixed(name: string): Error {
  return problem('member-fixed', `${name}: provisioning of this instance has begun`, { pointer: `/body/${name}` })
}

function hasBegun({ provisioning_status: said, current_state: state }: Row): boolean {
  return isProvisioning({
    provisioningStatus: typeof said === 'string' ? said : undefined,
    currentState: typeof state === 'string' ? state : undefined,
  })
}

async function renderInstances(engine: Engine, page: Rendering): Promise<ReadonlyMap<string, Members>> {
  const { db, project, rows, depth } = page
  const shown = new Map<string, Members>(rows.map(row => [row.id, statusesOf(row)]))
  if (depth < 1) return shown
  const members = await membersOf(engine, INSTANCE, page)
  const configs = await configsOf(engine, db, { project, rows })
  return new Map(
    [...shown].map(([id, statuses]) => [
      id,
      { ...statuses, workloadMembers: [...(members.get(id) ?? [])], customConfig: [...(configs.get(id) ?? [])] },
    ]),
  )
}

/** Statuses are always shown, so that a reader need not tell "nothing was said" from an old controller. */
function statusesOf(row: Row): Members {
  const shown: Record<string, Json> = {}
  for (const status of STATUSES) {
    const name = statusName(status)
    shown[name] = row[`${status}_status`] ?? ''
    shown[`${name}Indicator`] = row[`${status}_status_indicator`] ?? 'STATUS_INDICATION_UNSPECIFIED'
    shown[`${name}Timestamp`] = row[`${status}_status_at`] ?? 0
  }
  return shown
}
