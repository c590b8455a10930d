// SPDX-License-Identifier: Apache-2.0
/** Restarts, shuts down and revokes many hosts. */
import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { t } from '../../../words/hosts.ts'
import { rebootMany, revokeMany, shutdownMany } from './acts.ts'
import { BlastLine } from './blast-line.tsx'
import type { FrozenProps } from './bulk-dialog.tsx'

const TIMES = Object.entries(t.act.times).map(([value, label]) => ({ value, label }))

type PowerProps = FrozenProps & { readonly kind: 'reboot' | 'shutdown' }

export function PowerDialog({ kind, rows, project, q, onClose, onDone }: PowerProps) {
  const [within, setWithin] = useState('600000')
  const ids = rows.map(({ resourceId }) => resourceId)
  return (
    <ActDialog
      act={kind === 'reboot' ? rebootMany : shutdownMany}
      input={{ project, ids, q, expiresInMs: Number(within) }}
      title={t.act[kind](rows.length)}
      done={t.act.sent(rows.length)}
      opened
      onClose={onClose}
      onDone={onDone}
      refresh={['commands', 'hosts']}
    >
      <BlastLine kind={kind} rows={rows} />
      {kind === 'shutdown' && <Text size="sm">{t.sentence.off}</Text>}
      <Select
        label={t.act.good}
        allowDeselect={false}
        data={TIMES}
        value={within}
        onChange={next => setWithin(next ?? '600000')}
      />
    </ActDialog>
  )
}

export function RevokeDialog({ rows, project, onClose, onDone }: FrozenProps) {
  const [only] = rows
  const name = rows.length === 1 && only !== undefined ? only.name : t.confirmName(rows.length)
  return (
    <ActDialog
      act={revokeMany}
      input={{ project, ids: rows.map(({ resourceId }) => resourceId) }}
      title={t.act.revoke(rows.length)}
      name={name}
      done={t.act.revoked(rows.length)}
      opened
      onClose={onClose}
      onDone={onDone}
      refresh={['hosts', 'host', 'why']}
    >
      <BlastLine kind="revoke" rows={rows} />
      <Text size="sm">{t.sentence.revoke}</Text>
    </ActDialog>
  )
}
