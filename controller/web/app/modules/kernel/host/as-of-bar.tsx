// SPDX-License-Identifier: Apache-2.0
/** Moves through what a host was: a step for each change that is kept, or any time. */
import { Card, Group, Text, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import type { Host } from '../../../api/types.ts'
import { absolute } from '../../../kit/age.ts'
import { t } from '../../../words/host.ts'
import { useHistory } from './queries.ts'

export type AsOfBarProps = {
  readonly host: Host
  /** A time or a length of time; empty for now. */
  readonly asOf: string
  readonly onAsOf: (asOf: string) => void
}

export function AsOfBar({ host, asOf, onAsOf }: AsOfBarProps) {
  const hardware = useHistory(host.resourceId, 'section:hardware')
  const os = useHistory(host.resourceId, 'section:os')
  const record = useHistory(host.resourceId, 'record')
  const times = useMemo(
    () => [...new Set([hardware, os, record].flatMap(({ data = [] }) => data.map(({ at }) => at)))].sort(),
    [hardware, os, record],
  )
  const present = times.length
  const isTime = asOf !== '' && !Number.isNaN(Date.parse(asOf))
  // The last change that had been made by then.
  const step = isTime
    ? Math.max(
        0,
        times.findLastIndex(at => at <= new Date(asOf).toISOString()),
      )
    : present
  return (
    <Card withBorder p="sm" component="section" aria-label={t.inventory.asOf}>
      <Group gap="md" align="flex-end">
        <label className="mu-range">
          <Text size="sm" fw={500}>
            {t.inventory.step}
          </Text>
          <input
            type="range"
            min={0}
            max={present}
            value={step}
            disabled={present === 0}
            aria-valuetext={step === present ? t.inventory.now : absolute(times[step] ?? '')}
            onChange={event => onAsOf(times[Number(event.currentTarget.value)] ?? '')}
          />
          <Text size="xs" c="dimmed">
            {isTime ? absolute(asOf) : asOf === '' ? t.inventory.now : asOf} · {t.inventory.changes(times.length)}
          </Text>
        </label>
        <TextInput
          type="datetime-local"
          step={1}
          label={t.inventory.at}
          value={isTime ? absolute(asOf).replace(' ', 'T') : ''}
          onChange={event => {
            const at = new Date(event.currentTarget.value)
            onAsOf(Number.isNaN(at.getTime()) ? '' : at.toISOString())
          }}
        />
      </Group>
    </Card>
  )
}
