// SPDX-License-Identifier: Apache-2.0
/** Gives many hosts a label; the others that each of them has stay. */
import { Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { t } from '../../../words/hosts.ts'
import { labelMany } from './acts.ts'
import { BlastLine } from './blast-line.tsx'
import type { FrozenProps } from './bulk-dialog.tsx'

/** As the controller takes them. */
const KEY = /^([a-z.]{1,253}\/)?[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$/
const VALUE = /^([a-z0-9]([a-z0-9._-]*[a-z0-9])?)?$/

export function LabelDialog({ rows, project, q, onClose, onDone }: FrozenProps) {
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const badKey = key !== '' && !KEY.test(key)
  const badValue = value !== '' && !VALUE.test(value)
  const replaced = rows.filter(({ metadata }) => metadata.some(each => each.key === key && each.value !== value)).length
  const isReady = key !== '' && !badKey && !badValue
  const before = Object.fromEntries(rows.map(({ resourceId, metadata }) => [resourceId, metadata]))
  return (
    <ActDialog
      act={labelMany}
      input={
        isReady
          ? { project, ids: rows.map(({ resourceId }) => resourceId), q, set: [{ key, value }], before }
          : undefined
      }
      title={t.act.label(rows.length)}
      done={t.act.labelled(rows.length)}
      opened
      onClose={onClose}
      onDone={onDone}
      refresh={['hosts', 'host']}
    >
      <BlastLine kind="label" rows={rows} />
      <Group grow align="flex-start">
        <TextInput
          label={t.act.key}
          value={key}
          onChange={event => setKey(event.currentTarget.value.trim())}
          error={badKey ? t.act.badKey : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={317}
          data-autofocus
        />
        <TextInput
          label={t.act.value}
          value={value}
          onChange={event => setValue(event.currentTarget.value.trim())}
          error={badValue ? t.act.badValue : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={63}
        />
      </Group>
      {isReady && replaced > 0 && <Text size="sm">{t.act.replaced(replaced)}</Text>}
    </ActDialog>
  )
}
