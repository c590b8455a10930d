// SPDX-License-Identifier: Apache-2.0
/** For machines that watch us: alive, ready, metrics, and the description of the API. */
import { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { anyHost, decide, hostsWithin, mayEnter } from '../../kernel/access.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Exposition, Measure, SeenHosts } from '../../kernel/measure.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem } from '../../kernel/problems.ts'
import { listProjects } from '../../kernel/projects.ts'
import type { KernelTables } from '../../kernel/tables/tables.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { createMetrics, type Metrics } from '../metrics.ts'
import { problem as httpProblem } from '../problems.ts'
import { failures, ProjectName } from '../schemas.ts'

const Health = Type.Object({ status: Type.Enum(['ok']) })
const ok: Static<typeof Health> = { status: 'ok' }

export type Watched = {
  readonly version: string
  readonly measures: readonly Measure[]
  readonly expositions: readonly Exposition[]
}

export function healthRoutes(http: Http, kernel: Kernel, { version, measures, expositions }: Watched): void {
  const metrics = createMetrics(kernel, version, measures)
  const unlimited = { access: 'public', rateLimit: false } as const
  http.get(
    '/healthz',
    {
      config: unlimited,
      schema: { tags: ['health'], summary: 'The process answers', response: { 200: Health, ...failures } },
    },
    async () => ok,
  )
  http.get(
    '/readyz',
    {
      config: unlimited,
      schema: {
        tags: ['health'],
        summary: 'The database answers too, and hosts are let in',
        response: { 200: Health, ...failures },
      },
    },
    async () => {
      if (kernel.memory().level === 'hard') throw httpProblem('memory-short')
      await kernel.store.installation<KernelTables>().selectFrom('kernel_settings').select('key').limit(1).execute()
      return ok
    },
  )
  metricsRoute(http, kernel, { metrics, expositions })
}

type Figures = { readonly metrics: Metrics; readonly expositions: readonly Exposition[] }

function metricsRoute(http: Http, kernel: Kernel, { metrics, expositions }: Figures): void {
  http.get(
    '/metrics',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['health'],
        summary:
          'Figures for Prometheus: of the installation with system.read, of hosts as far as the caller sees them',
        querystring: Type.Object({ project: Type.Optional(ProjectName) }, { additionalProperties: false }),
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const principal = callerOf(request)
      const { project } = request.query
      const seen = await seenBy(kernel, principal, project)
      const ofInstallation = project === undefined && decide(principal, 'system.read').allowed
      if (!ofInstallation && seen.length === 0)
        throw problem('not-allowed', `it needs system.read or host.read; you have the role ${principal.role}`)
      const text = figures({ metrics: ofInstallation ? metrics : undefined, expositions, seen })
      return reply.header('content-type', metrics.contentType).send(Readable.from(text) as never) // the text, in parts
    },
  )
}

/** Throws `not-found` for a project that is not the caller's. */
async function seenBy(
  kernel: Kernel,
  principal: Principal,
  project: string | undefined,
): Promise<readonly SeenHosts[]> {
  const projects = await listProjects(kernel.store)
  const asked = projects.filter(({ name, state }) => state !== 'deleting' && (project ?? name) === name)
  if (project !== undefined && (asked.length === 0 || !mayEnter(principal, project)))
    throw problem('not-found', `project ${project.slice(0, 80)}`)
  return asked
    .map(({ name }) => ({ project: name, within: hostsWithin(principal, 'host.read', name) }))
    .filter(({ within }) => anyHost(within))
}

type Wanted = Pick<Figures, 'expositions'> & {
  readonly metrics: Metrics | undefined
  readonly seen: readonly SeenHosts[]
}

async function* figures({ metrics, expositions, seen }: Wanted): AsyncGenerator<string> {
  if (metrics !== undefined) yield metrics.text()
  for (const exposition of expositions) yield* exposition.text(seen)
}
