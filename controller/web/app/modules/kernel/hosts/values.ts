// SPDX-License-Identifier: Apache-2.0
/** The values that there are among the hosts that fit, with numbers: for completion, groups and the chips above the list. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { HostFilter } from '../../../../../query/words.ts'
import { call, send } from '../../../api/call.ts'
import { useProject } from '../../../shell/go.tsx'

export type MemberValues = {
  readonly member: string
  readonly values: readonly { readonly value: string; readonly count: number }[]
  readonly more: boolean
  readonly absent: number
  readonly total: number
}

export type ValuesAsked = {
  /** One or several. */
  readonly members: readonly string[]
  readonly filter: HostFilter
  readonly containing?: string
  readonly limit?: number
  readonly enabled?: boolean
}

export function useValues({ members, filter, containing = '', limit = 20, enabled = true }: ValuesAsked) {
  const project = useProject()
  return useQuery({
    queryKey: ['hosts', project, 'values', members.join(','), filter, containing, limit],
    queryFn: async ({ signal }) => {
      const wanted = call('GET', '/v1/projects/{project}/compute/hosts/values', {
        path: { project },
        query: { ...filter, member: members.join(','), containing, limit },
      })
      return (await send<{ readonly members: readonly MemberValues[] }>(wanted, signal)).members
    },
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
}
