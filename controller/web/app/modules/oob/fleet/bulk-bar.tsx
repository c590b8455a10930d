// SPDX-License-Identifier: Apache-2.0
/** What can be done to the machines that are selected. */
import { Button, Group, Menu, Text } from '@mantine/core'
import { ChevronDown, X } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { type PowerVerb, RESTARTS, SWITCHES } from '../acts.ts'
import type { Machine } from '../reads.ts'
import { ActivateDialog } from './activate-dialog.tsx'
import { DeactivateDialog } from './deactivate-dialog.tsx'
import { PowerDialog } from './power-dialog.tsx'

type Open = 'activate' | 'deactivate' | PowerVerb | undefined

export function BulkBar({
  machines,
  onClear,
}: {
  readonly machines: readonly Machine[]
  readonly onClear: () => void
}) {
  const may = useMay()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const verbs: readonly PowerVerb[] = [
    ...(may('host.operate') ? SWITCHES : []),
    ...(may('host.access') ? RESTARTS : []),
  ]
  const verb = verbs.find(each => each === open)
  return (
    <section className="mu-oob-bulk" aria-label={t.select.label}>
      <Text size="sm" fw={600} role="status">
        {t.select.selected(machines.length)}
      </Text>
      <Group gap="xs">
        {may('host.change') && (
          <Button size="sm" onClick={() => setOpen('activate')}>
            {t.activate.open}
          </Button>
        )}
        {verbs.length > 0 && <PowerMenu verbs={verbs} onPick={setOpen} />}
        {may('host.destroy') && (
          <Button size="sm" variant="default" onClick={() => setOpen('deactivate')}>
            {t.deactivate.open}
          </Button>
        )}
        <Button size="sm" variant="subtle" leftSection={<X size={14} aria-hidden />} onClick={onClear}>
          {t.select.clear}
        </Button>
      </Group>
      <ActivateDialog machines={machines} opened={open === 'activate'} onClose={close} />
      <DeactivateDialog machines={machines} opened={open === 'deactivate'} onClose={close} />
      {verb !== undefined && <PowerDialog machines={machines} action={verb} opened onClose={close} />}
    </section>
  )
}

function PowerMenu({
  verbs,
  onPick,
}: {
  readonly verbs: readonly PowerVerb[]
  readonly onPick: (verb: PowerVerb) => void
}) {
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button size="sm" variant="default" rightSection={<ChevronDown size={14} aria-hidden />}>
          {t.powerAct.open}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {verbs.map(verb => (
          <Menu.Item key={verb} onClick={() => onPick(verb)}>
            {t.powerAct.actions[verb]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
