// SPDX-License-Identifier: Apache-2.0
/** One MQTT session of the agent over a plain connection: how it begins, answers and ends. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type MqttSession, openSession } from '../../agent/link/mqtt.ts'
import { createClock } from '../../agent/system/clock.ts'

const never = new AbortController().signal
let aedes: Aedes
let server: Server
let sockets: Set<Socket>
let returnCode: number
const sessions: MqttSession[] = []

beforeEach(async () => {
  returnCode = 0
  sockets = new Set()
  aedes = await Aedes.createBroker({
    authenticate: (_client, _user, _password, done) => {
      if (returnCode === 0) return done(null, true)
      done(Object.assign(new Error('no'), { returnCode }), false)
    },
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, subscription.topic.startsWith('open') ? subscription : null),
    authorizePublish: (_client, packet, done) => done(packet.topic === 'forbidden' ? new Error('no') : null),
  })
  server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    aedes.handle(socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy()
  for (const socket of sockets) socket.destroy()
  await new Promise<void>(resolve => aedes.close(resolve))
  await new Promise(resolve => server.close(resolve))
})

function dial(): Socket {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => undefined)
  return socket
}

async function open(
  more: { keepaliveMs?: number; messages?: string[]; signal?: AbortSignal } = {},
): Promise<MqttSession> {
  const session = await openSession({
    stream: dial(),
    host: 'host-0a1b2c3d',
    keepaliveMs: more.keepaliveMs ?? 60_000,
    clock: createClock(),
    will: { topic: 'will', payload: 'lost' },
    onMessage: (topic, payload) => more.messages?.push(`${topic} ${Buffer.from(payload).toString()}`),
    signal: more.signal ?? never,
  })
  sessions.push(session)
  return session
}

describe('a refusal', () => {
  it.each([
    [2, 'session-refused'],
    [4, 'session-refused'],
    [5, 'session-refused'],
    [3, 'session-busy'],
  ])('with return code %i is %s', async (code, expected) => {
    returnCode = code

    await expect(open()).rejects.toMatchObject({ code: expected })
  })

  it('without a word is session-lost', async () => {
    server.removeAllListeners('connection')
    server.on('connection', socket => socket.destroy())

    await expect(open()).rejects.toMatchObject({ code: 'session-lost' })
  })

  it('of a filter is session-refused', async () => {
    const session = await open()

    await expect(session.subscribe(['closed/+'])).rejects.toMatchObject({ code: 'session-refused' })
    await expect(session.subscribe(['open/+'])).resolves.toBeUndefined()
  })
})

describe('a message', () => {
  it('resolves with the acknowledgement and arrives', async () => {
    const messages: string[] = []
    const session = await open({ messages })
    await session.subscribe(['open/+'])

    await session.publish('open/a', 'one', { qos: 1 })

    await expect.poll(() => messages).toEqual(['open/a one'])
  })

  it('without acknowledgement rejects when the link breaks under it', async () => {
    const session = await open()

    await expect(session.publish('forbidden', 'x', { qos: 1 })).rejects.toMatchObject({ code: 'session-lost' })
    expect(await session.closed).toMatchObject({ by: 'peer' })
  })

  it('after the end rejects at once', async () => {
    const session = await open()
    await session.end()

    await expect(session.publish('open/a', 'late', { qos: 1 })).rejects.toMatchObject({ code: 'session-lost' })
    await expect(session.publish('open/a', 'late', { qos: 0 })).rejects.toMatchObject({ code: 'session-lost' })
  })
})

describe('the end', () => {
  it('by us leaves the will unsaid', async () => {
    const said: string[] = []
    aedes.on('publish', packet => said.push(packet.topic))
    const session = await open()

    await session.end()

    expect(await session.closed).toMatchObject({ by: 'own' })
    expect(said).not.toContain('will')
  })

  it('by a power cut lets the will be said', async () => {
    const said = new Promise(resolve => aedes.on('publish', packet => packet.topic === 'will' && resolve('will')))
    const session = await open()

    session.destroy()

    expect(await said).toBe('will')
  })

  it('by silence is noticed through unanswered pings, however much we send meanwhile', async () => {
    // A broker that lets everybody in (CONNACK, MQTT 3.1.1 §3.2) and never says anything again.
    server.removeAllListeners('connection')
    server.on('connection', socket => {
      sockets.add(socket)
      socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 0])))
    })
    const session = await open({ keepaliveMs: 1_000 })
    const chatter = setInterval(() => void session.publish('open/a', 'x', { qos: 0 }).catch(() => undefined), 100)

    const closing = await session.closed
    clearInterval(chatter)

    expect(closing.by).toBe('silent')
  })

  it('while it begins is the reason of the signal', async () => {
    server.removeAllListeners('connection')
    const abort = new AbortController()
    const opening = open({ signal: abort.signal })
    opening.catch(() => undefined)

    abort.abort(new Error('enough'))

    await expect(opening).rejects.toThrow('enough')
  })
})
