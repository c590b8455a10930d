// SPDX-License-Identifier: Apache-2.0
/** What the pages of out-of-band management read, and how. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { type AnswerOf, get } from '../../api/call.ts'
import { useEvents } from '../../live/use-live.tsx'
import { useProject } from '../../shell/go.tsx'
import { type Asked, allPages, type Line, PAGE, readLines } from './reads-lines.ts'

export type { Line } from './reads-lines.ts'

export type DriftLine = AnswerOf<'/v1/projects/{project}/oob/drift', 'GET'>['devices'][number]
export type Attempt = AnswerOf<'/v1/projects/{project}/oob/activations', 'GET'>['activations'][number]
export type Endpoint = AnswerOf<'/v1/projects/{project}/oob/endpoint', 'GET'>

/** A machine: how it is, and how it compares with its profile. */
export type Machine = Line & { readonly drift?: DriftLine }

export async function readDrift({ project, signal }: Asked): Promise<readonly DriftLine[]> {
  const pages = await allPages(cursor =>
    get('/v1/projects/{project}/oob/drift', { path: { project }, query: { pageSize: PAGE, cursor } })(
      signal === undefined ? {} : { signal },
    ),
  )
  return pages.flatMap(({ devices }) => devices)
}

export async function readMachines(asked: Asked): Promise<readonly Machine[]> {
  const [lines, drift] = await Promise.all([readLines(asked), readDrift(asked)])
  const byGuid = new Map(drift.map(each => [each.guid, each]))
  return lines.map(line => {
    const found = line.guid === undefined ? undefined : byGuid.get(line.guid)
    return found === undefined ? line : { ...line, drift: found }
  })
}

/** A large fleet is read anew less often than a small one. */
const PAUSE_MS = 400
const PAUSE_PER_MACHINE_MS = 1

/** All machines of the project, read anew when something happens to one of them. */
export function useMachines() {
  const project = useProject()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['oob-fleet', project],
    queryFn: ({ signal }) => readMachines({ project, signal }),
    staleTime: 5_000,
  })
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  useEvents(events => {
    const isOurs =
      events === undefined ||
      events.some(each => each.project === project && (each.type.startsWith('oob.') || each.type.startsWith('host.')))
    if (!isOurs || timer.current !== undefined) return
    timer.current = setTimeout(
      () => {
        timer.current = undefined
        void client.invalidateQueries({ queryKey: ['oob-fleet'] }, { cancelRefetch: false })
      },
      PAUSE_MS + PAUSE_PER_MACHINE_MS * (query.data?.length ?? 0),
    )
  })
  return query
}

export function useEndpoint() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob', project, 'endpoint'],
    queryFn: get('/v1/projects/{project}/oob/endpoint', { path: { project } }),
  })
}

/** The name people know a GUID by, where the fleet has been read. */
export function useNames(): (guid: string | undefined) => { readonly name: string; readonly host?: string } {
  const { data = [] } = useMachines()
  const byGuid = new Map(data.flatMap(each => (each.guid === undefined ? [] : [[each.guid, each] as const])))
  return guid => {
    const found = guid === undefined ? undefined : byGuid.get(guid)
    if (found === undefined) return { name: guid ?? '' }
    return found.host === undefined ? { name: found.name } : { name: found.name, host: found.host }
  }
}
