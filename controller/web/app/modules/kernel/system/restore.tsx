// SPDX-License-Identifier: Apache-2.0
/** Puts a backup in the place of the database, and waits until the controller is back on it. */
import { FileInput, List, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import { get } from '../../../api/call.ts'
import type { System } from '../../../api/types.ts'
import { t } from '../../../words/system.ts'
import { restoreBackup } from './acts.ts'

const LOOK_MS = 1_000

export function RestoreButton({ system }: { readonly system: System }) {
  const [file, setFile] = useState<File | null>(null)
  const [epoch, setEpoch] = useState<number>()
  if (epoch !== undefined) return <Restarting before={epoch} onBack={() => setEpoch(undefined)} />
  return (
    <ActButton
      act={restoreBackup}
      input={file === null ? undefined : { name: file.name, file }}
      title={t.backup.restoreTitle}
      label={t.backup.restore}
      verb={t.backup.restoreVerb}
      name={system.installation}
      onDone={() => setEpoch(system.epoch)}
    >
      <FileInput
        label={t.backup.file}
        description={t.backup.fileHint}
        accept=".db,application/octet-stream"
        value={file}
        onChange={setFile}
        required
        clearable
      />
      <List size="sm">
        <List.Item>{t.backup.lost}</List.Item>
        <List.Item>{t.backup.blast(system.hosts.total)}</List.Item>
        <List.Item>{t.backup.signOut}</List.Item>
      </List>
    </ActButton>
  )
}

/** Each restore raises the epoch, so a higher one means that the controller runs on what was restored. */
function Restarting({ before, onBack }: { readonly before: number; readonly onBack: () => void }) {
  const client = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['system-restarting'],
    queryFn: get('/v1/system'),
    refetchInterval: LOOK_MS,
    retry: false,
    gcTime: 0,
  })
  const isBack = data !== undefined && error === null && data.epoch > before
  useEffect(() => {
    if (!isBack) return
    notifications.show({ message: t.backup.back, color: 'blue' })
    // Everything that was read is of the database before.
    void client.invalidateQueries()
    onBack()
  }, [isBack, client, onBack])
  return <Text role="status">{t.backup.restarting}</Text>
}
