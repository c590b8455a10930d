// SPDX-License-Identifier: Apache-2.0
/** Commands run once, never late, and end with exactly one result, wherever the agent dies. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CommandRunner, createRunner } from '../../../../agent/commands/runner.ts'
import { silentLog } from '../../../../agent/log.ts'
import { type LocalPolicy, OPEN_POLICY } from '../../../../agent/policy.ts'
import { createGate, type Gate } from '../../../../agent/reconcile/gate.ts'
import type { Unit } from '../../../../agent/reconcile/unit.ts'
import { type Journal, openJournal } from '../../../../agent/state/journal.ts'
import type { System } from '../../../../agent/system/system.ts'
import {
  defineProblems,
  findings,
  formatTime,
  type Handler,
  MINUTE,
  newUlid,
  ResultMessage,
  SECOND,
} from '../../../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'
import { AUDIENCE, bytesOf, lamp, NOW, random, signedCommand } from '../orders.ts'

const problem = defineProblems({ 'bulb-broken': { status: 500, title: 'The bulb broke', retry: 'never' } })

type Input = { delay: number }
type Act = Handler<Input, unknown>

let clock: FakeClock
let journal: Journal
let gate: Gate
let bootId: string
let policy: LocalPolicy
let refused: string[]
/** What the lamp was told to do, in order. */
let acts: string[]
let handlers: Record<string, Act>
let runner: CommandRunner

beforeEach(() => {
  clock = createFakeClock(NOW)
  journal = openJournal(':memory:', { now: () => clock.now() })
  gate = createGate({ clock, windows: () => [], linkIsUp: () => true })
  bootId = 'boot-1'
  policy = OPEN_POLICY
  refused = []
  acts = []
  const act: Act = {
    run: async (_, { id }) => {
      acts.push(id)
      return { done: true }
    },
  }
  handlers = { blink: act, swap: act, look: act }
  runner = startRunner()
})

afterEach(() => {
  runner.stop()
  journal.close()
})

function startRunner(): CommandRunner {
  const unit = { section: lamp, running: { commands: handlers } } as unknown as Unit
  return createRunner({
    system: { clock, random, bootId: async () => bootId } as unknown as System,
    journal,
    log: silentLog(),
    gate,
    unit: section => (section === 'lamp' ? unit : undefined),
    setting: () => ({ audience: AUDIENCE, now: clock.now(), policy }),
    flush: () => undefined,
    refused: why => refused.push(why.code),
  })
}

function send(message: object): void {
  runner.accept('lamp', bytesOf(message))
}

/** A handler that waits to be told how it ends. */
function slow(): Act & { end: PromiseWithResolvers<unknown> } {
  const end = Promise.withResolvers<unknown>()
  return {
    end,
    run: (_, { id, signal }) => {
      acts.push(id)
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        void end.promise.then(resolve, reject)
      })
    },
  }
}

function results(): ResultMessage[] {
  const found = journal.outbox.list(100).map(each => JSON.parse(each.payload) as ResultMessage)
  expect(found.flatMap(each => findings(ResultMessage, each))).toEqual([])
  return found
}

const settle = () => clock.advance(0)

describe('a command', () => {
  it('runs and leaves its result in journal and outbox', async () => {
    const message = signedCommand()

    send(message)
    await settle()

    expect(acts).toEqual([message.head.id])
    expect(results()).toEqual([
      expect.objectContaining({
        command: message.head.id,
        status: 'succeeded',
        output: { done: true },
        startedAt: formatTime(NOW),
      }),
    ])
    expect(journal.commands.get(message.head.id)).toEqual({ state: 'done', result: results()[0] })
  })

  it('that fails says why', async () => {
    handlers.blink = { run: () => Promise.reject(problem('bulb-broken')) }

    send(signedCommand())
    await settle()

    expect(results()).toEqual([
      expect.objectContaining({ status: 'failed', problem: expect.objectContaining({ code: 'bulb-broken' }) }),
    ])
  })

  it('is in the journal before it runs', async () => {
    let before: unknown
    handlers.blink = {
      run: async (_, { id }) => {
        before = journal.commands.get(id)
        return {}
      },
    }

    send(signedCommand())
    await settle()

    expect(before).toEqual({ state: 'begun' })
  })

  it('that cannot be written down does not run, and the runner goes on', async () => {
    journal.close()
    journal = openJournal(':memory:', { now: () => 0, maxPages: 13 })
    runner = startRunner()
    const begin = (): boolean =>
      journal.commands.begin({ id: newUlid(NOW, random), startedAt: 0, bootId: '', message: signedCommand() }, 0)
    const fill = (): void => {
      while (begin());
    }
    expect(fill).toThrow(expect.objectContaining({ code: 'disk-full' }))

    send(signedCommand({}, { input: { delay: 2 } }))
    await settle()
    expect(acts).toEqual([])

    for (const { id } of journal.commands.unfinished()) journal.commands.finish(id, { id } as ResultMessage)
    journal.commands.forgetBefore(1)
    const next = signedCommand()
    send(next)
    await settle()
    expect(acts).toEqual([next.head.id])
  })
})

describe('the same id', () => {
  it('twice runs once, and the second is answered with the stored result', async () => {
    const message = signedCommand()
    send(message)
    await settle()
    journal.outbox.remove(journal.outbox.list(10).map(each => each.id))

    send(message)
    await settle()

    expect(acts).toHaveLength(1)
    expect(results()).toEqual([expect.objectContaining({ command: message.head.id, status: 'succeeded' })])
  })

  it('in two messages at once runs once', async () => {
    const message = signedCommand()

    send(message)
    send(message)
    await settle()

    expect(acts).toHaveLength(1)
    expect(results()).toHaveLength(1)
  })

  it('after a restart runs no second time', async () => {
    const message = signedCommand()
    send(message)
    await settle()
    runner.stop()

    bootId = 'boot-2'
    runner = startRunner()
    await runner.recover()
    send(message)
    await settle()

    expect(acts).toHaveLength(1)
    expect(results()).toHaveLength(1)
  })

  it('that was refused is refused again, whatever has changed since', async () => {
    const message = signedCommand()
    policy = { ...OPEN_POLICY, deny: ['lamp/blink'] }
    send(message)
    policy = OPEN_POLICY

    send(message)
    await settle()

    expect(acts).toEqual([])
    expect(results()).toEqual([
      expect.objectContaining({ status: 'refused', problem: expect.objectContaining({ code: 'local-policy' }) }),
    ])
  })
})

describe('a deadline', () => {
  it('that has passed on the way makes it expired', async () => {
    const message = signedCommand()
    await clock.advance(2 * MINUTE)

    send(message)
    await settle()

    expect(acts).toEqual([])
    expect(results()).toEqual([expect.objectContaining({ status: 'expired' })])
  })

  it('that passes while it waits for its turn makes it expired', async () => {
    const first = slow()
    handlers.blink = first
    const [running, waiting] = [signedCommand(), signedCommand()]
    send(running)
    send(waiting)
    await clock.advance(3 * MINUTE)

    first.end.resolve({})
    await settle()

    expect(acts).toEqual([running.head.id])
    expect(results().map(each => [each.command, each.status])).toEqual([
      [running.head.id, 'succeeded'],
      [waiting.head.id, 'expired'],
    ])
  })

  it('that passes while another act disturbs the host makes it expired', async () => {
    gate.enter('power', { do: 'restart', impact: 'service', why: '' })
    send(signedCommand({ name: 'swap' }))
    await clock.advance(3 * MINUTE)

    gate.leave('power')
    await settle()

    expect(acts).toEqual([])
    expect(results()).toEqual([expect.objectContaining({ status: 'expired' })])
  })
})

describe('many commands', () => {
  it('of one section run one after the other', async () => {
    const first = slow()
    handlers.blink = first
    const messages = [signedCommand(), signedCommand()]
    for (const message of messages) send(message)
    await settle()
    expect(acts).toHaveLength(1)

    first.end.resolve({})
    await settle()

    expect(acts).toEqual(messages.map(message => message.head.id))
  })

  it('beyond sixteen are refused at once, and later ones run again', async () => {
    const first = slow()
    handlers.blink = first
    for (let count = 0; count < 17; count++) send(signedCommand())
    await settle()
    expect(results().map(each => [each.status, each.problem?.code])).toEqual([['refused', 'too-many-commands']])

    first.end.resolve({})
    await settle()
    const late = signedCommand()
    send(late)
    await settle()

    expect(acts).toHaveLength(17)
    expect(acts).toContain(late.head.id)
  })
})

describe('a message that proves nothing', () => {
  it('is counted and not answered', async () => {
    send(signedCommand({}, { key: 'stranger' }))
    await settle()

    expect(refused).toEqual(['unknown-key'])
    expect(journal.outbox.count()).toBe(0)
  })

  it('for its id leaves the real one free to run', async () => {
    const real = signedCommand()
    send({ ...signedCommand({ id: real.head.id }, { key: 'audit' }) })

    send(real)
    await settle()

    expect(acts).toEqual([real.head.id])
  })
})

describe('an agent that dies', () => {
  /** The points at which a power cut may come, by what is in the journal then. */
  const dieWhileRunning = async (message: object): Promise<void> => {
    const held = slow()
    handlers.blink = held
    send(message)
    await settle()
    runner.stop()
    await settle()
  }

  it('before the command began leaves it to run when it is sent again', async () => {
    const message = signedCommand()
    runner.stop()
    runner = startRunner()

    await runner.recover()
    send(message)
    await settle()

    expect(acts).toEqual([message.head.id])
    expect(results()).toHaveLength(1)
  })

  it('while it runs ends it as interrupted when nobody can tell what became of it', async () => {
    const message = signedCommand()
    await dieWhileRunning(message)
    expect(results()).toEqual([])

    runner = startRunner()
    await runner.recover()
    send(message)
    await settle()

    expect(acts).toHaveLength(1)
    expect(results()).toEqual([
      expect.objectContaining({ status: 'failed', problem: expect.objectContaining({ code: 'interrupted' }) }),
    ])
  })

  it.each([
    ['boot-1', false],
    ['boot-2', true],
  ])('while it runs asks the plugin what became of it (%s)', async (nextBoot, rebooted) => {
    await dieWhileRunning(signedCommand())
    let asked: unknown
    handlers.blink = {
      run: () => Promise.reject(new Error('it must not act again')),
      recover: async (input, context) => {
        asked = { input, rebooted: context.rebooted, startedAt: context.startedAt }
        return { done: true }
      },
    }

    bootId = nextBoot
    runner = startRunner()
    await runner.recover()

    expect(asked).toEqual({ input: { delay: 1 }, rebooted, startedAt: NOW })
    expect(results()).toEqual([expect.objectContaining({ status: 'succeeded', output: { done: true } })])
  })

  it('while it asks, asks again', async () => {
    await dieWhileRunning(signedCommand())
    const asking = slow()
    handlers.blink = { ...asking, recover: (input, context) => asking.run(input, context) }
    runner = startRunner()
    void runner.recover()
    await settle()
    runner.stop()
    await settle()
    expect(results()).toEqual([])

    handlers.blink = { ...asking, recover: async () => ({ done: true }) }
    runner = startRunner()
    await runner.recover()

    expect(results()).toHaveLength(1)
  })

  it('between result and outbox never leaves one without the other', async () => {
    const message = signedCommand()
    const { outbox } = journal
    const put = outbox.put
    outbox.put = () => {
      throw new Error('the power went')
    }
    send(message)
    await settle()
    expect(journal.commands.get(message.head.id)).toEqual({ state: 'begun' })

    outbox.put = put
    runner.stop()
    runner = startRunner()
    await runner.recover()

    expect(results()).toHaveLength(1)
    expect(journal.commands.get(message.head.id)?.state).toBe('done')
  })

  it('is not asked about commands of plugins that are gone', async () => {
    await dieWhileRunning(signedCommand())
    delete handlers.blink

    runner = startRunner()
    await runner.recover()

    expect(results()).toEqual([expect.objectContaining({ problem: expect.objectContaining({ code: 'interrupted' }) })])
  })
})

describe('what is remembered', () => {
  it('is kept for a day after the deadline', async () => {
    const message = signedCommand({ id: newUlid(NOW, random) })
    send(message)
    await settle()
    const deadline = NOW + 2 * MINUTE

    journal.commands.forgetBefore(deadline + 24 * 60 * MINUTE - SECOND)
    expect(journal.commands.get(message.head.id)?.state).toBe('done')

    journal.commands.forgetBefore(deadline + 24 * 60 * MINUTE + SECOND)
    expect(journal.commands.get(message.head.id)).toBeUndefined()
  })

  it('is forgotten after that when the next command comes, however long the agent has been running', async () => {
    const message = signedCommand({ id: newUlid(NOW, random) })
    send(message)
    await settle()
    await clock.advance(24 * 60 * MINUTE + 3 * MINUTE)
    expect(journal.commands.get(message.head.id)?.state).toBe('done')

    const [issuedAt, expiresAt] = [formatTime(clock.now()), formatTime(clock.now() + MINUTE)]
    send(signedCommand({ id: newUlid(clock.now(), random), issuedAt, expiresAt }))
    await settle()

    expect(journal.commands.get(message.head.id)).toBeUndefined()
    expect(acts).toHaveLength(2)
  })
})
