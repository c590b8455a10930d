// SPDX-License-Identifier: Apache-2.0
/** One's own record: the name one signs in with, whether there is a password and a second factor. */
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../../api/call.ts'
import { useMe, useSurroundings } from '../../../shell/session.tsx'

export function useOwnRecord() {
  const me = useMe()
  const { boot } = useSurroundings()
  return useQuery({
    queryKey: ['people'],
    queryFn: get('/v1/access/people'),
    select: ({ people }: AnswerOf<'/v1/access/people', 'GET'>) => people.find(({ id }) => id === me.id),
    enabled: boot.modules.includes('access'),
  })
}
