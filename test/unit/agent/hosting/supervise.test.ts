// SPDX-License-Identifier: Apache-2.0
/** When a plugin is started again, and when no more. */
import { describe, expect, it } from 'vitest'
import type { Instance, LifeEvents } from '../../../../agent/hosting/instance.ts'
import { DEFAULT_LIMITS } from '../../../../agent/hosting/limits.ts'
import { problem } from '../../../../agent/hosting/problems.ts'
import { type HostedState, Supervisor } from '../../../../agent/hosting/supervise.ts'
import { MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'
import { keptLog } from './fixtures/quiet.ts'

type Life = LifeEvents & { readonly bornAt: number; stopped: boolean }

function supervise(options: { byte?: number; onBegin?: (events: LifeEvents) => void } = {}) {
  const clock = createFakeClock(0)
  const lives: Life[] = []
  const states: [HostedState, string | undefined][] = []
  const begin = (events: LifeEvents): Instance => {
    const life: Life = { ...events, bornAt: clock.monotonic(), stopped: false }
    options.onBegin?.(events)
    lives.push(life)
    return {
      abilities: undefined,
      call: async () => lives.indexOf(life),
      stop: async () => {
        life.stopped = true
      },
    }
  }
  const supervisor = new Supervisor({
    section: 'kettle',
    begin,
    clock,
    random: count => new Uint8Array(count).fill(options.byte ?? 127),
    log: keptLog().log,
    limits: DEFAULT_LIMITS,
    onState: (state, why) => states.push([state, why?.code]),
  })
  const crash = (): void => lives.at(-1)?.onEnded({ kind: 'crashed', detail: 'exited with code 1' })
  return { supervisor, clock, lives, states, crash }
}

describe('a plugin that crashes', () => {
  it('is started again after waits that double, and ready again is running again', async () => {
    const { clock, lives, states, crash } = supervise()

    for (let count = 0; count < 3; count++) {
      crash()
      await clock.advance(10 * SECOND)
      lives.at(-1)?.onReady()
    }
    await clock.advance(0)

    const waits = lives.slice(1).map((life, index) => life.bornAt - index * 10 * SECOND)
    expect(waits.map(wait => Math.round(wait / 100) / 10)).toEqual([1, 2, 4])
    expect(states).toEqual([
      ['restarting', 'plugin-crashed'],
      ['running', undefined],
      ['restarting', 'plugin-crashed'],
      ['running', undefined],
      ['restarting', 'plugin-crashed'],
      ['running', undefined],
    ])
  })

  it.each([
    [0, 750],
    [255, 1_250],
  ])('waits a quarter less or more as chance (%i) has it', async (byte, wait) => {
    const { clock, lives, crash } = supervise({ byte })

    crash()
    await clock.advance(wait - 1)
    expect(lives.length).toBe(1)
    await clock.advance(1)

    expect(lives.length).toBe(2)
  })

  it('is taken out of service at the fifth crash within ten minutes', async () => {
    const { supervisor, clock, lives, states, crash } = supervise()

    for (let count = 0; count < 5; count++) {
      crash()
      await clock.advance(MINUTE)
    }
    await clock.advance(60 * MINUTE)

    expect(lives.length).toBe(5)
    expect(supervisor.state).toBe('quarantined')
    expect(supervisor.problem).toMatchObject({ code: 'plugin-crashed', fields: { section: 'kettle', crashes: 5 } })
    expect(states.at(-1)).toEqual(['quarantined', 'plugin-crashed'])
    expect(clock.pending).toBe(0)
  })

  it('goes on when its crashes are far enough apart, after at most five minutes each', async () => {
    const { supervisor, clock, lives, crash } = supervise()

    for (let count = 0; count < 30; count++) {
      lives.at(-1)?.onReady()
      await clock.advance(3 * MINUTE)
      crash()
      await clock.advance(5 * MINUTE + SECOND)
    }

    expect(lives.length).toBe(31)
    expect(supervisor.state).toBe('restarting')
  })

  it('waits but a second again after ten quiet minutes', async () => {
    const { clock, lives, crash } = supervise()
    for (let count = 0; count < 4; count++) {
      crash()
      await clock.advance(10 * SECOND)
    }

    await clock.advance(10 * MINUTE)
    crash()
    await clock.advance(1_001)

    expect(lives.length).toBe(6)
  })

  it('takes no calls until it is ready again', async () => {
    const { supervisor, clock, lives, crash } = supervise()
    supervisor.mustRun()

    crash()
    expect(() => supervisor.mustRun()).toThrow(expect.objectContaining({ code: 'plugin-crashed' }))
    await clock.advance(2 * SECOND)
    expect(() => supervisor.mustRun()).toThrow(expect.objectContaining({ code: 'plugin-crashed' }))
    lives[1]?.onReady()

    await expect(supervisor.mustRun().call({ method: 'observe' }, AbortSignal.any([]))).resolves.toBe(1)
  })

  it('is not believed any more about its former life', async () => {
    const { supervisor, clock, lives, crash } = supervise()
    crash()
    await clock.advance(2 * SECOND)
    lives[1]?.onReady()

    lives[0]?.onEnded({ kind: 'crashed', detail: 'again' })
    lives[0]?.onReady()
    await clock.advance(0)

    expect(supervisor.state).toBe('running')
  })
})

describe('retry', () => {
  it('leaves quarantine and forgets the crashes before', async () => {
    const { supervisor, clock, lives, states, crash } = supervise()
    for (let count = 0; count < 5; count++) {
      crash()
      await clock.advance(MINUTE)
    }

    supervisor.retry()
    lives.at(-1)?.onReady()
    crash()
    await clock.advance(1_001)

    expect(lives.length).toBe(7)
    expect(states.slice(-2)).toEqual([
      ['running', undefined],
      ['restarting', 'plugin-crashed'],
    ])
  })

  it('shortens a wait for a restart, which then does not happen twice', async () => {
    const { supervisor, clock, lives, crash } = supervise()
    crash()

    supervisor.retry()
    await clock.advance(MINUTE)

    expect(lives.length).toBe(2)
  })

  it('does nothing to one that runs, is starting, or was stopped', async () => {
    const { supervisor, clock, lives, crash } = supervise()
    supervisor.retry()
    crash()
    await clock.advance(2 * SECOND)
    supervisor.retry()
    expect(lives.length).toBe(2)

    await supervisor.stop()
    supervisor.retry()

    expect(lives.length).toBe(2)
    expect(supervisor.state).toBe('stopped')
  })
})

describe('a plugin that is refused', () => {
  it('is quarantined and never tried again by itself', async () => {
    const { supervisor, clock, lives, states } = supervise()

    lives[0]?.onEnded({ kind: 'refused', detail: 'another plugin' })
    await clock.advance(60 * MINUTE)

    expect(states).toEqual([['quarantined', 'plugin-refused']])
    expect(lives.length).toBe(1)
    expect(() => supervisor.mustRun()).toThrow(expect.objectContaining({ code: 'plugin-quarantined' }))
  })

  it('may be refused while it is being started, which is told only afterwards', async () => {
    const { supervisor, clock, states } = supervise({
      onBegin: () => {
        throw problem('plugin-refused', 'contract 2')
      },
    })

    expect(states).toEqual([])
    expect(supervisor.state).toBe('quarantined')
    await clock.advance(0)
    expect(states).toEqual([['quarantined', 'plugin-refused']])
    expect(supervisor.problem?.detail).toBe('contract 2')
  })

  it('is tried again when starting it failed for a reason of the machine', async () => {
    let failures = 1
    const { supervisor, clock, lives } = supervise({
      onBegin: () => {
        if (failures-- > 0) throw new Error('spawn ENOMEM')
      },
    })

    await clock.advance(2 * SECOND)
    lives[0]?.onReady()

    expect(supervisor.state).toBe('running')
  })
})

describe('stop', () => {
  it('stops the life, starts no other and is done once', async () => {
    const { supervisor, clock, lives, states } = supervise()

    await Promise.all([supervisor.stop(), supervisor.stop()])
    await clock.advance(60 * MINUTE)

    expect(lives.map(life => life.stopped)).toEqual([true])
    expect(states).toEqual([['stopped', undefined]])
    expect(() => supervisor.mustRun()).toThrow(expect.objectContaining({ code: 'unavailable' }))
  })

  it('forgets a restart that was waiting', async () => {
    const { supervisor, clock, lives, crash } = supervise()
    crash()

    await supervisor.stop()
    await clock.advance(MINUTE)

    expect(lives.length).toBe(1)
    expect(clock.pending).toBe(0)
  })
})
