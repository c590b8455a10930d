// SPDX-License-Identifier: Apache-2.0
/** Runs a command on many hosts: one that looks or acts, but changes nothing that stays. */
import { Select, Text } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { t } from '../../../words/hosts.ts'
import { useKinds } from '../host/queries.ts'
import { runMany } from './acts.ts'
import { BlastLine } from './blast-line.tsx'
import type { FrozenProps } from './bulk-dialog.tsx'

/** Classes 0 and 1: what changes a host is done on its own page, with a reason. */
const HIGHEST = 1

export function RunDialog({ rows, project, q, onClose, onDone }: FrozenProps) {
  const kinds = useKinds()
  const [picked, setPicked] = useState('')
  const [section = '', command = ''] = picked.split(' ')
  const ids = rows.map(({ resourceId }) => resourceId)
  return (
    <ActDialog
      act={runMany}
      input={picked === '' ? undefined : { project, ids, q, section, command, input: {} }}
      title={t.act.run(rows.length)}
      done={t.act.sent(rows.length)}
      opened
      onClose={onClose}
      onDone={onDone}
      refresh={['commands', 'hosts']}
    >
      <BlastLine kind="run" rows={rows} />
      <QueryView query={kinds}>
        {({ sections }) => {
          const possible = sections.flatMap(each =>
            each.commands.filter(kind => kind.class <= HIGHEST).map(kind => ({ section: each.section, kind })),
          )
          if (possible.length === 0) return <Text size="sm">{t.act.noCommand}</Text>
          return (
            <Select
              label={t.act.command}
              searchable
              data={possible.map(({ section: of, kind }) => ({
                value: `${of} ${kind.name}`,
                label: `${of} ${kind.name}: ${kind.title}`,
              }))}
              value={picked === '' ? null : picked}
              onChange={next => setPicked(next ?? '')}
            />
          )
        }}
      </QueryView>
    </ActDialog>
  )
}
