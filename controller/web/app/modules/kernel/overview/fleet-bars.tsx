// SPDX-License-Identifier: Apache-2.0
/** Three bars of the fleet, one for each kind of status; every segment leads to its hosts. */
import { Group, SimpleGrid, Text } from '@mantine/core'
import { StatusChip, type StatusChipProps } from '../../../kit/status-chip.tsx'
import { Go } from '../../../shell/go.tsx'
import { number } from '../../../words/catalogue.ts'
import { t as kit } from '../../../words/kit.ts'
import { t } from '../../../words/overview.ts'
import './overview.css'
import type { Tally } from './tally.ts'

const HUES: Readonly<Record<string, string>> = {
  online: 'ok',
  asleep: 'unknown',
  offline: 'failing',
  never: 'unknown',
  ok: 'ok',
  degraded: 'degraded',
  failing: 'failing',
  unknown: 'unknown',
  settled: 'ok',
  progressing: 'unknown',
  held: 'held',
  failed: 'failing',
  unsupported: 'unknown',
}

const KINDS = ['reachability', 'health', 'compliance'] as const

export function FleetBars({ tally }: { readonly tally: Tally }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="lg">
      {KINDS.map(kind => (
        <Bar key={kind} kind={kind} counts={tally[kind]} />
      ))}
    </SimpleGrid>
  )
}

type BarProps = { readonly kind: (typeof KINDS)[number]; readonly counts: Readonly<Record<string, number>> }

function Bar({ kind, counts }: BarProps) {
  const words: Readonly<Record<string, string>> = kit.chip[kind]
  const parts = Object.entries(counts).filter(([, count]) => count > 0)
  return (
    <section aria-label={t[kind]}>
      <Text size="sm" fw={600} mb={4}>
        {t[kind]}
      </Text>
      <div className="mu-bar" aria-hidden>
        {parts.map(([state, count]) => (
          <span
            key={state}
            className={`mu-bar-part mu-${HUES[state] ?? 'unknown'}`}
            data-state={state}
            style={{ flexGrow: count }}
          />
        ))}
      </div>
      <Group gap={6} mt={6}>
        {parts.map(([state, count]) => (
          <Go
            key={state}
            to={`/hosts?q=${kind}:${state}`}
            className="mu-plain"
            title={t.seeHosts(words[state] ?? state, count)}
          >
            <StatusChip {...({ kind, state } as StatusChipProps)} more={<b>{number(count)}</b>} />
          </Go>
        ))}
      </Group>
    </section>
  )
}
