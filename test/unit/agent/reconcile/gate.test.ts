// SPDX-License-Identifier: Apache-2.0
/** When a host may be disturbed, and by how many acts at once. */
import { beforeEach, describe, expect, it } from 'vitest'
import { createGate, type Gate } from '../../../../agent/reconcile/gate.ts'
import { HOUR, type Impact, MINUTE, type Step, type Windows } from '../../../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'

/** A Saturday, 04:31 UTC. */
const NOW = Date.UTC(2026, 10, 21, 4, 31)
const never = new AbortController().signal
const NIGHTS: Windows = {
  timeZone: 'UTC',
  windows: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '22:00', to: '23:00' }],
}

let clock: FakeClock
let windows: Windows[]
let linkIsUp: boolean
let gate: Gate

beforeEach(() => {
  clock = createFakeClock(NOW)
  windows = []
  linkIsUp = true
  gate = createGate({ clock, windows: () => windows, linkIsUp: () => linkIsUp })
})

const step = (impact: Impact): Step => ({ do: 'act', impact, why: 'it differs' })

describe('a window', () => {
  it.each(['service', 'reboot'] as const)('holds a step of impact %s and says when it opens', impact => {
    windows = [NIGHTS]

    expect(gate.enter('os', step(impact))).toEqual({
      code: 'held-window',
      why: expect.stringContaining('2026-11-21T22:00'),
      againInMs: 17 * HOUR + 29 * MINUTE,
    })
  })

  it.each(['none', 'connectivity'] as const)('lets a step of impact %s pass', impact => {
    windows = [NIGHTS]

    expect(gate.enter('os', step(impact))).toBeUndefined()
  })

  it('lets a disturbing step pass while it is open, and holds it again afterwards', async () => {
    windows = [NIGHTS]
    await clock.advance(17 * HOUR + 29 * MINUTE)
    expect(gate.enter('os', step('reboot'))).toBeUndefined()
    gate.leave('os')

    await clock.advance(HOUR)

    expect(gate.enter('os', step('reboot'))?.code).toBe('held-window')
  })

  it('of the machine’s owner holds although the controller’s is open', () => {
    windows = [{ timeZone: 'UTC', windows: [] }, NIGHTS]

    expect(gate.enter('os', step('service'))?.code).toBe('held-window')
  })

  it('in a time zone nobody knows holds instead of failing', () => {
    windows = [{ ...NIGHTS, timeZone: 'Mars/Olympus' }]

    expect(gate.enter('os', step('service'))?.code).toBe('held-window')
  })

  it('does not hold what a person has asked for', async () => {
    windows = [NIGHTS]

    await expect(gate.take('power', 'reboot', never)).resolves.toBeTypeOf('function')
  })
})

describe('one disturbing act', () => {
  it.each(['service', 'reboot', 'connectivity'] as const)('keeps one of impact %s waiting', impact => {
    gate.enter('os', step('service'))

    expect(gate.enter('power', step(impact))).toMatchObject({ code: 'held-busy', why: expect.stringContaining('os') })
    expect(gate.enter('power', step('none'))).toBeUndefined()
  })

  it('lets the same section go on, and others once it leaves', () => {
    gate.enter('os', step('service'))
    expect(gate.enter('os', step('reboot'))).toBeUndefined()

    gate.leave('os')

    expect(gate.enter('power', step('reboot'))).toBeUndefined()
  })

  it('cannot be ended by a section that does not disturb', () => {
    gate.enter('os', step('service'))

    gate.leave('power')

    expect(gate.enter('power', step('service'))?.code).toBe('held-busy')
  })

  it('that ends is told to those who listen, until they stop', () => {
    let told = 0
    const forget = gate.onFree(() => told++)
    gate.enter('os', step('service'))
    gate.leave('os')
    forget()
    gate.enter('os', step('service'))
    gate.leave('os')

    expect(told).toBe(1)
  })
})

describe('a command', () => {
  it('waits for the act under way, holds others meanwhile, and gives way when it is done', async () => {
    gate.enter('os', step('service'))
    let release: (() => void) | undefined
    void gate.take('power', 'reboot', never).then(given => {
      release = given
    })
    await clock.advance(0)
    expect(release).toBeUndefined()

    gate.leave('os')
    await clock.advance(0)
    expect(gate.enter('os', step('service'))?.code).toBe('held-busy')

    release?.()
    expect(gate.enter('os', step('service'))).toBeUndefined()
  })

  it('of two that wait gets its turn after the other', async () => {
    const order: string[] = []
    const first = await gate.take('a', 'service', never)
    const enter = async (name: string) => {
      const given = await gate.take(name, 'service', never)
      order.push(name)
      return given
    }
    const [second, third] = [enter('b'), enter('c')]

    first()
    await clock.advance(0)
    expect(order).toHaveLength(1)
    const [releaseFirst] = await Promise.all([Promise.race([second, third])])
    releaseFirst()
    await clock.advance(0)

    expect(order.toSorted()).toEqual(['b', 'c'])
  })

  it('that disturbs nothing waits for nothing', async () => {
    gate.enter('os', step('reboot'))

    const release = await gate.take('hardware', 'none', never)
    release()

    expect(gate.enter('power', step('service'))?.code).toBe('held-busy')
  })

  it('stops waiting with its signal and leaves nothing behind', async () => {
    gate.enter('os', step('service'))
    const abort = new AbortController()
    const waiting = gate.take('power', 'reboot', abort.signal)

    abort.abort(new Error('the agent stops'))

    await expect(waiting).rejects.toThrow('the agent stops')
    gate.leave('os')
    expect(gate.enter('os', step('service'))).toBeUndefined()
  })
})

describe('a change of connectivity', () => {
  it('is held while the controller is out of reach', () => {
    linkIsUp = false

    expect(gate.enter('network', step('connectivity'))?.code).toBe('held-link')
  })
})
