// SPDX-License-Identifier: Apache-2.0
/** Reads rules, differences and recoveries. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'
import { readDrift } from '../reads.ts'

export type Run = AnswerOf<'/v1/projects/{project}/oob/playbook-runs', 'GET'>['runs'][number]
export type Playbook = AnswerOf<'/v1/projects/{project}/oob/playbooks', 'GET'>['playbooks'][number]
export type Policy = AnswerOf<'/v1/projects/{project}/oob/policy', 'GET'>
export type DriftPolicy = AnswerOf<'/v1/projects/{project}/oob/drift-policy', 'GET'>
export type RecoveryPolicy = AnswerOf<'/v1/projects/{project}/oob/recovery-policy', 'GET'>

export function useDrift() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-drift', project],
    queryFn: ({ signal }) => readDrift({ project, signal }),
  })
}

const PAGE = 100

export function useRuns(state: string) {
  const project = useProject()
  return useInfiniteQuery({
    queryKey: ['oob-runs', project, state],
    initialPageParam: '',
    queryFn: ({ signal, pageParam }) =>
      get('/v1/projects/{project}/oob/playbook-runs', {
        path: { project },
        query: {
          pageSize: PAGE,
          ...(pageParam === '' ? {} : { cursor: pageParam }),
          ...(state === '' ? {} : { state: state as Run['state'] }), // refused by the controller when it is none
        },
      })({ signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
}

export function useRun(id: string) {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-runs', project, 'one', id],
    queryFn: get('/v1/projects/{project}/oob/playbook-runs/{id}', { path: { project, id } }),
    enabled: id !== '',
  })
}

export function usePlaybooks() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob', project, 'playbooks'],
    queryFn: get('/v1/projects/{project}/oob/playbooks', { path: { project } }),
    staleTime: 300_000,
  })
}

export function usePolicy() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-rules', project, 'policy'],
    queryFn: get('/v1/projects/{project}/oob/policy', { path: { project } }),
  })
}

export function useDriftPolicy() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-rules', project, 'drift'],
    queryFn: get('/v1/projects/{project}/oob/drift-policy', { path: { project } }),
  })
}

export function useRecoveryPolicy() {
  const project = useProject()
  return useQuery({
    queryKey: ['oob-rules', project, 'recovery'],
    queryFn: get('/v1/projects/{project}/oob/recovery-policy', { path: { project } }),
  })
}
