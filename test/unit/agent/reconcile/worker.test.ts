// SPDX-License-Identifier: Apache-2.0
/** How one section is brought to what is wanted, and what is said of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openJournal } from '../../../../agent/state/journal.ts'
import {
  problem as common,
  defineProblems,
  findings,
  HOUR,
  MINUTE,
  ReportedMessage,
  SECOND,
} from '../../../../plugins/contract/index.ts'
import { type Bench, createBench, INTERVAL_MS } from './section.ts'

const problem = defineProblems({
  'bulb-missing': { status: 409, title: 'There is no bulb', retry: 'never' },
  'socket-hot': { status: 503, title: 'The socket is hot', retry: { afterMs: 90_000 } },
})

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

afterEach(async () => {
  await bench.worker.stop()
  bench.journal.close()
})

/** Lets everything run that is due. */
async function settle(): Promise<void> {
  await bench.clock.advance(0)
  await bench.worker.idle()
}

function said(): [string, number, string | undefined][] {
  const reports = bench.reports()
  expect(reports.flatMap(each => findings(ReportedMessage, each))).toEqual([])
  return reports.map(each => [each.status, each.revision, each.problem?.code])
}

const count = (call: string): number => bench.lamp.calls.filter(each => each === call).length

describe('without a desired document', () => {
  it('it is looked at, reported, and left alone', async () => {
    bench.worker.wake()
    await settle()

    expect(bench.reports()).toEqual([
      expect.objectContaining({
        status: 'settled',
        revision: 0,
        observed: { on: false },
        plugin: { name: 'lamp', version: '1.0.0' },
      }),
    ])
    expect(count('apply')).toBe(0)
  })

  it('that says to stop managing, it is looked at and left alone', async () => {
    bench.want({ on: true }, 1)
    await settle()
    said()

    bench.want(null, 2)
    bench.lamp.on = false
    await settle()

    expect(said()).toEqual([['settled', 2, undefined]])
    expect(count('apply')).toBe(1)
  })
})

describe('a desired document', () => {
  it('is reached, and reported under its revision', async () => {
    bench.want({ on: true }, 3)
    await settle()

    expect(bench.lamp.on).toBe(true)
    expect(bench.reports().at(-1)).toMatchObject({ status: 'settled', revision: 3, observed: { on: true } })
  })

  it('is kept up when the host drifts', async () => {
    bench.want({ on: true }, 3)
    await settle()
    bench.lamp.on = false

    await bench.clock.advance(INTERVAL_MS * 1.1)
    await settle()

    expect(bench.lamp.on).toBe(true)
  })

  it('that a step cannot fulfil is reported as diverging', async () => {
    bench.lamp.stuck = true

    bench.want({ on: true }, 1)
    await settle()

    expect(said().at(-1)).toEqual(['failed', 1, 'diverging'])
  })

  it('on a machine whose owner forbids it is held and changes nothing', async () => {
    bench.forbidden = true

    bench.want({ on: true }, 1)
    await settle()

    expect(said()).toEqual([['held', 1, 'held-policy']])
    expect(count('apply')).toBe(0)
  })
})

describe('reports', () => {
  it('are made only when something has changed', async () => {
    bench.worker.wake()
    await settle()
    expect(said()).toHaveLength(1)

    await bench.clock.advance(10 * INTERVAL_MS)
    await settle()
    expect(said()).toEqual([])
    expect(count('observe')).toBeGreaterThan(5)

    bench.lamp.on = true
    bench.worker.wake()
    await settle()
    expect(said()).toHaveLength(1)
  })

  it('of a section nobody reads are not made, until somebody does', async () => {
    bench.reporter.want(['other'])
    bench.worker.wake()
    await settle()
    expect(said()).toEqual([])

    expect(bench.reporter.want(['other', 'lamp'])).toBe(true)
    bench.worker.wake()
    await settle()

    expect(said()).toHaveLength(1)
  })

  it('of a step that takes longer than a second say so meanwhile', async () => {
    const held = Promise.withResolvers<void>()
    bench.lamp.holds = held.promise
    bench.want({ on: true }, 1)
    await bench.clock.advance(900)
    expect(said()).toEqual([])

    await bench.clock.advance(200)
    expect(bench.reports()).toEqual([
      expect.objectContaining({ status: 'progressing', revision: 1, step: expect.objectContaining({ do: 'on' }) }),
    ])

    held.resolve()
    await settle()
    expect(said()).toEqual([['settled', 1, undefined]])
  })
})

describe('wakes', () => {
  it('that come together are one look, and never two at once', async () => {
    const held = Promise.withResolvers<void>()
    bench.lamp.holds = held.promise
    bench.want({ on: true }, 1)
    await bench.clock.advance(0)
    const before = count('observe')

    for (let wake = 0; wake < 10; wake++) bench.worker.wake()
    await bench.clock.advance(0)
    expect(count('observe')).toBe(before)

    held.resolve()
    await settle()
    // One to see what the step has done, one for all ten wakes.
    expect(count('observe')).toBe(before + 2)
  })

  it('after the end do nothing', async () => {
    await bench.worker.stop()

    bench.worker.wake()
    await bench.clock.advance(10 * INTERVAL_MS)

    expect(bench.lamp.calls).toEqual([])
    expect(bench.clock.pending).toBe(0)
  })
})

describe('a held step', () => {
  const NIGHTS = {
    timeZone: 'UTC',
    windows: [{ days: ['sat' as const], from: '05:00', to: '06:00' }],
  }

  it('waits for its window and goes when it opens', async () => {
    bench.windows = [NIGHTS]
    bench.lamp.impact = 'service'
    bench.want({ on: true }, 1)
    await settle()
    const [report] = bench.reports()
    expect(report).toMatchObject({ status: 'held', step: { do: 'on' }, problem: { code: 'held-window' } })
    expect(report?.problem?.detail).toContain('opens')

    await bench.clock.advance(29 * MINUTE)
    await settle()

    expect(bench.lamp.on).toBe(true)
    expect(said().at(-1)).toEqual(['settled', 1, undefined])
  })

  it('waits for another section and goes when that is done', async () => {
    bench.gate.enter('os', { do: 'install', impact: 'service', why: '' })
    bench.lamp.impact = 'service'
    bench.want({ on: true }, 1)
    await settle()
    expect(said()).toEqual([['held', 1, 'held-busy']])

    bench.gate.leave('os')
    await settle()

    expect(said().at(-1)).toEqual(['settled', 1, undefined])
  })

  it('that is not let in leaves the way free', async () => {
    bench.lamp.impact = 'service'
    bench.lamp.fails = { apply: problem('bulb-missing') }
    bench.want({ on: true }, 1)
    await settle()

    expect(bench.gate.enter('os', { do: 'install', impact: 'service', why: '' })).toBeUndefined()
  })
})

describe('a failure', () => {
  it('that never passes waits for a new revision', async () => {
    bench.lamp.fails = { apply: problem('bulb-missing') }
    bench.want({ on: true }, 1)
    await settle()
    expect(said()).toEqual([['failed', 1, 'bulb-missing']])

    bench.lamp.fails = {}
    await bench.clock.advance(10 * INTERVAL_MS)
    await settle()
    expect(bench.lamp.on).toBe(false)

    bench.want({ on: true }, 2)
    await settle()
    expect(said().at(-1)).toEqual(['settled', 2, undefined])
    expect(count('retry')).toBeGreaterThan(0)
  })

  it('that names a wait is tried again after it', async () => {
    bench.lamp.fails = { apply: problem('socket-hot') }
    bench.want({ on: true }, 1)
    await settle()
    bench.lamp.fails = {}

    await bench.clock.advance(89 * SECOND)
    expect(bench.lamp.on).toBe(false)
    await bench.clock.advance(2 * SECOND)
    await settle()

    expect(bench.lamp.on).toBe(true)
  })

  it('that may pass is tried again within seconds, then ever later, ten minutes at most', async () => {
    bench.lamp.fails = { apply: common('unavailable') }
    bench.want({ on: true }, 1)
    await bench.clock.advance(HOUR)

    expect(count('apply')).toBeGreaterThan(8)
    expect(count('apply')).toBeLessThan(60)
  })

  it('of a disturbing step is not tried again before its time, whatever wakes the section', async () => {
    bench.lamp.impact = 'service'
    bench.lamp.fails = { apply: problem('socket-hot') }
    bench.want({ on: true }, 1)
    for (let second = 0; second < 60; second++) {
      await bench.clock.advance(SECOND)
      bench.worker.wake()
    }
    expect(count('apply')).toBe(1)

    await bench.clock.advance(31 * SECOND)

    expect(count('apply')).toBe(2)
  })

  it('of what is no problem is a defect of ours, told without its details', async () => {
    bench.lamp.fails = { observe: new Error('a path and a password') }
    bench.worker.wake()
    await settle()

    const [report] = bench.reports()
    expect(report).toMatchObject({ status: 'failed', observed: null, problem: { code: 'internal' } })
    expect(JSON.stringify(report)).not.toContain('password')
  })
})

describe('support', () => {
  it('that is missing is reported, told, and asked for again after an hour', async () => {
    bench.lamp.support = { supported: false, why: 'no lamp' }
    bench.want({ on: true }, 1)
    await settle()
    expect(said()).toEqual([['unsupported', 1, undefined]])
    expect(bench.supportChanges).toBe(1)
    expect(bench.worker.support).toEqual({ supported: false, why: 'no lamp' })

    bench.lamp.support = { supported: true }
    await bench.clock.advance(HOUR + INTERVAL_MS * 1.1)
    await settle()

    expect(bench.supportChanges).toBe(2)
    expect(said().at(-1)).toEqual(['settled', 1, undefined])
  })
})

describe('a full disk', () => {
  it('costs reports but neither the worker nor the process, and passes', async () => {
    const crashes: unknown[] = []
    const note = (reason: unknown): void => void crashes.push(reason)
    process.on('unhandledRejection', note)
    const journal = openJournal(':memory:', { now: () => 0, maxPages: 13 })
    const small = createBench({ journal })
    const fill = (): void => {
      for (let id = 0; ; id++) journal.outbox.put({ id: `${id}`, kind: 'result', key: `${id}`, payload: 'x' })
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }))

    small.worker.wake()
    await small.clock.advance(INTERVAL_MS * 1.1)
    await small.clock.advance(0)

    journal.outbox.remove(journal.outbox.list(10_000).map(each => each.id))
    await small.clock.advance(20 * MINUTE)
    process.off('unhandledRejection', note)
    expect(crashes).toEqual([])
    expect(small.reports().map(each => each.status)).toEqual(['settled'])
    await small.worker.stop()
    journal.close()
  })
})
