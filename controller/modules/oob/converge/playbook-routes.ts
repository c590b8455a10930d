// SPDX-License-Identifier: Apache-2.0
/** Playbooks and their runs: what there is, starting, following, approving, cancelling; and the rules that start them. */
import { Type } from 'typebox'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, HostIdText, InProject, ProjectName, Time, UlidText } from '../../../http/schemas.ts'
import { permissionFor } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { devicesWithin, placeOfDevices } from '../devices/place.ts'
import { rulesRoutes } from './drift-policies.ts'
import { DEFAULT_RECOVERY_POLICY, RecoveryPolicy } from './playbook-policy.ts'
import { findRun, linesOf, listRuns, starterOf } from './playbook-runs.ts'
import type { PlaybookParts } from './playbook-situation.ts'
import { PLAYBOOKS, playbookNamed } from './playbooks/built-in.ts'
import { classOfPlaybook, type Playbook, wordsOf } from './playbooks/playbook.ts'
import { problem } from './playbooks/problems.ts'
import type { Runs } from './playbooks.ts'
import type { PlaybookRunRow } from './tables-drift.ts'

const tags = ['out-of-band']
const Guid = Type.String({ pattern: '^[0-9A-Fa-f-]{36}$', description: 'GUID of the device' })
const State = Type.Enum(['queued', 'running', 'approval', 'done', 'failed', 'cancelled', 'dry-run'])
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 500 }))
const OfRun = Type.Object({ project: ProjectName, id: UlidText })

const About = Type.Object({
  name: Type.String(),
  title: Type.String(),
  permission: Type.String({ description: 'What starting it asks for' }),
  takesUrl: Type.Boolean(),
  steps: Type.Array(Type.String()),
})

const Run = Type.Object({
  id: UlidText,
  guid: Type.String(),
  host: Type.Optional(HostIdText),
  playbook: Type.String(),
  state: State,
  says: Type.String(),
  step: Type.Integer({ description: 'Number of the step that is next or under way, from 0' }),
  steps: Type.Array(Type.String()),
  by: Type.String(),
  automatic: Type.Boolean(),
  reason: Type.Optional(Type.String()),
  approvedBy: Type.Optional(Type.String()),
  createdAt: Time,
  begunAt: Type.Optional(Time),
  finishedAt: Type.Optional(Time),
  lines: Type.Array(
    Type.Object({
      at: Time,
      step: Type.Optional(Type.Integer()),
      outcome: Type.Enum(['note', 'done', 'skipped', 'failed']),
      says: Type.String(),
    }),
  ),
})

const Plan = Type.Object({
  dryRun: Type.Literal(true),
  playbook: Type.String(),
  verdict: Type.String(),
  why: Type.String(),
  blockers: Type.Array(Type.String()),
  steps: Type.Array(
    Type.Object({ says: Type.String(), would: Type.Enum(['run', 'skip', 'depends']), why: Type.String() }),
  ),
})

const Start = Type.Object(
  {
    dryRun: Type.Optional(Type.Boolean({ description: 'Tells what would be done, and changes nothing' })),
    reason: Reason,
    url: Type.Optional(Type.String({ minLength: 8, maxLength: 300, pattern: '^https?://' })),
  },
  { additionalProperties: false },
)
const Page = Type.Object(
  {
    guid: Type.Optional(Guid),
    state: Type.Optional(State),
    cursor: Type.Optional(UlidText),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  },
  { additionalProperties: false },
)
const PAGE = 100

export function playbookRoutes(http: Http, parts: PlaybookParts, runs: Runs): void {
  listRoute(http)
  startRoute(http, runs)
  readRoutes(http, parts)
  changeRoutes(http, parts, runs)
  rulesRoutes(http, parts.kernel, {
    kind: 'recovery',
    name: 'recovery-policy',
    about: 'Which playbook is started by itself for which verdict, and what needs a second person',
    schema: RecoveryPolicy,
    fallback: DEFAULT_RECOVERY_POLICY,
  })
}

function listRoute(http: Http): void {
  http.get(
    '/v1/projects/:project/oob/playbooks',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags,
        summary: 'The playbooks there are, with their steps',
        params: InProject,
        response: { 200: Type.Object({ playbooks: Type.Array(About) }), ...failures },
      },
    },
    async () => ({
      playbooks: PLAYBOOKS.map(each => ({
        name: each.name,
        title: each.title,
        permission: permissionFor(classOfPlaybook(each)),
        takesUrl: each.takesUrl === true,
        steps: each.steps.map(wordsOf),
      })),
    }),
  )
}

function startRoute(http: Http, runs: Runs): void {
  http.post(
    '/v1/projects/:project/oob/devices/:guid/playbooks/:name',
    {
      config: { access: 'host.read' },
      schema: {
        tags,
        summary: 'Starts a playbook on a machine, or tells what it would do',
        params: Type.Object({ project: ProjectName, guid: Guid, name: Type.String({ maxLength: 64 }) }),
        body: Start,
        response: { 200: Plan, 202: Type.Object({ id: UlidText }), ...failures },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const by = callerOf(request)
      const playbook = playbookNamed(params.name)
      if (playbook === undefined) throw problem('playbook-unknown', params.name)
      const guid = params.guid.toLowerCase()
      const order = {
        project: params.project,
        guid,
        playbook,
        by,
        reason: body.reason,
        url: body.url,
        mayRestart: true,
      }
      if (body.dryRun === true) {
        const { verdict, why, blockers, steps } = await runs.plan(order)
        return reply.code(200).send({
          dryRun: true,
          playbook: playbook.name,
          verdict,
          why,
          blockers: [...blockers],
          steps: [...steps],
        })
      }
      requirePermission(by, permissionFor(classOfPlaybook(playbook)))
      checkUrl(playbook, body.url)
      return reply.code(202).send({ id: await runs.start(order) })
    },
  )
}

function checkUrl({ takesUrl, name }: Playbook, url: string | undefined): void {
  if (takesUrl === true && url === undefined) throw kernelProblem('conflict', `${name} needs the url of an image`)
  if (takesUrl !== true && url !== undefined) throw kernelProblem('conflict', `${name} takes no url`)
}

function readRoutes(http: Http, { kernel }: PlaybookParts): void {
  const url = '/v1/projects/:project/oob/playbook-runs'
  const place = placeOfRun(kernel)
  http.get(
    url,
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags,
        summary: 'Runs of playbooks, newest first',
        params: InProject,
        querystring: Page,
        response: { 200: Type.Object({ runs: Type.Array(Run), nextCursor: Type.Optional(UlidText) }), ...failures },
      },
    },
    async request => {
      const { params, query } = request
      const limit = query.pageSize ?? PAGE
      const { state, cursor: before } = query
      const rows = await listRuns(kernel.store, params.project, {
        guid: query.guid?.toLowerCase(),
        state,
        before,
        limit,
        within: devicesWithin(request, 'oob_playbook_runs.guid'),
      })
      const last = rows.length === limit ? rows.at(-1) : undefined
      return { runs: rows.map(shown), ...(last === undefined ? {} : { nextCursor: last.id }) }
    },
  )
  http.get(
    `${url}/:id`,
    {
      config: { access: 'host.read', busy: true, place },
      schema: { tags, summary: 'How far a run has come', params: OfRun, response: { 200: Run, ...failures } },
    },
    ({ params }) => runNamed(kernel, params),
  )
}

function changeRoutes(http: Http, { kernel }: PlaybookParts, runs: Runs): void {
  const url = '/v1/projects/:project/oob/playbook-runs/:id'
  const place = placeOfRun(kernel)
  http.post(
    `${url}/cancel`,
    {
      config: { access: 'host.operate', place },
      schema: {
        tags,
        summary: 'Takes no further step of a run',
        params: OfRun,
        response: { 200: Run, ...failures },
      },
    },
    async request => {
      await runs.cancel(request.params, callerOf(request))
      return runNamed(kernel, request.params)
    },
  )
  http.post(
    `${url}/approve`,
    {
      config: { access: 'host.read', place }, // the step that waits says what it takes
      schema: {
        tags,
        summary: 'Approves the step that a run waits with',
        params: OfRun,
        response: { 200: Run, ...failures },
      },
    },
    async request => {
      await runs.approve(request.params, callerOf(request))
      return runNamed(kernel, request.params)
    },
  )
}

function placeOfRun(kernel: PlaybookParts['kernel']) {
  const find: Parameters<typeof placeOfDevices>[1] = key => findRun(kernel.store, key)
  return placeOfDevices({ kernel }, find, id => kernelProblem('not-found', `playbook run ${id}`))
}

async function runNamed({ store }: PlaybookParts['kernel'], key: { readonly project: string; readonly id: string }) {
  const row = await findRun(store, key)
  if (row === undefined) throw kernelProblem('not-found', `playbook run ${key.id}`)
  return shown(row)
}

function shown(row: PlaybookRunRow) {
  return {
    id: row.id,
    guid: row.guid,
    ...(row.host === null ? {} : { host: row.host }),
    playbook: row.playbook,
    state: row.state,
    says: row.says,
    step: row.step,
    steps: (playbookNamed(row.playbook)?.steps ?? []).map(wordsOf),
    by: starterOf(row).id,
    automatic: row.automatic === 1,
    ...(row.reason === null ? {} : { reason: row.reason }),
    ...(row.approved_by === null ? {} : { approvedBy: row.approved_by }),
    createdAt: row.created_at,
    ...(row.begun_at === null ? {} : { begunAt: row.begun_at }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    lines: [...linesOf(row)],
  }
}
