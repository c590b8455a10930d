// SPDX-License-Identifier: Apache-2.0
/** What the page of a host reads. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { call, get, send, sendWhole } from '../../../api/call.ts'
import { ApiProblem } from '../../../api/problem.ts'
import type { Command, Host } from '../../../api/types.ts'
import type { ServerEvent } from '../../../live/state.ts'
import { useEvents } from '../../../live/use-live.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import type { PastValue } from './presence.ts'

/** A host that is there is heard of in between without an event: when it was last seen is asked again. */
const AGAIN_MS = 20_000
const DAY_MS = 86_400_000
/** How far back the page looks. */
export const DAYS = 14

export type Read = { readonly host: Host; readonly etag: string }

/** The host with its entity tag, for changes that must not write over somebody else's. */
export function useHost(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['host', project, id, 'with its tag'],
    queryFn: async ({ signal }): Promise<Read> => {
      const path = { projectName: project, resourceId: id }
      const wanted = call('GET', '/v1/projects/{projectName}/compute/hosts/{resourceId}', { path })
      const { body, headers } = await sendWhole<Host>(wanted, signal)
      return { host: body, etag: headers.get('etag') ?? '' }
    },
    refetchInterval: AGAIN_MS,
  })
}

/** The host as it was. */
export function useHostAsOf(id: string, asOf: string, enabled = true) {
  const project = useProject()
  return useQuery({
    queryKey: ['host', project, id, 'as of', asOf],
    queryFn: get('/v1/projects/{projectName}/compute/hosts/{resourceId}', {
      path: { projectName: project, resourceId: id },
      query: { asOf },
    }),
    enabled,
    staleTime: 60_000,
    retry: false,
  })
}

export function useWhy(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['why', project, id],
    queryFn: get('/v1/projects/{project}/compute/hosts/{host}/why', { path: { project, host: id } }),
    refetchInterval: 3 * AGAIN_MS,
  })
}

export function useSections(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['sections', project, id],
    queryFn: get('/v1/projects/{project}/compute/hosts/{host}/sections', { path: { project, host: id } }),
  })
}

/** Every section that this controller serves, and what can be done with it. */
export function useKinds() {
  return useQuery({ queryKey: ['section-kinds'], queryFn: get('/v1/sections'), staleTime: 300_000 })
}

export type Desired = {
  readonly section: string
  readonly revision: number
  readonly content: unknown
  readonly updatedAt: string
  readonly updatedBy: string
}

/** What is wanted of a section; `undefined` content under revision 0 where nothing ever was. */
export async function readDesired(
  of: { readonly project: string; readonly host: string; readonly section: string },
  signal?: AbortSignal,
): Promise<Partial<Desired> & { readonly revision: number }> {
  const path = '/v1/projects/{project}/compute/hosts/{host}/sections/{section}/desired'
  try {
    return await send<Desired>(call('GET', path, { path: of }), signal)
  } catch (thrown) {
    if (isAbsent(thrown)) return { revision: 0 }
    throw thrown
  }
}

function isAbsent(thrown: unknown): boolean {
  return thrown instanceof ApiProblem && thrown.code === 'not-found'
}

export function useDesired(host: string, section: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['sections', project, host, section, 'desired'],
    queryFn: ({ signal }) => readDesired({ project, host, section }, signal),
    enabled: section !== '',
  })
}

/** What was last reported of a section; `null` where nothing was. */
export function useReported(host: string, section: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['sections', project, host, section, 'reported'],
    queryFn: ({ signal }) =>
      get('/v1/projects/{project}/compute/hosts/{host}/sections/{section}/reported', {
        path: { project, host, section },
      })({ signal }).catch(thrown => {
        if (isAbsent(thrown)) return null
        throw thrown
      }),
    enabled: section !== '',
  })
}

/** Whether this controller keeps what hosts were. */
export function useKeepsPast(): boolean {
  return useSurroundings().boot.modules.includes('inventory')
}

const PAGE = 500
const PAGES = 4

/** The values of a part, newest first, as far back as the page looks. */
export function useHistory(id: string, part: string, enabled = true) {
  const project = useProject()
  const keeps = useKeepsPast()
  return useQuery({
    queryKey: ['history', project, id, part],
    queryFn: async ({ signal }): Promise<readonly (PastValue & { readonly n: number })[]> => {
      const values: (PastValue & { readonly n: number })[] = []
      const earliest = Date.now() - DAYS * DAY_MS
      for (let page = 0, after: number | undefined; page < PAGES; page++) {
        const answer = await get('/v1/projects/{project}/compute/hosts/{host}/history', {
          path: { project, host: id },
          query: { part, limit: PAGE, ...(after === undefined ? {} : { after }) },
        })({ signal })
        values.push(...answer.values)
        after = answer.next
        const last = values.at(-1)
        if (!answer.hasMore || last === undefined || Date.parse(last.at) < earliest) break
      }
      return values
    },
    enabled: keeps && enabled,
    staleTime: 15_000,
  })
}

/** The last events of a host, newest first. */
export function useHostEvents(
  id: string,
  { type = '', limit = 200 }: { readonly type?: string; readonly limit?: number } = {},
) {
  const project = useProject()
  return useQuery({
    queryKey: ['events', project, id, type, limit],
    queryFn: get('/v1/projects/{project}/events', {
      path: { project },
      query: { host: id, newest: true, limit, ...(type === '' ? {} : { type }) },
    }),
    placeholderData: keepPreviousData,
  })
}

export function useEventKinds() {
  return useQuery({ queryKey: ['event-kinds'], queryFn: get('/v1/events/types'), staleTime: 300_000 })
}

export function useCommands(id: string, limit = 100) {
  const project = useProject()
  return useQuery({
    queryKey: ['commands', project, id, limit],
    queryFn: get('/v1/projects/{project}/commands', { path: { project }, query: { host: id, limit } }),
  })
}

const POLL_MS = 2_000

/** One command; asked again every two seconds until it is over, whatever becomes of the events. */
export function useCommand(command: string) {
  const project = useProject()
  return useQuery<Command>({
    queryKey: ['command', project, command],
    queryFn: get('/v1/projects/{project}/commands/{command}', { path: { project, command } }),
    enabled: command !== '',
    refetchInterval: ({ state: { data } }) =>
      data === undefined || data.state === 'queued' || data.state === 'sent' ? POLL_MS : false,
  })
}

const GATHER_MS = 300
const OWN_KEYS = ['events', 'history', 'sections'] as const

/** Asks anew what changed when something happened to this host, and to no other. */
export function useHostRefresh(id: string): void {
  const client = useQueryClient()
  const project = useProject()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useEvents(events => {
    if (events?.some(event => isAbout(event, id)) !== true) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      for (const key of OWN_KEYS) void client.invalidateQueries({ queryKey: [key, project, id] })
    }, GATHER_MS)
  })
}

function isAbout({ subject, data }: ServerEvent, id: string): boolean {
  return subject === id || data.host === id
}
