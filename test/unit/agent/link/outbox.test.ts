// SPDX-License-Identifier: Apache-2.0
/** How the outbox travels over a session, and what it survives. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MqttSession } from '../../../../agent/link/mqtt.ts'
import { createCourier } from '../../../../agent/link/outbox.ts'
import { silentLog } from '../../../../agent/log.ts'
import { type Journal, openJournal } from '../../../../agent/state/journal.ts'
import { findings, newUlid, ReportedMessage, ResultMessage, SECOND } from '../../../../plugins/contract/index.ts'
import { createFakeClock, type FakeClock } from '../../../../simulator/clock.ts'

const owner = { project: 'default', host: 'host-0a1b2c3d' }
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))

let clock: FakeClock
let journal: Journal
/** Ids of messages in the order they were sent, over all sessions. */
let sent: string[]
let sentMessages: Record<string, unknown>[]
/** What acknowledges the messages on their way. */
let acknowledge: (() => void)[]

beforeEach(() => {
  clock = createFakeClock(0)
  journal = openJournal(':memory:', { now: () => 0 })
  sent = []
  sentMessages = []
  acknowledge = []
})

afterEach(() => journal.close())

/** A link that acknowledges at once, or only when the test says so. */
function openCourier({ holdsBack = false } = {}) {
  const session: Pick<MqttSession, 'publish'> = {
    publish: (_, payload) => {
      const message = JSON.parse(payload) as Record<string, unknown>
      sent.push(String(message.id))
      sentMessages.push(message)
      return holdsBack ? new Promise(resolve => acknowledge.push(resolve)) : Promise.resolve()
    },
  }
  return createCourier({
    system: { clock, random },
    journal,
    log: silentLog(),
    owner,
    session: session as MqttSession,
  })
}

function putReport(section: string, observed: unknown = {}): string {
  const id = newUlid(0, random)
  const message: ReportedMessage = {
    id,
    revision: 3,
    status: 'settled',
    observed,
    plugin: { name: section, version: '1.0.0' },
    at: '2026-11-21T04:31:00.000Z',
  }
  journal.outbox.put({ id, kind: 'reported', key: section, payload: JSON.stringify(message) })
  return id
}

function putResult(output: unknown = {}): string {
  const id = newUlid(0, random)
  const command = newUlid(0, random)
  const message: ResultMessage = { id, command, status: 'succeeded', output, at: '2026-11-21T04:31:00.000Z' }
  journal.outbox.put({ id, kind: 'result', key: command, payload: JSON.stringify(message) })
  return id
}

describe('an entry', () => {
  it('is kept until a receipt names it', async () => {
    const id = putResult()
    const courier = openCourier()
    courier.flush()
    await clock.advance(0)
    expect(journal.outbox.list(10)).toHaveLength(1)

    courier.received([id])

    expect(journal.outbox.list(10)).toEqual([])
  })

  it('is sent again after 30 seconds, then ever later, until its receipt', async () => {
    const id = putResult()
    const courier = openCourier()
    courier.flush()
    const counts: number[] = []
    for (const wait of [29, 1, 59, 1, 119, 1]) {
      await clock.advance(wait * SECOND)
      counts.push(sent.length)
    }
    courier.received([id])
    await clock.advance(3_600 * SECOND)

    expect(counts).toEqual([1, 2, 2, 3, 3, 4])
    expect(sent).toHaveLength(4)
  })

  it('without a receipt is sent again in the next session', async () => {
    const id = putResult()
    const first = openCourier()
    first.flush()
    await clock.advance(0)
    first.close(true)

    openCourier().flush()

    expect(sent).toEqual([id, id])
  })

  it('that a newer report replaced is never sent again over it', async () => {
    const old = putReport('power')
    const courier = openCourier()
    courier.flush()
    await clock.advance(0)
    const fresh = putReport('power')
    courier.flush()
    await clock.advance(0)
    courier.received([fresh])

    await clock.advance(3_600 * SECOND)

    expect(sent).toEqual([old, fresh])
  })
})

describe('the window', () => {
  it('lets 32 on their way and the next after a receipt', async () => {
    const ids = Array.from({ length: 40 }, () => putResult())
    const courier = openCourier()
    courier.flush()
    await clock.advance(0)
    expect(sent).toEqual(ids.slice(0, 32))

    courier.received(ids.slice(0, 2))

    expect(sent).toEqual(ids.slice(0, 34))
  })

  it('is not blocked for ever by entries that get no receipt', async () => {
    const stuck = Array.from({ length: 32 }, () => putResult())
    const waiting = putResult()
    const courier = openCourier()
    courier.flush()

    await clock.advance(60 * SECOND)

    expect(sent).toContain(waiting)
    expect(journal.outbox.list(100)).toHaveLength(stuck.length + 1)
  })
})

describe('a message that breaks the link', () => {
  /** Sessions that break whenever the poison is on its way, unacknowledged; returns how many broke. */
  async function sessionsUntilQuiet(poison: string, limit = 10): Promise<number> {
    for (let broken = 0; broken < limit; broken++) {
      acknowledge = []
      const courier = openCourier({ holdsBack: true })
      const from = sent.length
      courier.flush()
      for (let acked = 0; ; acked++) {
        await clock.advance(0)
        const next = sent[from + acked]
        if (next === undefined || next === poison) break
        acknowledge[acked]?.()
        await clock.advance(0)
        courier.received([next])
      }
      const isBroken = sent.slice(from).includes(poison)
      courier.close(isBroken)
      if (!isBroken) return broken
    }
    return limit
  }

  it('alone twice is given up', async () => {
    const poison = putResult()

    expect(await sessionsUntilQuiet(poison)).toBe(2)
  })

  it('among others is found, and only it is given up', async () => {
    const others = [putResult(), putResult()]
    const poison = putResult()
    const late = [putResult(), putResult()]

    const broken = await sessionsUntilQuiet(poison)

    expect(broken).toBeLessThanOrEqual(4)
    expect(journal.outbox.list(100).map(each => each.id)).not.toContain(poison)
    expect(sent).toEqual(expect.arrayContaining([...others, ...late]))
  })

  it('is not blamed when we ended the session', async () => {
    putResult()
    for (let session = 0; session < 5; session++) {
      const courier = openCourier({ holdsBack: true })
      courier.flush()
      await clock.advance(0)
      courier.close(false)
    }

    expect(journal.outbox.list(10)).toHaveLength(1)
  })

  it('that is a result leaves the news of its end behind', async () => {
    const poison = putResult({ text: 'poison' })
    const { command } = JSON.parse(journal.outbox.list(1)[0]!.payload) as ResultMessage

    await sessionsUntilQuiet(poison)

    const last = sentMessages.at(-1)
    expect(last).toMatchObject({ command, status: 'succeeded', problem: { code: 'undeliverable' } })
    expect(findings(ResultMessage, last)).toEqual([])
    expect(JSON.stringify(last)).not.toContain('poison')
  })

  it('whose end cannot be told either leaves nothing', async () => {
    putResult({ text: 'poison' })
    for (let session = 0; session < 4; session++) {
      const courier = openCourier({ holdsBack: true })
      courier.flush()
      await clock.advance(0)
      courier.close(true)
    }

    expect(journal.outbox.count()).toBe(0)
  })
})

describe('a message that is too large', () => {
  it('never leaves; a report of the same revision says so instead', async () => {
    const id = putReport('power', { text: 'x'.repeat(70_000) })

    openCourier().flush()
    await clock.advance(0)

    expect(sent).not.toContain(id)
    expect(sentMessages).toEqual([
      expect.objectContaining({
        revision: 3,
        status: 'failed',
        observed: null,
        problem: expect.objectContaining({ code: 'message-too-large' }),
      }),
    ])
    expect(findings(ReportedMessage, sentMessages[0])).toEqual([])
  })
})

describe('telemetry', () => {
  it('goes after reports and results, ten batches a second, without waiting for receipts', async () => {
    for (let batch = 0; batch < 25; batch++) {
      journal.outbox.put({ id: `t${batch}`, kind: 'telemetry', key: 'load', payload: `{"id":"t${batch}"}` })
    }
    const report = putReport('power')

    const courier = openCourier()
    courier.flush()
    await clock.advance(0)
    expect(sent).toEqual([report, ...Array.from({ length: 10 }, (_, batch) => `t${batch}`)])

    await clock.advance(2 * SECOND)

    expect(sent).toHaveLength(26)
    expect(journal.outbox.count()).toBe(1)
    courier.close(false)
    expect(clock.pending).toBe(0)
  })
})
