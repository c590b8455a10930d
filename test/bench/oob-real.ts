// SPDX-License-Identifier: Apache-2.0
/** Figures of out-of-band management as lines, each beside what MPS and RPS measured under the same load. */
import type { Figure } from './support.ts'

/**
 * MPS 2.22 and RPS on two cores shared with the load, on another day: quote ratios. By number of devices or of calls at
 * once; power as p50, p99 (milliseconds) and calls a second.
 */
export const REAL = {
  rest: 'MPS 105 + RPS 110 + PostgreSQL 129',
  connects: { 1000: 'MPS 274', 2000: 'MPS 320', 5000: 'MPS 162' },
  connectCpu: 'MPS 3.0–3.6',
  handshake50: { 1000: 'MPS 227' },
  handshake95: { 1000: 'MPS 330' },
  rss: { 1000: 'MPS 190', 2000: 'MPS 235', 5000: 'MPS 356' },
  state: {
    1: ['MPS 507', 'MPS 526–700', 'MPS 2'],
    16: ['MPS 508', 'MPS 526–700', 'MPS 31'],
    64: ['MPS 530', 'MPS 526–700', 'MPS 115'],
  },
  action: { 1: ['MPS 507', '', 'MPS 2'], 16: ['MPS 508', '', 'MPS 31'], 64: ['MPS 516', '', 'MPS 118'] },
  storm: { 1000: 'MPS 3.2–4.7', 5000: 'MPS 40' },
  refused: { 1000: 'MPS 0', 5000: 'MPS 618' },
  stormRss: { 1000: 'MPS 240–308', 5000: 'MPS 483' },
  probe: 'MPS 20',
} as const

/** What was measured for this number, if anything was. */
export function realOf(figures: Readonly<Record<number, string>>, count: number): string {
  return figures[count] ?? ''
}

export type Compared = Figure & { readonly real?: string }

export function show({ name, value, unit, aim, real = '' }: Compared): void {
  const shown = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100
  const figure = `${name.padEnd(58)} ${String(shown).padStart(9)} ${unit.padEnd(3)}`
  process.stdout.write(`${figure} ${(aim === undefined ? '' : `aim ${aim}`).padEnd(12)} ${real}`.trimEnd().concat('\n'))
}
