// SPDX-License-Identifier: Apache-2.0
/** The palette: hosts, pages and acts by a few letters. */

import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { get } from '../api/call.ts'
import { t } from '../words/kernel.ts'
import { useGo, useProject } from './go.tsx'
import { useMay, useSurroundings } from './session.tsx'

const MOST = 8

export function Palette() {
  const { modules } = useSurroundings()
  const project = useProject()
  const may = useMay()
  const go = useGo()
  const [query, setQuery] = useState('')
  const [asked] = useDebouncedValue(query.trim(), 120)
  const hosts = useQuery({
    queryKey: ['hosts', project, 'palette', asked],
    queryFn: get('/v1/projects/{projectName}/compute/hosts', {
      path: { projectName: project },
      query: { search: asked, pageSize: MOST },
    }),
    enabled: asked.length > 1 && may('host.read'),
    placeholderData: keepPreviousData,
  })
  const pages: SpotlightActionData[] = modules
    .flatMap(({ nav }) => nav)
    .filter(({ permission }) => may(permission))
    .map(({ to, title }) => ({ id: to, label: title, onClick: () => go(to) }))
  const more: SpotlightActionData[] = modules
    .flatMap(({ palette = [] }) => palette)
    .map(({ to, title, words }) => ({
      id: `${to} ${title}`,
      label: title,
      keywords: words ?? '',
      onClick: () => go(to),
    }))
  const found: SpotlightActionData[] =
    asked.length < 2
      ? []
      : (hosts.data?.hosts ?? []).map(({ resourceId, name, serialNumber }) => ({
          id: resourceId,
          label: name,
          description: `${resourceId} ${serialNumber ?? ''}`,
          keywords: query,
          onClick: () => go(`/hosts/${resourceId}`),
        }))
  return (
    <Spotlight
      shortcut={['mod + K']}
      query={query}
      onQueryChange={setQuery}
      searchProps={{ placeholder: t.palette, 'aria-label': t.palette }}
      nothingFound={t.paletteEmpty}
      limit={20}
      scrollable
      actions={[
        { group: t.paletteHosts, actions: found },
        { group: t.palettePages, actions: [...pages, ...more] },
      ]}
    />
  )
}
