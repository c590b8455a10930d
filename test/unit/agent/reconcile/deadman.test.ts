// SPDX-License-Identifier: Apache-2.0
/** A change of connectivity stands only when the controller is heard after it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONFIRM_WITHIN_MS } from '../../../../agent/reconcile/deadman.ts'
import { defineProblems, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { type Bench, createBench } from './section.ts'

const problem = defineProblems({ 'cable-cut': { status: 409, title: 'The cable was cut', retry: 'never' } })
const never = new AbortController().signal
let bench: Bench

beforeEach(() => {
  bench = createBench()
  bench.lamp.impact = 'connectivity'
})

afterEach(async () => {
  await bench.worker.stop()
  bench.journal.close()
})

const last = () => bench.reports().at(-1)

describe('a change of connectivity', () => {
  it('stands when the controller is heard after it', async () => {
    bench.want({ on: true }, 1)
    await bench.clock.advance(30 * SECOND)
    bench.heardAt = bench.clock.monotonic()

    await bench.clock.advance(2 * SECOND)
    await bench.worker.idle()

    expect(bench.lamp.on).toBe(true)
    expect(last()).toMatchObject({ status: 'settled', revision: 1 })
    expect(bench.journal.values.get('deadman')).toBeUndefined()
  })

  it('is taken back when the controller stays unheard, and waits for a new revision', async () => {
    bench.heardAt = bench.clock.monotonic()
    bench.want({ on: true }, 1)
    await bench.clock.advance(CONFIRM_WITHIN_MS - SECOND)
    expect(bench.lamp.on).toBe(true)

    await bench.clock.advance(2 * SECOND)
    await bench.worker.idle()
    expect(bench.lamp.on).toBe(false)
    expect(last()).toMatchObject({ status: 'failed', problem: { code: 'connectivity-reverted' } })

    await bench.clock.advance(60 * MINUTE)
    expect(bench.lamp.calls.filter(call => call === 'apply')).toHaveLength(1)
    expect(bench.journal.values.get('deadman')).toBeUndefined()
  })

  it('that nobody could take back is never made', async () => {
    bench.lamp.revertible = false

    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)

    expect(bench.lamp.calls).not.toContain('apply')
    expect(last()).toMatchObject({ status: 'failed', problem: { code: 'revert-missing' } })
  })

  it('keeps other disturbing acts out until it stands', async () => {
    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)

    expect(bench.gate.enter('os', { do: 'install', impact: 'service', why: '' })?.code).toBe('held-busy')
  })

  it('that fails is taken back too, for it may have been half made', async () => {
    bench.lamp.fails = { apply: problem('cable-cut') }
    bench.want({ on: true }, 1)
    await bench.clock.advance(CONFIRM_WITHIN_MS - SECOND)
    expect(bench.lamp.calls).not.toContain('revert')

    await bench.clock.advance(2 * SECOND)
    await bench.worker.idle()

    expect(bench.lamp.calls.filter(call => call === 'revert')).toHaveLength(1)
    expect(bench.journal.values.get('deadman')).toBeUndefined()
    expect(last()).toMatchObject({ status: 'failed', problem: { code: 'cable-cut' } })
  })

  it('that fails with the controller still in reach is left as it is', async () => {
    bench.lamp.fails = { apply: problem('cable-cut') }
    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)
    bench.heardAt = bench.clock.monotonic()

    await bench.clock.advance(2 * CONFIRM_WITHIN_MS)

    expect(bench.lamp.calls).not.toContain('revert')
    expect(bench.journal.values.get('deadman')).toBeUndefined()
  })
})

describe('an agent that dies in between', () => {
  const armed = () => bench.journal.values.get('deadman')

  it('takes the change back when it starts again and the controller stays unheard', async () => {
    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)
    await bench.worker.stop()
    expect(armed()).toBeDefined()

    void bench.anotherDeadman().resume(() => bench.unit, never)
    await bench.clock.advance(CONFIRM_WITHIN_MS - SECOND)
    expect(bench.lamp.on).toBe(true)
    await bench.clock.advance(2 * SECOND)

    expect(bench.lamp.on).toBe(false)
    expect(armed()).toBeUndefined()
  })

  it('lets the change stand when the controller is heard', async () => {
    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)
    await bench.worker.stop()

    const resumed = bench.anotherDeadman().resume(() => bench.unit, never)
    await bench.clock.advance(SECOND)
    bench.heardAt = bench.clock.monotonic()
    await bench.clock.advance(SECOND)
    await resumed

    expect(bench.lamp.on).toBe(true)
    expect(armed()).toBeUndefined()
  })

  it('again while it waits still takes it back the next time', async () => {
    bench.want({ on: true }, 1)
    await bench.clock.advance(SECOND)
    await bench.worker.stop()
    const dies = new AbortController()
    bench
      .anotherDeadman()
      .resume(() => bench.unit, dies.signal)
      .catch(() => undefined)
    await bench.clock.advance(MINUTE)
    dies.abort()
    await bench.clock.advance(0)
    expect(armed()).toBeDefined()

    void bench.anotherDeadman().resume(() => bench.unit, never)
    await bench.clock.advance(CONFIRM_WITHIN_MS + SECOND)

    expect(bench.lamp.on).toBe(false)
  })
})
