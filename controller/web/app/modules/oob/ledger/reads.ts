// SPDX-License-Identifier: Apache-2.0
/** Reads attempts, and the steps of one. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { get } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import type { Attempt } from '../reads.ts'

const PAGE = 100

/** Attempts of a project, newest first; older ones when they are asked for. */
export function useAttempts({ outcome, host }: { readonly outcome: string; readonly host: string }) {
  const project = useProject()
  return useInfiniteQuery({
    queryKey: ['oob-activations', project, outcome, host],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get('/v1/projects/{project}/oob/activations', {
        path: { project },
        query: {
          limit: PAGE,
          ...(pageParam === '' ? {} : { cursor: pageParam }),
          ...(outcome === '' ? {} : { outcome: outcome as Attempt['outcome'] }), // refused by the controller when it is none
          ...(host === '' ? {} : { host }),
        },
      })({ signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
}

export function useAttempt(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-activations', project, 'one', id],
    queryFn: get('/v1/projects/{project}/oob/activations/{id}', { path: { project, id } }),
    enabled: id !== '',
  })
}

export type AttemptStep = {
  readonly at: string
  readonly step: string
  readonly why: string
  readonly outcome?: string
}

/** The steps of an attempt, as the events tell them. */
export function useAttemptSteps({ id, guid }: Pick<Attempt, 'id' | 'guid'>) {
  const project = useProject()
  const may = useMay()
  return useQuery({
    queryKey: ['oob-attempt', project, id],
    enabled: may('event.read'),
    queryFn: async ({ signal }) => {
      const steps: AttemptStep[] = []
      for (let after = 0; ; ) {
        const page = await get('/v1/projects/{project}/events', {
          path: { project },
          query: { type: 'oob.activation', subject: guid, after, limit: 500 },
        })({ signal })
        for (const { at, data } of page.events) {
          const told = (data ?? {}) as Readonly<Record<string, unknown>> // an object, as the type of event says
          if (told.activation !== id) continue
          const outcome = typeof told.outcome === 'string' ? { outcome: told.outcome } : {}
          steps.push({ at, step: String(told.step), why: String(told.why), ...outcome })
        }
        if (!page.hasMore) return steps
        after = page.next
      }
    },
  })
}
