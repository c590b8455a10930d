// SPDX-License-Identifier: Apache-2.0
/** Backups: how old the last one is, one now, and putting one back. */
import { Button, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { DatabaseBackup } from 'lucide-react'
import { SameElsewhere } from '../../../acts/act-dialog.tsx'
import type { System } from '../../../api/types.ts'
import { absolute } from '../../../kit/age.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/system.ts'
import { fetchBackup } from './acts.ts'
import { useBackup } from './fetch-backup.ts'
import { RestoreButton } from './restore.tsx'
import { bytes, useSystem } from './system.tsx'

const DUE_MS = 7 * 86_400_000

export default function BackupsTab() {
  const may = useMay()
  return (
    <QueryView query={useSystem()}>
      {system => (
        <Stack gap="lg" maw={760}>
          <Last system={system} />
          {may(fetchBackup.permission) && <Take />}
          {may(fetchBackup.permission) && (
            <section>
              <Title order={2} size="h5" mb="xs">
                {t.backup.restore}
              </Title>
              <Text size="sm" mb="sm">
                {t.backup.restoreWhy}
              </Text>
              <RestoreButton system={system} />
            </section>
          )}
        </Stack>
      )}
    </QueryView>
  )
}

function Last({ system: { lastBackup, restoredFrom } }: { readonly system: System }) {
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.backup.last}
      </Title>
      {lastBackup === undefined ? (
        <Text>{t.backup.none}</Text>
      ) : (
        <Text>
          <LiveAge at={lastBackup.takenAt} expectedMs={DUE_MS} ago />
          {`, ${absolute(lastBackup.takenAt)}`}
          {lastBackup.sizeBytes === undefined ? '' : `, ${bytes(lastBackup.sizeBytes)}`}
        </Text>
      )}
      {restoredFrom !== undefined && (
        <Text size="sm" c="dimmed">
          {t.backup.restored(absolute(restoredFrom))}
        </Text>
      )}
    </section>
  )
}

function Take() {
  const client = useQueryClient()
  const path = fetchBackup.calls({})[0]?.path ?? ''
  const { fetching, error, result, start, stop } = useBackup(path, () => {
    void client.invalidateQueries({ queryKey: ['system'] })
  })
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {t.backup.take}
      </Title>
      <Text size="sm" mb="sm">
        {t.backup.takeWhy}
      </Text>
      <Stack gap="sm">
        <Group>
          <Button
            leftSection={<DatabaseBackup size={14} />}
            onClick={() => void start()}
            loading={fetching !== undefined}
          >
            {t.backup.take}
          </Button>
          {fetching !== undefined && (
            <Button variant="default" onClick={stop}>
              {t.backup.stop}
            </Button>
          )}
        </Group>
        <div role="status">
          {fetching !== undefined && (
            <>
              <Progress
                value={(100 * (fetching.done ?? 0)) / Math.max(1, fetching.all ?? 1)}
                aria-label={t.backup.take}
              />
              <Text size="sm">
                {fetching.done === undefined
                  ? t.backup.taking
                  : t.backup.fetching(bytes(fetching.done), bytes(fetching.all ?? fetching.done))}
              </Text>
            </>
          )}
          {result === 'stopped' && <Text size="sm">{t.backup.stopped}</Text>}
          {typeof result === 'number' && <Text size="sm">{t.backup.fetched(bytes(result))}</Text>}
        </div>
        {error !== undefined && <ProblemCard problem={error} onRetry={() => void start()} />}
        <SameElsewhere act={fetchBackup} input={{}} />
      </Stack>
    </section>
  )
}
