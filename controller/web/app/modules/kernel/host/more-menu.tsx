// SPDX-License-Identifier: Apache-2.0
/** Everything else that can be done to a host; what destroys stands last and apart. */
import { ActionIcon, Checkbox, Menu, Text } from '@mantine/core'
import { Ellipsis } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import type { Host } from '../../../api/types.ts'
import { useGo, useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/host.ts'
import { onboard, release, retire, revoke } from './acts.ts'
import { LabelsDialog, NoteDialog, RenameDialog } from './change-dialogs.tsx'
import type { Read } from './queries.ts'

type Dialog = 'rename' | 'note' | 'labels' | 'onboard' | 'release' | 'revoke' | 'retire'

const DIALOGS: readonly {
  readonly id: Dialog
  readonly permission: string | undefined
  readonly fits: (host: Host) => boolean
}[] = [
  { id: 'rename', permission: 'host.label', fits: () => true },
  { id: 'note', permission: 'host.label', fits: () => true },
  { id: 'labels', permission: 'host.label', fits: () => true },
  { id: 'onboard', permission: onboard.permission, fits: host => host.currentState === 'HOST_STATE_REGISTERED' },
  { id: 'release', permission: release.permission, fits: host => host.presence?.standing === 'quarantined' },
  { id: 'revoke', permission: revoke.permission, fits: host => host.currentState !== 'HOST_STATE_UNTRUSTED' },
  { id: 'retire', permission: retire.permission, fits: () => true },
]
const DESTROYS: ReadonlySet<Dialog> = new Set(['revoke', 'retire'])

export function MoreMenu({ read }: { readonly read: Read }) {
  const may = useMay()
  const go = useGo()
  const [open, setOpen] = useState<Dialog>()
  const { host } = read
  const shown = DIALOGS.filter(({ permission, fits }) => may(permission) && fits(host))
  if (shown.length === 0 && !may('host.change')) return null
  const close = (): void => setOpen(undefined)
  const item = ({ id }: (typeof DIALOGS)[number]): ReactNode => (
    <Menu.Item key={id} {...(DESTROYS.has(id) ? { color: 'red' } : {})} onClick={() => setOpen(id)}>
      {t.more[id]}
    </Menu.Item>
  )
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t.more.menu}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {shown.filter(({ id }) => !DESTROYS.has(id)).map(item)}
          {may('host.change') && (
            <Menu.Item onClick={() => go(`/hosts/${host.resourceId}?tab=config&section=maintenance`)}>
              {t.more.maintenance}
            </Menu.Item>
          )}
          {shown.some(({ id }) => DESTROYS.has(id)) && <Menu.Divider />}
          {shown.filter(({ id }) => DESTROYS.has(id)).map(item)}
        </Menu.Dropdown>
      </Menu>
      <RenameDialog read={read} opened={open === 'rename'} onClose={close} />
      <NoteDialog read={read} opened={open === 'note'} onClose={close} />
      <LabelsDialog read={read} opened={open === 'labels'} onClose={close} />
      <TurnDialogs host={host} open={open} onClose={close} />
    </>
  )
}

type TurnProps = { readonly host: Host; readonly open: Dialog | undefined; readonly onClose: () => void }

/** Turns in its life: let in, released, revoked. */
function TurnDialogs({ host, open, onClose }: TurnProps) {
  const project = useProject()
  const input = { project, id: host.resourceId }
  const turns = [
    ['onboard', onboard],
    ['release', release],
    ['revoke', revoke],
  ] as const
  return (
    <>
      {turns.map(([id, act]) => (
        <ActDialog
          key={id}
          act={act}
          input={input}
          title={t[id].title(host.name)}
          verb={t.more[id]}
          name={host.name}
          done={t[id].done}
          opened={open === id}
          onClose={onClose}
          refresh={['host', 'hosts', 'why', 'events']}
        >
          <Text size="sm">{t[id].what}</Text>
        </ActDialog>
      ))}
      <RetireDialog host={host} opened={open === 'retire'} onClose={onClose} />
    </>
  )
}

type RetireProps = { readonly host: Host; readonly opened: boolean; readonly onClose: () => void }

function RetireDialog({ host, opened, onClose }: RetireProps) {
  const project = useProject()
  const go = useGo()
  const [force, setForce] = useState(false)
  return (
    <ActDialog
      act={retire}
      input={{ project, id: host.resourceId, force }}
      title={t.retire.title(host.name)}
      verb={t.more.retire}
      name={host.name}
      done={t.retire.done(host.name)}
      opened={opened}
      onClose={onClose}
      onDone={() => go('/hosts')}
      refresh={['hosts', 'summary']}
    >
      <Text size="sm">{t.retire.what}</Text>
      <Checkbox
        checked={force}
        onChange={event => setForce(event.currentTarget.checked)}
        label={t.retire.force}
        description={t.retire.forceWhat}
      />
    </ActDialog>
  )
}
