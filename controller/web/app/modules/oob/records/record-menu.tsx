// SPDX-License-Identifier: Apache-2.0
/** What can be done with one record. */
import { ActionIcon, Menu, Text } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-records.ts'
import { exportProfile, RECORD_ACTS, RECORDS, type RecordKind } from '../acts-records.ts'
import { ExportDialog } from './export-dialog.tsx'
import { type Item, nameOf } from './reads.ts'

export type RecordMenuProps = { readonly kind: RecordKind; readonly item: Item; readonly onEdit: () => void }

export function RecordMenu({ kind, item, onEdit }: RecordMenuProps) {
  const project = useProject()
  const may = useMay()
  const [open, setOpen] = useState<'delete' | 'export'>()
  const name = nameOf(kind, item)
  const mayWrite = may(RECORDS[kind].permission)
  const mayExport = kind === 'profile' && may(exportProfile.permission)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" aria-label={t.actions(name)}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayWrite && <Menu.Item onClick={onEdit}>{t.editVerb}</Menu.Item>}
          {mayExport && <Menu.Item onClick={() => setOpen('export')}>{t.exportVerb}</Menu.Item>}
          {mayWrite && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => setOpen('delete')}>
                {t.removeVerb}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <ActDialog
        act={RECORD_ACTS[kind].remove}
        input={{ project, name }}
        title={t.remove(name)}
        done={t.removed}
        refresh={['oob-records', 'oob']}
        opened={open === 'delete'}
        onClose={() => setOpen(undefined)}
      >
        <Text size="sm">{t.removeWhat(t.kind[kind].one)}</Text>
      </ActDialog>
      {open === 'export' && <ExportDialog name={name} item={item} onClose={() => setOpen(undefined)} />}
    </>
  )
}
