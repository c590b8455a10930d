// SPDX-License-Identifier: Apache-2.0
/** What an instance, and the host it is on, collects in the end, and which profile says so. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, OfHost, ProjectName } from '../../../http/schemas.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { chainOf, type From } from '../chain.ts'
import type { Engine } from '../engine/engine.ts'
import { instanceIdOf } from '../instances/of-host.ts'
import { telemetryAt } from './in-effect.ts'
import type { Source } from './merge.ts'

const Decided = Type.Object({
  profileId: Type.String(),
  targetId: Type.String({ description: 'The instance, site or region that the profile is for' }),
})
const group = {
  groupId: Type.String(),
  name: Type.String(),
  collectorKind: Type.String(),
  groups: Type.Array(Type.String()),
}
const sources = {
  from: Decided,
  profiles: Type.Array(Decided, { description: 'All that ask for the group; `from` has decided' }),
}
const Effective = Type.Object({
  places: Type.Array(Type.String(), { description: 'Where profiles were looked for, the nearest first' }),
  metrics: Type.Array(Type.Object({ ...group, metricsInterval: Type.Integer({ description: 'Seconds' }), ...sources })),
  logs: Type.Array(Type.Object({ ...group, logLevel: Type.String(), ...sources })),
})

const OfInstance = Type.Object({ project: ProjectName, instance: Type.String({ minLength: 1, maxLength: 80 }) })

export function telemetryRoutes(
  http: Http,
  { kernel, engine }: { readonly kernel: Kernel; readonly engine: Engine },
): void {
  const answer = (project: string, from: From) => effective({ kernel, engine }, project, from)
  const schema = { tags: ['telemetry'], response: { 200: Effective, ...failures } }
  http.get(
    '/v1/projects/:project/compute/instances/:instance/telemetry',
    {
      config: { access: 'inventory.read' },
      schema: { ...schema, summary: 'What an instance collects, merged from all its profiles', params: OfInstance },
    },
    async ({ params }) => answer(params.project, { instance: params.instance }),
  )
  http.get(
    '/v1/projects/:project/compute/hosts/:host/telemetry',
    {
      config: { access: 'inventory.read' },
      schema: { ...schema, summary: 'What a host collects, merged from all profiles that hold for it', params: OfHost },
    },
    async ({ params: { project, host } }) => {
      const instance = await instanceIdOf(kernel.store, project, host)
      return answer(project, instance === undefined ? { host } : { instance })
    },
  )
}

async function effective({ kernel, engine }: { kernel: Kernel; engine: Engine }, project: string, from: From) {
  const places = (await chainOf(engine, kernel.store, project, from)) ?? []
  const merged = await telemetryAt(kernel.store, project, places)
  return {
    places: [...places],
    metrics: merged.metrics.map(({ id, from: decided, profiles, groups, ...rest }) => ({
      groupId: id,
      ...rest,
      groups: [...groups],
      from: shown(decided),
      profiles: profiles.map(shown),
    })),
    logs: merged.logs.map(({ id, from: decided, profiles, groups, ...rest }) => ({
      groupId: id,
      ...rest,
      groups: [...groups],
      from: shown(decided),
      profiles: profiles.map(shown),
    })),
  }
}

function shown({ profile, target }: Source) {
  return { profileId: profile, targetId: target }
}
