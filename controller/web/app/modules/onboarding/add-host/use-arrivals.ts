// SPDX-License-Identifier: Apache-2.0
/** Follows a join token: which machines came with it, and how far they are. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { type Arrival, arrivalsOf } from './arrivals.ts'

type Events = AnswerOf<'/v1/projects/{project}/events', 'GET'>['events']
type Narrowing = { readonly subject?: string; readonly host?: string; readonly type?: string; readonly after?: number }

export type MadeToken = AnswerOf<'/v1/projects/{project}/enrollment/tokens', 'POST'>

/** Of how many machines each step is told. */
export const TOLD = 3
const EVERY_MS = 2_000
const MOST = 500
const STEPS = 'host.enrolled,host.online,document.reported'

export type Following = { readonly arrivals: readonly Arrival[]; readonly cameIn: number }

/** Asked again as events come, and every two seconds where they do not. */
export function useArrivals(project: string, token: MadeToken) {
  return useQuery({
    queryKey: ['add-host', project, token.id],
    queryFn: ({ signal }) => follow(project, token.id, signal),
    refetchInterval: EVERY_MS,
    staleTime: 0,
  })
}

async function follow(project: string, token: string, signal: AbortSignal): Promise<Following> {
  const read = async (query: Narrowing): Promise<Events> => {
    const wanted = call('GET', '/v1/projects/{project}/events', { path: { project }, query: { ...query, limit: MOST } })
    return (await send<AnswerOf<'/v1/projects/{project}/events', 'GET'>>(wanted, signal)).events
  }
  const own = await read({ subject: token })
  // Everything before the token was made is none of it.
  const after = own[0]?.id ?? 0
  const lobby = await read({ type: 'lobby', after })
  const known = [...own, ...lobby]
  const some = arrivalsOf(known.map(asEvent), token)
  const cameIn = some.filter(({ host }) => host !== undefined)
  const steps = await Promise.all(cameIn.slice(-TOLD).map(({ id }) => read({ host: id, type: STEPS, after })))
  return { arrivals: arrivalsOf([...known, ...steps.flat()].map(asEvent), token), cameIn: cameIn.length }
}

function asEvent(event: Events[number]) {
  return { ...event, data: (event.data ?? {}) as Readonly<Record<string, unknown>> } // every type of event has an object
}
