// SPDX-License-Identifier: Apache-2.0
/** How devices compare with their profiles, and putting them right. */
import { Type } from 'typebox'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, ProjectName, Time } from '../../../http/schemas.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { devicesWithin } from '../devices/place.ts'
import type { Checked, CheckOrder } from './drift.ts'
import { AREAS, DEFAULT_DRIFT_POLICY, DriftPolicy } from './drift-areas.ts'
import type { DriftParts } from './drift-ground.ts'
import type { Difference } from './drift-look.ts'
import { rulesRoutes } from './drift-policies.ts'
import { countDrift, differencesOf, findDrift, listDrift } from './drift-store.ts'
import { problem } from './playbooks/problems.ts'
import type { DriftRow } from './tables-drift.ts'

const Guid = Type.String({ pattern: '^[0-9A-Fa-f-]{36}$', description: 'GUID of the device' })
const OfDevice = Type.Object({ project: ProjectName, guid: Guid })
const State = Type.Enum(['compliant', 'drifted', 'unknown'])
const AreaName = Type.Enum([...AREAS])

const Step = Type.Object({
  area: AreaName,
  do: Type.String({ description: 'The act that puts it right' }),
  says: Type.String({ description: 'What differs' }),
  mode: Type.Enum(['report', 'repair']),
  held: Type.Optional(Type.String({ description: 'Why it is not done over the tunnel' })),
})

const Line = Type.Object({
  guid: Type.String(),
  profile: Type.Optional(Type.String()),
  state: State,
  why: Type.String(),
  since: Time,
  checkedAt: Type.Optional(Time),
  dueAt: Type.Optional(Time),
  steps: Type.Array(Step),
})

const Answer = Type.Object({
  guid: Type.String(),
  profile: Type.Optional(Type.String()),
  state: State,
  why: Type.String(),
  dryRun: Type.Boolean(),
  steps: Type.Array(Step, { description: 'What differs now; in a dry run, what would be repaired or reported' }),
  repaired: Type.Array(Step),
  failed: Type.Array(Type.Object({ ...Step.properties, reason: Type.String() })),
})

const Page = Type.Object(
  {
    state: Type.Optional(State),
    cursor: Type.Optional(Type.String({ maxLength: 64 })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)
const Body = Type.Object(
  {
    repair: Type.Optional(Type.Boolean({ description: 'Puts right what the policy, or `areas`, says' })),
    dryRun: Type.Optional(Type.Boolean({ description: 'Tells what would be done, and changes nothing' })),
    areas: Type.Optional(Type.Array(AreaName, { maxItems: AREAS.length })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  },
  { additionalProperties: false },
)
const PAGE = 100

export function driftRoutes(http: Http, parts: DriftParts, check: (order: CheckOrder) => Promise<Checked>): void {
  listRoute(http, parts)
  deviceRoutes(http, parts, check)
  rulesRoutes(http, parts.kernel, {
    kind: 'drift',
    name: 'drift-policy',
    about: 'What happens when a device differs from its profile, by area',
    schema: DriftPolicy,
    fallback: DEFAULT_DRIFT_POLICY,
  })
}

function listRoute(http: Http, { kernel }: DriftParts): void {
  http.get(
    '/v1/projects/:project/oob/drift',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'How the devices compare with the profiles they were activated with',
        params: InProject,
        querystring: Page,
        response: {
          200: Type.Object({
            devices: Type.Array(Line),
            nextCursor: Type.Optional(Type.String()),
            counts: Type.Object({ compliant: Type.Integer(), drifted: Type.Integer(), unknown: Type.Integer() }),
          }),
          ...failures,
        },
      },
    },
    async request => {
      const { params, query } = request
      const limit = query.pageSize ?? PAGE
      const within = devicesWithin(request, 'oob_drift.guid')
      const { state, cursor: after } = query
      const rows = await listDrift(kernel.store, params.project, { state, after, limit, within })
      const last = rows.length === limit ? rows.at(-1) : undefined
      const counts = await countDrift(kernel.store, params.project, within)
      return { devices: rows.map(lineOf), counts, ...(last === undefined ? {} : { nextCursor: last.guid }) }
    },
  )
}

function deviceRoutes(http: Http, parts: DriftParts, check: (order: CheckOrder) => Promise<Checked>): void {
  const url = '/v1/projects/:project/oob/devices/:guid/drift'
  const tags = ['out-of-band']
  http.get(
    url,
    {
      config: { access: 'host.read' },
      schema: {
        tags,
        summary: 'How a device compared with its profile when it was looked at last',
        params: OfDevice,
        response: { 200: Line, ...failures },
      },
    },
    async ({ params }) => {
      const { guid } = await parts.devices.get(parts.kernel.store, params.project, params.guid.toLowerCase())
      const row = await findDrift(parts.kernel.store, { project: params.project, guid })
      if (row === undefined) throw kernelProblem('not-found', `a look at ${guid}; ask for one with POST`)
      return lineOf(row)
    },
  )
  http.post(
    url,
    {
      config: { access: 'host.read' },
      schema: {
        tags,
        summary: 'Compares a device with its profile now, and puts it right when asked to',
        params: OfDevice,
        body: Body,
        response: { 200: Answer, ...failures },
      },
    },
    async request => {
      const { params, body } = request
      const by = callerOf(request)
      const { repair = false, dryRun = false, areas, reason } = body
      if (repair && !dryRun) requirePermission(by, 'host.change')
      const key = { project: params.project, guid: params.guid.toLowerCase() }
      const checked = await check({ ...key, repair, dryRun, areas, by, reason })
      if (repair && checked.state === 'unknown' && checked.repaired === undefined)
        throw problem('drift-unprofiled', checked.why)
      return answerOf(key.guid, checked, dryRun)
    },
  )
}

function lineOf(row: DriftRow) {
  return {
    guid: row.guid,
    ...(row.profile === null ? {} : { profile: row.profile }),
    state: row.state,
    why: row.why,
    since: row.since,
    ...(row.checked_at === null ? {} : { checkedAt: row.checked_at }),
    dueAt: row.due_at,
    steps: differencesOf(row).map(stepOf),
  }
}

function stepOf({ area, do: kind, says, mode, held }: Difference) {
  return { area, do: kind, says, mode, ...(held === undefined ? {} : { held }) }
}

function answerOf(guid: string, { state, why, profile, steps, repaired }: Checked, dryRun: boolean) {
  return {
    guid,
    ...(profile === undefined ? {} : { profile }),
    state,
    why,
    dryRun,
    steps: steps.map(stepOf),
    repaired: (repaired?.done ?? []).map(stepOf),
    failed: (repaired?.failed ?? []).map(each => ({ ...stepOf(each), reason: each.why })),
  }
}
