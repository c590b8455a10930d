// SPDX-License-Identifier: Apache-2.0
/** The hosts of a site, in short; those that are selected can be moved elsewhere. */
import { Anchor, Button, Group, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { call, send } from '../../../api/call.ts'
import type { Host, HostList } from '../../../api/types.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { DataTable } from '../../../kit/data-table.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { usePagedRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { type Reachability, StatusChip } from '../../../kit/status-chip.tsx'
import { Go, useGo, useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/places.ts'
import MoveHosts from './move-dialog.tsx'

export function SiteHosts({ site }: { readonly site: string }) {
  const project = useProject()
  const go = useGo()
  const may = useMay()
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [moves, setMoves] = useState(false)
  const rows = usePagedRows<Host>({
    queryKey: ['hosts', project, 'of site', site],
    fetch: async ({ offset, limit, signal }) => {
      const wanted = call('GET', '/v1/projects/{projectName}/compute/hosts', {
        path: { projectName: project },
        query: { filter: `siteId = "${site}"`, orderBy: 'name', offset, pageSize: limit },
      })
      const { hosts, totalElements } = await send<HostList>(wanted, signal)
      return { rows: hosts as readonly Host[], total: totalElements } // the same resource in both answers
    },
  })
  const canMove = may('host.label')
  return (
    <section>
      <Group justify="space-between" mb={6}>
        <Title order={2} size="h5">
          {t.page.hosts}
        </Title>
        <Group gap="sm">
          {selected.size > 0 && (
            <>
              <Text size="sm">{t.selected(selected.size)}</Text>
              <Button size="xs" onClick={() => setMoves(true)}>
                {t.move.button(selected.size)}
              </Button>
            </>
          )}
          <Anchor component={Go} to={`/hosts?q=site:${site}`} size="sm">
            {t.page.inList}
          </Anchor>
        </Group>
      </Group>
      <div className={rows.total === 0 ? undefined : 'mu-site-hosts'}>
        <DataTable
          label={t.page.hosts}
          rows={rows}
          keyOf={({ resourceId }) => resourceId}
          nameOf={({ name }) => name}
          onOpen={({ resourceId }) => go(`/hosts/${resourceId}`)}
          selection={canMove ? { keys: selected, set: setSelected } : undefined}
          empty={
            <EmptyState
              title={t.page.noHosts.title}
              action={canMove && <CopyLine text={t.page.noHosts.line(site)} what={t.page.noHosts.lineName} />}
            >
              {t.page.noHosts.what}
            </EmptyState>
          }
          columns={[
            {
              id: 'name',
              title: t.column.host,
              width: 'minmax(160px, 2fr)',
              narrow: 'title',
              cell: ({ resourceId, name }) => <Go to={`/hosts/${resourceId}`}>{name === '' ? resourceId : name}</Go>,
            },
            {
              id: 'state',
              title: t.column.state,
              width: 'minmax(150px, 1fr)',
              cell: host => (
                <StatusChip kind="reachability" state={reachabilityOf(host)} why={host.hostStatus || undefined} />
              ),
            },
            {
              id: 'seen',
              title: t.column.seen,
              width: '130px',
              cell: ({ presence }) => <LiveAge at={presence?.lastSeen} />,
            },
            {
              id: 'serial',
              title: t.column.serial,
              width: 'minmax(120px, 1fr)',
              narrow: 'hidden',
              cell: ({ serialNumber }) => serialNumber,
            },
          ]}
        />
      </div>
      <MoveHosts
        key={String(moves)}
        opened={moves}
        onClose={() => setMoves(false)}
        hosts={[...selected]}
        onDone={() => setSelected(new Set())}
      />
    </section>
  )
}

/** The same words as in the counts of a site. */
export function reachabilityOf({ hostStatus, presence }: Pick<Host, 'hostStatus' | 'presence'>): Reachability {
  if (presence?.online === true) return 'online'
  if (hostStatus === '') return 'never'
  return hostStatus === 'Agent stopped' || hostStatus === 'Rebooting' ? 'asleep' : 'offline'
}
