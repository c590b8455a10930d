// SPDX-License-Identifier: Apache-2.0
/** Power of many machines through their firmware, with how they are now. */
import { Checkbox, Text } from '@mantine/core'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { type PowerVerb, restartPower, SWITCHES, switchPower } from '../acts.ts'
import type { ManyProps } from './activate-dialog.tsx'
import { powerWord } from './cells.tsx'

export function PowerDialog({ machines, action, opened, onClose }: ManyProps & { readonly action: PowerVerb }) {
  const project = useProject()
  const [now, setNow] = useState(false)
  const able = machines.flatMap(each => (each.guid === undefined ? [] : [{ ...each, guid: each.guid }]))
  const connected = able.filter(each => each.connected)
  const left = machines.length - able.length
  const isSwitch = SWITCHES.some(each => each === action)
  const targets = able.map(({ name, host, guid }) => ({ name, host, guid }))
  // There is nobody to ask on a machine that is off.
  const asks = action !== 'on' && action !== 'sleep' && action !== 'hibernate'
  return (
    <ActDialog
      act={isSwitch ? switchPower : restartPower}
      input={targets.length === 0 ? undefined : { project, machines: targets, action, ...(now ? { now } : {}) }}
      title={t.powerAct.title(t.powerAct.actions[action], able.length)}
      done={t.powerAct.done}
      refresh={['oob', 'oob-fleet']}
      opened={opened}
      onClose={onClose}
    >
      <Text size="sm">
        {t.powerAct.blast({
          connected: connected.length,
          away: able.length - connected.length,
          on: connected.filter(each => powerWord(each) === 'POWER_STATE_ON').length,
        })}
      </Text>
      {left > 0 && (
        <Text size="sm" c="dimmed">
          {t.powerAct.without(left)}
        </Text>
      )}
      {asks && (
        <Checkbox
          label={t.powerAct.now}
          description={t.powerAct.nowWhat}
          checked={now}
          onChange={event => setNow(event.currentTarget.checked)}
        />
      )}
    </ActDialog>
  )
}
