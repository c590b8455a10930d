// SPDX-License-Identifier: Apache-2.0
/** One verdict from agent, tunnel and power. */
import { describe, expect, it } from 'vitest'
import { judge, type Witnesses } from '../../../../../../controller/modules/oob/converge/verdict.ts'

const NOW = 10_000_000
const HOUR = 3_600_000
const gone = (reason: string, ago = HOUR) => ({ online: false, since: NOW - ago, reason })
const up = { connected: true, since: NOW - 2 * HOUR }
const down = (ago: number) => ({ connected: false, since: NOW - ago })
const power = (state: number, ago = 0) => ({ state, at: NOW - ago })

const cases: readonly (readonly [string, Witnesses, string])[] = [
  [
    'its agent is there',
    { agent: { online: true, since: NOW, reason: undefined }, tunnel: down(5), power: power(8) },
    'running',
  ],
  [
    'on, and the system closed the socket of its agent',
    { agent: gone('lost'), tunnel: up, power: power(2) },
    'agent-dead',
  ],
  ['on, and its agent fell silent', { agent: gone('keep-alive-timeout'), tunnel: up, power: power(2) }, 'os-hung'],
  ['on, and its agent said farewell', { agent: gone('stopped'), tunnel: up, power: power(2) }, 'agent-stopped'],
  ['on, and its agent left a minute ago', { agent: gone('lost', 60_000), tunnel: up, power: power(2) }, 'booting'],
  ['its firmware says off', { agent: gone('lost'), tunnel: up, power: power(8) }, 'off'],
  ['its firmware says asleep', { agent: gone('keep-alive-timeout'), tunnel: up, power: power(4) }, 'asleep'],
  [
    'both fell silent together',
    { agent: gone('keep-alive-timeout'), tunnel: down(HOUR + 20_000), power: power(2, 2 * HOUR) },
    'network-down',
  ],
  [
    'it was off before its tunnel went',
    { agent: gone('stopped', 2 * HOUR), tunnel: down(HOUR), power: power(8, HOUR) },
    'off',
  ],
  [
    'nothing was ever there',
    { agent: undefined, tunnel: { connected: false, since: undefined }, power: undefined },
    'not-managed',
  ],
  [
    'an agent that is away and no tunnel',
    { agent: gone('lost'), tunnel: { connected: false, since: undefined }, power: undefined },
    'unknown',
  ],
  ['firmware without an agent', { agent: undefined, tunnel: up, power: power(2) }, 'running'],
]

describe('the verdict', () => {
  it.each(cases)('when %s', (_, seen, verdict) => {
    expect(judge(seen, NOW).verdict).toBe(verdict)
  })

  it('always says on what evidence', () => {
    for (const [, seen] of cases) expect(judge(seen, NOW).why.length).toBeGreaterThan(10)
  })
})
