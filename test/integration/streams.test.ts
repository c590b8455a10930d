// SPDX-License-Identifier: Apache-2.0
/** Streams between a controller's bus and a host's link: exact, bounded, and gone with the session. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type MqttSession, openSession } from '../../agent/link/mqtt.ts'
import { createHostStreams, type HostStreams } from '../../agent/streams/streams.ts'
import type { Bus, BusEvents } from '../../controller/bus/bus.ts'
import { createSwitchboard, type Switchboard } from '../../controller/streams/switchboard.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { hostFilters, parseTopic, STREAM, topicOf } from '../../plugins/contract/index.ts'
import {
  type Credentials,
  createPki,
  dialing,
  dialRaw,
  openBus,
  type Pki,
  PROJECT,
  type TestBus,
} from '../unit/controller/bus/fixtures/bus.ts'

const A = 'host-0000000a'
const OWNER = { project: PROJECT, host: A }
const MEGABYTE = 1_048_576
const nothing = (): void => undefined
const KERNEL: BusEvents = {
  admit: async () => ({ allow: true, standing: 'active' }),
  opened: nothing,
  closed: nothing,
  message: async () => undefined,
  refused: refusal => refused.push(refusal.code),
  takenOver: nothing,
  suspicious: nothing,
}

let pki: Pki
let credentials: Credentials
let test: TestBus
let board: Switchboard
let session: MqttSession
let host: HostStreams
let refused: string[]

beforeAll(async () => {
  pki = await createPki()
  credentials = await pki.host(A)
})

beforeEach(async () => {
  refused = []
  const bus = (): Bus => test.bus
  board = createSwitchboard({ clock: realClock, random: realRandom, bus })
  test = await openBus(pki, {
    events: board.within(KERNEL),
    isOpenStream: (owner, stream) => board.isOpen(owner, stream),
  })
  session = await openSession({
    stream: await dialRaw(dialing(pki, test, credentials)),
    host: A,
    keepaliveMs: 60_000,
    clock: realClock,
    will: { topic: topicOf({ ...OWNER, kind: 'presence' }), payload: 'gone' },
    onMessage: (text, payload) => {
      const topic = parseTopic(text)
      if (topic?.kind === 'down') host.take(topic.stream, payload)
    },
    signal: new AbortController().signal,
  })
  await session.subscribe(hostFilters(OWNER))
  host = createHostStreams({
    clock: realClock,
    isUp: () => true,
    send: (id, frame) => session.send(topicOf({ ...OWNER, kind: 'up', stream: id }), frame),
  })
})

afterEach(async () => {
  session.destroy()
  host.closeAll()
  await test.bus.close()
})

async function joined(): Promise<{ readonly id: string; readonly near: Duplex; readonly far: Duplex }> {
  const { id, duplex, answered } = board.open(OWNER)
  const far = host.open(id)
  await answered
  return { id, near: duplex, far }
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('a stream', () => {
  it('carries two megabytes down and up again, and not one byte differently', async () => {
    const { near, far } = await joined()
    const bytes = Buffer.from(realRandom(2 * MEGABYTE))

    far.pipe(far)
    near.end(bytes)

    expect(digest(await buffer(near))).toBe(digest(bytes))
    expect(refused).toEqual([])
  }, 20_000)

  it('stays within what a controller takes when it carries many small writes', async () => {
    const { near, far } = await joined()
    for (let count = 0; count < 3_000; count++) far.write(Buffer.of(count & 0xff, count >> 8))
    far.end()

    const got = await buffer(near)

    expect(got.length).toBe(6_000)
    expect(got.readUInt16LE(5_998)).toBe(2_999)
    expect(refused).toEqual([])
  }, 20_000)

  it.each(['up', 'down'] as const)('sends no more than a window to an end that does not read (%s)', async way => {
    const { near, far } = await joined()
    const [from, to] = way === 'up' ? [far, near] : [near, far]
    let left = false
    from.write(Buffer.alloc(STREAM.windowBytes + 1), () => {
      left = true
    })
    const before = test.bus.counts()
    await expect
      .poll(() => test.bus.counts().messagesIn + test.bus.counts().messagesOut - before.messagesIn - before.messagesOut)
      .toBeGreaterThanOrEqual(STREAM.windowBytes / STREAM.frameBytes)

    expect(left).toBe(false)
    to.resume()
    await expect.poll(() => left).toBe(true)
  })

  it('is closed at the controller when the host closes it, and the other way round', async () => {
    const one = await joined()
    one.far.destroy()
    await once(one.near, 'close')

    const other = await joined()
    other.near.destroy()
    await once(other.far, 'close')

    expect(board.isOpen(OWNER, one.id) || board.isOpen(OWNER, other.id)).toBe(false)
  })

  it('is closed when the session of its host is lost', async () => {
    const { id, near } = await joined()

    session.destroy()
    await once(near, 'close')

    expect(board.isOpen(OWNER, id)).toBe(false)
    await expect.poll(() => test.bus.isConnected(A)).toBe(false)
    expect(() => board.open(OWNER)).toThrow(expect.objectContaining({ code: 'stream-host-away' }))
  })

  it('rejects whoever waits for a host that goes away instead', async () => {
    const { answered } = board.open(OWNER)

    session.destroy()

    await expect(answered).rejects.toMatchObject({ code: 'stream-closed' })
  })
})

describe('a host', () => {
  it('has so many streams and no more', async () => {
    for (let count = 0; count < STREAM.perHost; count++) await joined()

    expect(() => board.open(OWNER)).toThrow(expect.objectContaining({ code: 'stream-limit' }))
  })

  it('cannot speak on a stream that nobody opened for it', async () => {
    const other = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
    host.open(other)

    await expect.poll(() => refused).toContain('stream-not-open')
    expect(board.isOpen({ ...OWNER, host: 'host-0000000b' }, (await joined()).id)).toBe(false)
  })

  it('opens an id once', async () => {
    const { id } = await joined()

    expect(() => host.open(id)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  })
})
