// SPDX-License-Identifier: Apache-2.0
/** Names of hosts that are known by id only, asked for together. */
import { useQuery } from '@tanstack/react-query'
import { send } from '../api/call.ts'
import { useProject } from '../shell/go.tsx'

const MOST = 40

/** Names by id, as far as they are known; those beyond forty stay ids. */
export function useHostNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const project = useProject()
  const wanted = [...new Set(ids)]
    .filter(id => /^host-[0-9a-f]{8}$/.test(id))
    .sort()
    .slice(0, MOST)
  const { data } = useQuery({
    queryKey: ['host-names', project, wanted],
    enabled: wanted.length > 0,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const filter = wanted.map(id => `resourceId = "${id}"`).join(' OR ')
      const search = new URLSearchParams({ filter, pageSize: String(MOST), fields: 'resourceId,name' })
      const path = `/v1/projects/${encodeURIComponent(project)}/compute/hosts?${search}`
      const { hosts } = await send<{
        readonly hosts: readonly { readonly resourceId: string; readonly name: string }[]
      }>({ method: 'GET', path }, signal)
      return hosts.map(({ resourceId, name }) => [resourceId, name] as const)
    },
  })
  return new Map(data ?? [])
}
