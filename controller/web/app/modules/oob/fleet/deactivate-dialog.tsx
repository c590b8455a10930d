// SPDX-License-Identifier: Apache-2.0
/** Takes machines out of out-of-band management, with what they lose. */
import { Text } from '@mantine/core'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/oob-fleet.ts'
import { deactivate } from '../acts.ts'
import type { ManyProps } from './activate-dialog.tsx'
import { isAt } from './steps.ts'

export function DeactivateDialog({ machines, opened, onClose }: ManyProps) {
  const project = useProject()
  const able = machines.flatMap(each =>
    each.host !== undefined && (isAt(each, 'activated') || each.wanted === 'provisioned')
      ? [{ name: each.name, host: each.host }]
      : [],
  )
  const [only] = able
  const left = machines.length - able.length
  return (
    <ActDialog
      act={deactivate}
      input={able.length === 0 ? undefined : { project, machines: able }}
      title={t.deactivate.title(able.length)}
      name={able.length === 1 && only !== undefined ? only.name : t.deactivate.confirm(able.length)}
      done={t.deactivate.done}
      refresh={['oob', 'oob-fleet', 'oob-activations']}
      opened={opened}
      onClose={onClose}
    >
      <Text size="sm">{t.deactivate.blast(able.length)}</Text>
      {left > 0 && (
        <Text size="sm" c="dimmed">
          {t.powerAct.without(left)}
        </Text>
      )}
    </ActDialog>
  )
}
