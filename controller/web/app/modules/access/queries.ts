// SPDX-License-Identifier: Apache-2.0
/** What the tabs ask, under the keys that acts refresh. */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { type AnswerOf, get } from '../../api/call.ts'
import { useMe } from '../../shell/session.tsx'

export type Person = AnswerOf<'/v1/access/people', 'GET'>['people'][number]
export type Role = AnswerOf<'/v1/access/roles', 'GET'>['roles'][number]
export type Binding = AnswerOf<'/v1/access/bindings', 'GET'>['bindings'][number]
export type Session = AnswerOf<'/v1/access/sessions', 'GET'>['sessions'][number]

/** Nothing tells of people who sign in, so it is asked again. */
const AGAIN_MS = 30_000

export function usePeople() {
  return useQuery({ queryKey: ['people'], queryFn: get('/v1/access/people'), refetchInterval: AGAIN_MS })
}

export function useRoles() {
  return useQuery({ queryKey: ['roles'], queryFn: get('/v1/access/roles'), staleTime: 60_000 })
}

export function useBindings() {
  return useQuery({ queryKey: ['bindings'], queryFn: get('/v1/access/bindings') })
}

/** Everybody's for those who may read access everywhere, one's own otherwise. */
export function useSessions() {
  const all = useMayEverywhere()('access.read')
  return useQuery({
    queryKey: ['sessions', all ? 'all' : 'own'],
    queryFn: get('/v1/access/sessions', { query: all ? { all } : {} }),
    refetchInterval: AGAIN_MS,
  })
}

/** What holds in the whole installation, as people and roles need it; a project's own rights do not count. */
export function useMayEverywhere(): (permission: string) => boolean {
  const me = useMe()
  return useCallback(permission => me.permissions.includes(permission), [me])
}

/** Names of people by id; an id that nobody has stays. */
export function useNames(): (id: string) => string {
  const { data } = usePeople()
  const me = useMe()
  return useMemo(() => {
    const names = new Map((data?.people ?? []).map(({ id, name }) => [id, name]))
    return id => names.get(id) ?? (id === me.id ? me.name : id)
  }, [data, me])
}
