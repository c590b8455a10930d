// SPDX-License-Identifier: Apache-2.0
/** Status chips: every word there is. */
import { Group } from '@mantine/core'
import { t } from '../../words/kit.ts'
import { Badge, StatusChip } from '../status-chip.tsx'
import type { Story } from '../story.ts'

const keys = <K extends string>(words: Readonly<Record<K, string>>): K[] => Object.keys(words) as K[] // what it was made of

export default {
  component: 'StatusChip',
  states: {
    reachability: () => (
      <Group>
        {keys(t.chip.reachability).map(state => (
          <StatusChip key={state} kind="reachability" state={state} why={state} />
        ))}
      </Group>
    ),
    health: () => (
      <Group>
        {keys(t.chip.health).map(state => (
          <StatusChip key={state} kind="health" state={state} onPick={() => undefined} />
        ))}
      </Group>
    ),
    compliance: () => (
      <Group>
        {keys(t.chip.compliance).map(state => (
          <StatusChip key={state} kind="compliance" state={state} />
        ))}
      </Group>
    ),
    badge: () => (
      <Group>
        <Badge hue="ok">ok</Badge>
        <Badge hue="held">held</Badge>
      </Group>
    ),
  },
} satisfies Story
