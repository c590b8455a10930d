// SPDX-License-Identifier: Apache-2.0
/** Power orders: what comes next, recomputed from what was done and what is seen. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  GRACE_MS,
  nextOfPower,
  type PowerOrder,
  type PowerSeen,
  SETTLE_MS,
} from '../../../../../../controller/modules/oob/converge/power-machine.ts'
import { POWER_ACTIONS, POWER_RULES } from '../../../../../../controller/modules/oob/converge/words.ts'

const START = 1_000_000
const order = (more: Partial<PowerOrder> = {}): PowerOrder => ({
  action: 'off',
  policy: 'immediate',
  createdAt: START,
  expiresAt: START + 3_600_000,
  sent: undefined,
  tries: 0,
  ...more,
})
const reached = (state: number | undefined): PowerSeen => ({ reachable: true, state })
const away: PowerSeen = { reachable: false, state: undefined }

describe('a power order', () => {
  it('reads before it acts', () => {
    expect(nextOfPower(order(), reached(undefined), START)).toEqual({ do: 'read' })
  })

  it('is done without an act where the state is what is wanted', () => {
    expect(nextOfPower(order(), reached(8), START)).toEqual({ do: 'finish', ok: true, says: 'Powered off' })
    expect(nextOfPower(order({ action: 'on' }), reached(2), START)).toMatchObject({ do: 'finish', ok: true })
  })

  it('resets a machine that is on, because a reset is an act and not a state', () => {
    expect(nextOfPower(order({ action: 'reset' }), reached(2), START)).toMatchObject({ do: 'send', code: 10 })
  })

  it('waits for a tunnel that is away, until its deadline', () => {
    expect(nextOfPower(order(), away, START)).toMatchObject({ do: 'wait', says: 'Device not found/connected' })
    expect(nextOfPower(order(), away, START + 3_600_000)).toMatchObject({ do: 'finish', ok: false })
  })

  it('asks politely first when it is ordered, and goes the hard way after a minute', () => {
    const ordered = order({ policy: 'ordered' })
    expect(nextOfPower(ordered, reached(2), START)).toMatchObject({ do: 'send', code: 12 })
    const sent = order({ policy: 'ordered', sent: { code: 12, at: START }, tries: 1 })
    expect(nextOfPower(sent, reached(2), START + SETTLE_MS)).toMatchObject({ do: 'wait' })
    expect(nextOfPower(sent, reached(2), START + GRACE_MS)).toMatchObject({ do: 'send', code: 8 })
  })

  it('does not ask for the state while the firmware still answers with the old one', () => {
    const sent = order({ sent: { code: 8, at: START }, tries: 1 })
    expect(nextOfPower(sent, reached(undefined), START + 1)).toMatchObject({ do: 'wait', forMs: SETTLE_MS - 1 })
  })

  it('survives the tunnel going down with the machine', () => {
    const sent = order({ sent: { code: 8, at: START }, tries: 1 })
    expect(nextOfPower(sent, away, START + GRACE_MS)).toMatchObject({ do: 'wait', says: 'Powering off' })
    expect(nextOfPower(sent, reached(8), START + 2 * GRACE_MS)).toMatchObject({ do: 'finish', ok: true })
  })

  it('tries three times and then says that the state does not fit', () => {
    const sent = order({ sent: { code: 8, at: START }, tries: 3 })
    expect(nextOfPower(sent, reached(2), START + GRACE_MS)).toEqual({
      do: 'finish',
      ok: false,
      says: 'mismatch between desired and current power state',
    })
  })

  it('refuses to put to sleep what is off', () => {
    expect(nextOfPower(order({ action: 'sleep' }), reached(8), START)).toMatchObject({
      do: 'finish',
      ok: false,
      says: 'Device must be powered on first',
    })
  })

  it('always comes to an end, with at most three requests of the hard kind', () => {
    const states = fc.constantFrom(2, 3, 4, 6, 7, 8, 12, 13, undefined)
    fc.assert(
      fc.property(
        fc.constantFrom(...POWER_ACTIONS),
        fc.constantFrom('immediate' as const, 'ordered' as const),
        fc.array(fc.record({ reachable: fc.boolean(), state: states }), { maxLength: 400 }),
        (action, policy, looks) => {
          let now = START
          let current = order({ action, policy })
          let sends = 0
          for (const look of looks) {
            const seen = look.reachable ? reached(look.state) : away
            const next = nextOfPower(current, seen, now)
            if (next.do === 'finish') return
            if (next.do === 'send') {
              sends++
              expect([POWER_RULES[action].code, POWER_RULES[action].polite]).toContain(next.code)
              current = { ...current, sent: { code: next.code, at: now }, tries: current.tries + 1 }
            }
            now += next.do === 'wait' ? next.forMs : 1_000
          }
          expect(sends).toBeLessThanOrEqual(4)
        },
      ),
    )
  })
})
