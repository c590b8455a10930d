// SPDX-License-Identifier: Apache-2.0
/** Labels of a site with where each comes from: its own, or one of the regions around it. */
import { Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { call, send } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import type { Label } from '../acts/places.ts'
import type { Region, Site } from './queries.ts'
import { MAX_LEVELS } from './tree.ts'

export type PlacedLabel = Label & { readonly from: { readonly id: string; readonly name: string } | undefined }

/** Own labels first; of one key the nearest holds. */
export function placedLabels(site: Pick<Site, 'metadata'>, regions: readonly Region[]): readonly PlacedLabel[] {
  const found = new Map<string, PlacedLabel>()
  for (const { key, value } of site.metadata ?? []) found.set(key, { key, value, from: undefined })
  for (const { resourceId: id, name = '', metadata = [] } of regions)
    for (const { key, value } of metadata)
      if (!found.has(key)) found.set(key, { key, value, from: { id, name: name === '' ? id : name } })
  return [...found.values()]
}

export function SiteLabels({ site }: { readonly site: Site }) {
  const project = useProject()
  const region = site.regionId ?? ''
  const regions = useQuery({
    queryKey: ['regions', project, 'around', region],
    queryFn: ({ signal }) => regionsAround({ project, region, signal }),
  })
  return (
    <section className="mu-panel">
      <Title order={2} size="h5" mb="xs">
        {t.page.labels}
      </Title>
      <QueryView query={regions}>{around => <LabelTable labels={placedLabels(site, around)} />}</QueryView>
    </section>
  )
}

function LabelTable({ labels }: { readonly labels: readonly PlacedLabel[] }) {
  if (labels.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t.page.noLabels}
      </Text>
    )
  return (
    <Table fz="sm" verticalSpacing={4}>
      <Table.Tbody>
        {labels.map(({ key, value, from }) => (
          <Table.Tr key={key}>
            <Table.Td>
              <code>
                {key}={value}
              </code>
            </Table.Td>
            <Table.Td>
              {from === undefined ? t.page.own : <Go to={`/sites?region=${from.id}`}>{t.page.from(from.name)}</Go>}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

type Asking = { readonly project: string; readonly region: string; readonly signal: AbortSignal }

/** The region and those above it, from the nearest to the outermost. */
async function regionsAround({ project, region, signal }: Asking): Promise<readonly Region[]> {
  const found: Region[] = []
  for (let at = region; at !== '' && found.length < MAX_LEVELS; ) {
    const next = await send<Region>(
      call('GET', '/v1/projects/{projectName}/regions/{resourceId}', {
        path: { projectName: project, resourceId: at },
      }),
      signal,
    )
    found.push(next)
    at = next.parentId ?? ''
  }
  return found
}
