// SPDX-License-Identifier: Apache-2.0
/** Moves hosts to a site: those that were selected to a site that is chosen, or hosts that are chosen to this site. */
import { MultiSelect, Select, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { get } from '../../../api/call.ts'
import type { Host } from '../../../api/types.ts'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/inventory/places.ts'
import { moveHosts } from '../acts/places.ts'
import { usePlaces } from './queries.ts'
import { flattened } from './tree.ts'

type Opened = { readonly opened: boolean; readonly onClose: () => void }
const REFRESH = ['hosts', 'host', 'sites', 'schedules', 'summary']
const NOWHERE = 'none'

/** Asks where to; the hosts are known. */
export default function MoveHosts({
  hosts,
  onDone,
  ...opened
}: Opened & { readonly hosts: readonly string[]; readonly onDone?: () => void }) {
  const project = useProject()
  const places = usePlaces()
  const [site, setSite] = useState<string | null>(null)
  const sites = flattened(places.data?.tree ?? []).filter(({ isSite }) => isSite)
  const input = site === null || hosts.length === 0 ? undefined : { project, hosts, site: site === NOWHERE ? '' : site }
  return (
    <ActDialog
      act={moveHosts}
      input={input}
      title={t.move.title(hosts.length)}
      verb={t.move.button(hosts.length)}
      done={t.move.done(hosts.length)}
      refresh={REFRESH}
      onDone={() => onDone?.()}
      {...opened}
    >
      <Text size="sm">{t.move.effect(hosts.length)}</Text>
      <Select
        label={t.move.to}
        description={t.move.toHelp}
        searchable
        required
        value={site}
        onChange={setSite}
        data={[
          { value: NOWHERE, label: t.move.nowhere },
          ...sites.map(({ id, name, path }) => ({ value: id, label: [...path, name].join(' / ') })),
        ]}
        data-autofocus
      />
    </ActDialog>
  )
}

const MOST = 50

/** Asks which hosts; the site is known. */
export function PutHosts({ site, name, ...opened }: Opened & { readonly site: string; readonly name: string }) {
  const project = useProject()
  const [chosen, setChosen] = useState<readonly Host[]>([])
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search.trim(), 150)
  const found = useQuery({
    queryKey: ['hosts', project, 'to put', asked],
    queryFn: get('/v1/projects/{projectName}/compute/hosts', {
      path: { projectName: project },
      query: { search: asked, pageSize: MOST, orderBy: 'name' },
    }),
    enabled: opened.opened,
    placeholderData: keepPreviousData,
  })
  const others = (found.data?.hosts ?? []).filter(host => host.siteId !== site)
  const known = new Map([...others, ...chosen].map(host => [host.resourceId, host]))
  const hosts = chosen.map(({ resourceId }) => resourceId)
  return (
    <ActDialog
      act={moveHosts}
      input={hosts.length === 0 ? undefined : { project, hosts, site }}
      title={t.move.addTitle(name)}
      verb={hosts.length === 0 ? t.move.add : t.move.button(hosts.length)}
      done={t.move.done(hosts.length)}
      refresh={REFRESH}
      onDone={() => setChosen([])}
      {...opened}
    >
      <MultiSelect
        label={t.move.find}
        description={t.move.findHelp}
        searchable
        searchValue={search}
        onSearchChange={setSearch}
        // The controller has searched already, in more than the names.
        filter={({ options }) => options}
        value={hosts}
        onChange={ids => setChosen(ids.flatMap(id => known.get(id) ?? []))}
        data={[...known.values()].map(host => ({ value: host.resourceId, label: spokenHost(host) }))}
        nothingFoundMessage={t.move.none}
        data-autofocus
      />
      <Text size="sm">{hosts.length === 0 ? t.move.chosen(0) : t.move.effect(hosts.length)}</Text>
    </ActDialog>
  )
}

function spokenHost(host: Host): string {
  const { name, resourceId } = host
  // Added by the module inventory.
  const { site } = host as { site?: { name?: string } }
  const where = site?.name === undefined ? t.move.free : t.move.from(site.name)
  return `${name === '' ? resourceId : name} (${where})`
}
