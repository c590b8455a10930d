// SPDX-License-Identifier: Apache-2.0
/** What can be done to the host of a row. The menu itself is made only when somebody opens it: rows come and go quickly. */
import { Menu } from '@mantine/core'
import { Ellipsis, ExternalLink, Eye, Hash, OctagonX, Power, RotateCw, Tag, Terminal } from 'lucide-react'
import { useState } from 'react'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'
import type { BulkKind } from './bulk-dialog.tsx'
import type { HostRow } from './rows.ts'

type RowMenuProps = {
  readonly row: HostRow
  readonly onPeek: (id: string) => void
  readonly onAct: (kind: BulkKind) => void
}

export function RowMenu(props: RowMenuProps) {
  const [made, setMade] = useState(false)
  const button = (
    <button
      type="button"
      className="mu-row-menu"
      tabIndex={-1}
      aria-haspopup="menu"
      aria-label={t.row.menu(props.row.name)}
      onClick={() => setMade(true)}
    >
      <Ellipsis size={16} aria-hidden />
    </button>
  )
  if (!made) return button
  return (
    <Menu defaultOpened position="bottom-end" onClose={() => setMade(false)} returnFocus>
      <Menu.Target>{button}</Menu.Target>
      <RowItems {...props} />
    </Menu>
  )
}

const ACTS = [
  { kind: 'label', permission: 'host.label', icon: Tag },
  { kind: 'reboot', permission: 'host.operate', icon: RotateCw },
  { kind: 'shutdown', permission: 'host.operate', icon: Power },
  { kind: 'run', permission: 'host.operate', icon: Terminal },
] as const

function RowItems({ row, onPeek, onAct }: RowMenuProps) {
  const may = useMay()
  const acts = ACTS.filter(({ permission }) => may(permission))
  return (
    <Menu.Dropdown>
      <Menu.Item component={Go} to={`/hosts/${row.resourceId}`} leftSection={<ExternalLink size={14} />}>
        {t.row.open}
      </Menu.Item>
      <Menu.Item leftSection={<Eye size={14} />} onClick={() => onPeek(row.resourceId)}>
        {t.row.peek}
      </Menu.Item>
      <Menu.Item leftSection={<Hash size={14} />} onClick={() => void navigator.clipboard?.writeText(row.resourceId)}>
        {t.row.copyId}
      </Menu.Item>
      {acts.length > 0 && <Menu.Divider />}
      {acts.map(({ kind, icon: Icon }) => (
        <Menu.Item key={kind} leftSection={<Icon size={14} />} onClick={() => onAct(kind)}>
          {t.row[kind]}
        </Menu.Item>
      ))}
      {may('host.destroy') && (
        <>
          <Menu.Divider />
          <Menu.Item className="mu-failing" leftSection={<OctagonX size={14} />} onClick={() => onAct('revoke')}>
            {t.row.revoke}
          </Menu.Item>
        </>
      )}
    </Menu.Dropdown>
  )
}
