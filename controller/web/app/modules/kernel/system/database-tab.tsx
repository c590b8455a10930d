// SPDX-License-Identifier: Apache-2.0
/** The database: how large, how fast it grows, what takes room, and the jobs that keep it. */
import { Stack, Table, Title } from '@mantine/core'
import type { System } from '../../../api/types.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Wide } from '../../../kit/wide.tsx'
import { t } from '../../../words/system.ts'
import { Figure } from './figure.tsx'
import { growthPerDay } from './samples.ts'
import { CountButton, StorageTable } from './storage.tsx'
import { bytes, useSamples, useSystem } from './system.tsx'

export default function DatabaseTab() {
  const samples = useSamples()
  const perDay = growthPerDay(samples)
  const growth =
    perDay === undefined ? t.database.watching : perDay <= 0 ? t.database.steady : t.database.growing(bytes(perDay))
  return (
    <QueryView query={useSystem()}>
      {({ store, disk, jobs }) => (
        <Stack gap="lg">
          <div className="mu-figures">
            <Figure
              title={t.database.size}
              value={bytes(store.sizeBytes)}
              about={growth}
              over={samples.map(each => each.database)}
              spoken={bytes}
            />
            <Figure title={t.database.journal} why={t.database.journalWhy} value={bytes(store.journalBytes)} />
            {disk !== undefined && (
              <Figure title={t.database.disk} value={t.health.free(bytes(disk.freeBytes), bytes(disk.totalBytes))} />
            )}
          </div>
          <Jobs jobs={jobs} />
          <section>
            <Title order={2} size="h5" mb="xs">
              {t.database.storage}
            </Title>
            <CountButton />
            <StorageTable />
          </section>
        </Stack>
      )}
    </QueryView>
  )
}

function Jobs({ jobs }: Pick<System, 'jobs'>) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.database.jobs}
      </Title>
      <Wide label={t.database.jobs}>
        <Table aria-label={t.database.jobs}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.database.job}</Table.Th>
              <Table.Th>{t.database.at}</Table.Th>
              <Table.Th>{t.database.last}</Table.Th>
              <Table.Th ta="end">{t.database.took}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {jobs.map(({ name, at, endedAt, tookMs, error }) => (
              <Table.Tr key={name}>
                <Table.Td>{name}</Table.Td>
                <Table.Td>{t.jobs[at] ?? <code>{at}</code>}</Table.Td>
                <Table.Td>
                  {endedAt === undefined ? (
                    t.database.never
                  ) : (
                    <>
                      <LiveAge at={endedAt} ago />{' '}
                      <Badge
                        hue={error === undefined ? 'ok' : 'failing'}
                        {...(error === undefined ? {} : { why: error })}
                      >
                        {error === undefined ? t.database.done : t.database.failed}
                      </Badge>
                    </>
                  )}
                </Table.Td>
                <Table.Td ta="end">{tookMs === undefined ? '–' : t.ms(tookMs)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </section>
  )
}
