// SPDX-License-Identifier: Apache-2.0
/** How commands look in a table. */
import { formatAge, parseTime } from '../../../plugins/contract/time.ts'
import type { OrderRow } from '../orders.ts'
import type { View } from '../output.ts'
import type { Tone } from '../render/table.ts'

const TONES: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  failed: 'bad',
  refused: 'bad',
  expired: 'bad',
  'not-sent': 'bad',
  cancelled: 'dim',
}

/** A state never stands by its color alone. */
const MARKS: Readonly<Record<string, string>> = {
  queued: '…',
  sent: '→',
  succeeded: '✓',
  failed: '✗',
  refused: '✗',
  expired: '✗',
  'not-sent': '✗',
  cancelled: '-',
}

export const commandView: View<OrderRow> = {
  kind: 'Command',
  name: row => row.id ?? row.host,
  empty: 'muster command run <host> <section> <name>',
  columns: [
    { title: 'ID', cell: row => row.id ?? '-' },
    { title: 'STATE', cell: row => `${MARKS[row.state] ?? '?'} ${row.state}`, tone: row => TONES[row.state] },
    { title: 'HOST', cell: row => `${row.hostName || row.host}${row.simulated === true ? ' (simulated)' : ''}` },
    { title: 'WHAT', cell: row => (row.section === undefined ? '-' : `${row.section} ${row.name ?? ''}`) },
    { title: 'AGE', cell: (row, now) => age(row.createdAt, now), right: true },
    { title: 'BY', cell: row => row.principal ?? '-', wide: true },
    { title: 'REASON', cell: row => row.reason ?? '-', wide: true },
    { title: 'WHY', cell: row => whyOf(row) },
  ],
}

function whyOf({ problem }: OrderRow): string {
  if (problem === undefined) return ''
  return `${problem.detail ?? problem.title} [${problem.code}]`
}

/** How long ago; `-` when unknown. */
export function age(time: string | undefined, now: number): string {
  const at = time === undefined ? undefined : parseTime(time)
  return at === undefined ? '-' : formatAge(now - at)
}

/** How long from now; `over` when it has passed. */
export function remaining(time: string | undefined, now: number): string {
  const at = time === undefined ? undefined : parseTime(time)
  if (at === undefined) return '-'
  return at <= now ? 'over' : formatAge(at - now)
}
