// SPDX-License-Identifier: Apache-2.0
/** Power by way of the firmware, each order followed until it is done. */
import { Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { ActButton } from '../../../acts/act-button.tsx'
import type { Sent } from '../../../acts/run.ts'
import type { Host } from '../../../api/types.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useEvents } from '../../../live/use-live.tsx'
import { t } from '../../../words/oob-host.ts'
import type { Machine } from '../acts-host.ts'
import { OrderLine } from '../power/order-line.tsx'
import { actionsIn, powerActs } from '../power/path.ts'
import { type StatusLine, usePower } from './firmware.ts'
import { Part } from './part.tsx'
import { word } from './state-line.tsx'

type Props = { readonly machine: Machine; readonly line: StatusLine; readonly host: Host }

export function PowerPart({ machine, line }: Props) {
  const [order, setOrder] = useState<string>()
  useEvents(events => {
    // Whoever orders it, from wherever: it is shown where the machine is.
    const told = events?.findLast(({ type, subject }) => type === 'oob.power' && subject === machine.guid)
    if (typeof told?.data.order === 'string') setOrder(told.data.order)
  })
  const power = usePower(machine, line)
  const known = line.connected ? power.state : ''
  return (
    <Part title={t.power.title}>
      <Stack gap="sm">
        <Text size="sm">
          {t.power.now}: <strong data-power>{word(t.powerState, power.state)}</strong>
          {power.at !== undefined && (
            <Text span size="xs" c="dimmed">
              {', '}
              {t.power.read} <LiveAge at={power.at} ago />
            </Text>
          )}
        </Text>
        <Group gap="xs">
          {actionsIn(known).map(action => (
            <ActButton
              key={action}
              act={powerActs[action]}
              input={machine}
              label={t.power.action[action]}
              title={t.power.verb(t.power.action[action], machine.name)}
              onDone={sent => setOrder(idOf(sent))}
              refresh={['oob', 'host']}
            >
              <Text size="sm">{t.power.what[action]}</Text>
              <Text size="sm" c="dimmed">
                {t.power.waits}
              </Text>
            </ActButton>
          ))}
        </Group>
        {order !== undefined && <OrderLine project={machine.project} id={order} />}
      </Stack>
    </Part>
  )
}

function idOf([first]: readonly Sent[]): string | undefined {
  if (first === undefined || !('answer' in first)) return undefined
  const { answer } = first
  return typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : undefined
}
