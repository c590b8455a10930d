// SPDX-License-Identifier: Apache-2.0
/** How much of each kind a project holds, counted as its quotas are. */
import { get } from '../../api/call.ts'
import { problemOf } from '../../api/problem.ts'
import { QUOTAS, type Quota } from './acts.ts'

export type Used = {
  readonly count: number
  /** There are more than were counted. */
  readonly more?: boolean
}
/** What may not be read, or belongs to a module that is off, is absent. */
export type Usage = Readonly<Partial<Record<Quota, Used>>>

const MOST = 200
/** Commands that have no outcome yet. */
const OPEN = ['queued', 'sent'] as const

type Context = { readonly project: string; readonly signal: AbortSignal; readonly now: number }

const COUNTS: Readonly<Record<Quota, (context: Context) => Promise<Used>>> = {
  hosts: async ({ project, signal }) => {
    const path = { projectName: project }
    const { total } = await get('/v1/projects/{projectName}/compute/hosts/summary', { path })({ signal })
    return { count: total }
  },
  joinTokens: async ({ project, signal, now }) => {
    const { tokens } = await get('/v1/projects/{project}/enrollment/tokens', { path: { project } })({ signal })
    return { count: tokens.filter(({ uses, used, expiresAt }) => used < uses && Date.parse(expiresAt) > now).length }
  },
  queuedCommands: async ({ project, signal }) => {
    const answers = await Promise.all(
      OPEN.map(state =>
        get('/v1/projects/{project}/commands', { path: { project }, query: { state, limit: MOST } })({ signal }),
      ),
    )
    const count = answers.reduce((sum, { commands }) => sum + commands.length, 0)
    return { count, more: answers.some(({ commands }) => commands.length === MOST) }
  },
  regions: async ({ project, signal }) => {
    const parts = { path: { projectName: project }, query: { pageSize: 1 } }
    return { count: (await get('/v1/projects/{projectName}/regions', parts)({ signal })).totalElements }
  },
  sites: async ({ project, signal }) => {
    const parts = { path: { projectName: project }, query: { pageSize: 1 } }
    return { count: (await get('/v1/projects/{projectName}/sites', parts)({ signal })).totalElements }
  },
}

/** What may not be read is left out; anything else that goes wrong is thrown. */
export async function usageOf(project: string, signal: AbortSignal): Promise<Usage> {
  const context = { project, signal, now: Date.now() }
  const counted = await Promise.all(
    QUOTAS.map(async quota => {
      try {
        return [quota, await COUNTS[quota](context)] as const
      } catch (thrown) {
        // 403: no permission; 404: the module that keeps it is off.
        if (![403, 404].includes(problemOf(thrown).status)) throw thrown
        return undefined
      }
    }),
  )
  return Object.fromEntries(counted.filter(each => each !== undefined))
}

export type Filling = 'free' | 'near' | 'full'

/** How full a quota is. */
export function fillingOf(count: number, most: number): Filling {
  if (count >= most) return 'full'
  return count >= 0.9 * most ? 'near' : 'free'
}
