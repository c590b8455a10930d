// SPDX-License-Identifier: Apache-2.0
/** Sessions of hosts over real TLS: admission, takeover, messages both ways, and every way a session ends. */
import { createServer, type Server } from 'node:https'
import { type Duplex, duplexPair } from 'node:stream'
import { MqttClient as Client, type MqttClient } from 'mqtt'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EmbeddedBusOptions } from '../../controller/bus/embedded.ts'
import { DEFAULT_BUS_LIMITS } from '../../controller/bus/limits.ts'
import { createUpgrade } from '../../controller/bus/websocket.ts'
import { readHostCertificate } from '../../provisioning/pki/host-certificate.ts'
import {
  type Credentials,
  connectHost,
  createPki,
  dialing,
  dialRaw,
  openBus,
  type Pki,
  PROJECT,
  subscribeAll,
  type TestBus,
  topicFor,
  untilClosed,
} from '../unit/controller/bus/fixtures/bus.ts'

const A = 'host-0000000a'
const B = 'host-0000000b'
const STREAM = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

let pki: Pki
let a: Credentials
let b: Credentials
let test: TestBus
const clients: MqttClient[] = []

beforeAll(async () => {
  pki = await createPki()
  a = await pki.host(A)
  b = await pki.host(B)
})

beforeEach(() => open())

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  await test.bus.close()
})

async function open(more: Partial<EmbeddedBusOptions> = {}): Promise<void> {
  test = await openBus(pki, more)
}

async function reopen(more: Partial<EmbeddedBusOptions>): Promise<void> {
  await test.bus.close()
  await open(more)
}

async function join(host: string, credentials: Credentials, more: Parameters<typeof connectHost>[2] = {}) {
  const client = await connectHost(dialing(pki, test, credentials), host, more)
  clients.push(client)
  return client
}

const closing = (client: MqttClient) => new Promise<void>(done => client.once('close', () => done()))
const own = (host: string) => ({ project: PROJECT, host })
const will = (host: string) => ({
  topic: topicFor(host, { kind: 'presence' }),
  payload: Buffer.from('gone'),
  qos: 1 as const,
  retain: true,
})

describe('a host that connects', () => {
  it('is admitted with what its certificate says, and opened once it was told', async () => {
    await join(A, a)

    await expect.poll(() => test.opened.length).toBe(1)
    const [peer] = test.opened
    expect(peer).toMatchObject({ host: A, project: PROJECT, installation: 'test', epoch: 0, transport: 'tls' })
    expect(peer?.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(peer?.address).toContain('127.0.0.1')
    expect(test.bus.isConnected(A)).toBe(true)
    expect(test.bus.counts()).toMatchObject({ connections: 1, halfOpen: 0, connectsTotal: 1 })
  })

  it('is refused with a CONNACK when the kernel says no', async () => {
    test.verdict = () => ({ allow: false, code: 'certificate-revoked' })

    await expect(join(A, a)).rejects.toMatchObject({ code: 5 })

    expect(test.codes()).toContain('certificate-revoked')
    expect(test.opened).toEqual([])
    expect(test.closed).toEqual([])
    await expect.poll(() => test.bus.counts().halfOpen).toBe(0)
  })

  it('is asked to come again when the kernel fails or takes too long', async () => {
    test.verdict = () => Promise.reject(new Error('no database'))
    await expect(join(A, a)).rejects.toMatchObject({ code: 3 })

    await reopen({ limits: { admitMs: 100 } })
    test.verdict = () => new Promise(() => {})
    await expect(join(A, a)).rejects.toMatchObject({ code: 3 })

    expect(test.codes()).toEqual(['admission-failed'])
  })

  it('may do so six times a minute', async () => {
    for (let count = 0; count < 6; count++) (await join(A, a)).end(true)

    await expect(join(A, a)).rejects.toMatchObject({ code: 3 })

    expect(test.codes()).toContain('connect-rate-host')
    await join(B, b)
  })

  it('replaces its own older session, which is told first', async () => {
    const first = await join(A, a, { will: will(A) })
    const closed = closing(first)

    await join(A, a)
    await closed

    await expect.poll(() => test.opened.length).toBe(2)
    const [older, newer] = test.opened
    expect(test.takenOver).toEqual([[newer, older]])
    expect(newer!.connection).toBeGreaterThan(older!.connection)
    await expect.poll(() => test.closed).toEqual([[A, 'taken-over']])
    await expect
      .poll(() => test.heard.map(({ peer, text }) => [peer.connection, text]))
      .toEqual([[older!.connection, 'gone']])
    expect(test.bus.isConnected(A)).toBe(true)
  })

  it('does not replace it when it is refused', async () => {
    const first = await join(A, a)
    test.verdict = () => ({ allow: false, code: 'certificate-revoked' })

    await expect(join(A, a)).rejects.toMatchObject({ code: 5 })

    await first.publishAsync(topicFor(A, { kind: 'result' }), 'still here', { qos: 1 })
    await expect.poll(() => test.heard.map(({ text }) => text)).toEqual(['still here'])
    expect(test.takenOver).toEqual([])
  })

  it('does not replace another one whose name it claims', async () => {
    const real = await join(A, a)

    await expect(join(A, b)).rejects.toThrow('closed')

    expect(test.codes()).toEqual(['client-id'])
    expect(test.admitted.length).toBe(1)
    await real.publishAsync(topicFor(A, { kind: 'result' }), 'still here', { qos: 1 })
    expect(test.closed).toEqual([])
  })
})

describe('messages from a host', () => {
  it('arrive with their topic and their bytes', async () => {
    const client = await join(A, a)

    await client.publishAsync(topicFor(A, { kind: 'presence' }), '{"ä":1}', { qos: 1, retain: true })
    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'os' }), 'x'.repeat(65_536), { qos: 1 })
    await client.publishAsync(topicFor(A, { kind: 'telemetry', stream: 'cpu-load' }), '', { qos: 0 })

    await expect.poll(() => test.heard.length).toBe(3)
    expect(test.heard.map(({ topic, text }) => [topic, text.length])).toEqual([
      [{ ...own(A), kind: 'presence' }, 7],
      [{ ...own(A), kind: 'reported', section: 'os' }, 65_536],
      [{ ...own(A), kind: 'telemetry', stream: 'cpu-load' }, 0],
    ])
    expect(test.bus.counts().messagesIn).toBe(3)
  })

  it('wait in the host while one is being handled', async () => {
    const client = await join(A, a)
    const { promise: handled, resolve } = Promise.withResolvers<void>()
    test.work = () => handled
    const report = (text: string) => client.publishAsync(topicFor(A, { kind: 'result' }), text, { qos: 1 })

    await report('first')
    await expect.poll(() => test.heard.length).toBe(1)
    const second = report('second')
    const early = await Promise.race([second.then(() => 'read'), new Promise(done => setTimeout(done, 100, 'waits'))])
    expect(early).toBe('waits')
    resolve()
    await second

    await expect.poll(() => test.heard.map(({ text }) => text)).toEqual(['first', 'second'])
  })

  it('do not wait for ever, nor for a kernel that fails', async () => {
    await reopen({ limits: { messageMs: 50 } })
    const client = await join(A, a)
    test.work = ({ text }) => (text === 'hang' ? new Promise(() => {}) : Promise.reject(new Error('no database')))

    for (const text of ['hang', 'fail', 'next']) {
      await client.publishAsync(topicFor(A, { kind: 'result' }), text, { qos: 1 })
    }

    await expect.poll(() => test.heard.map(({ text }) => text)).toEqual(['hang', 'fail', 'next'])
  })

  it('are told of its loss by its will, and of its leaving by nobody', async () => {
    const lost = await join(A, a, { will: will(A) })
    const left = await join(B, b, { will: will(B) })

    lost.stream.destroy()
    await left.endAsync()

    await expect
      .poll(() => [...test.closed].sort())
      .toEqual([
        [A, 'lost'],
        [B, 'left'],
      ])
    await expect.poll(() => test.heard.map(({ peer, text }) => [peer.host, text])).toEqual([[A, 'gone']])
  })
})

describe('messages to a host', () => {
  const desired = { ...own(A), kind: 'desired', section: 'os' } as const
  const payload = Buffer.from('{"revision":1}')

  it('reach it, and no other, once it has subscribed', async () => {
    const client = await join(A, a)
    const other = await join(B, b)
    const received: [string, string, number, boolean][] = []
    const strays: string[] = []
    client.on('message', (topic, body, { qos, retain }) => received.push([topic, body.toString(), qos, retain]))
    other.on('message', topic => strays.push(topic))
    await subscribeAll(other, B)

    expect(await test.bus.publish(desired, payload)).toBe(false)
    await subscribeAll(client, A)
    expect(await test.bus.publish(desired, payload, { awaitAck: true })).toBe(true)
    expect(await test.bus.publish({ ...own(A), kind: 'receipt' }, payload, { awaitAck: true })).toBe(true)
    expect(await test.bus.publish({ ...own(A), kind: 'down', stream: STREAM }, payload)).toBe(true)

    await expect
      .poll(() => received)
      .toEqual([
        [topicFor(A, { kind: 'desired', section: 'os' }), payload.toString(), 1, false],
        [topicFor(A, { kind: 'receipt' }), payload.toString(), 1, false],
        [topicFor(A, { kind: 'down', stream: STREAM }), payload.toString(), 0, false],
      ])
    expect(strays).toEqual([])
    expect(test.bus.counts().messagesOut).toBe(3)
  })

  it('go nowhere when it is away, has unsubscribed, or when they are not for hosts', async () => {
    expect(await test.bus.publish(desired, payload)).toBe(false)
    const client = await join(A, a)
    await subscribeAll(client, A)

    expect(await test.bus.publish({ ...own(A), kind: 'presence' }, payload)).toBe(false)
    expect(await test.bus.publish({ ...desired, project: 'other' }, payload)).toBe(false)
    await client.unsubscribeAsync(`muster/1/${PROJECT}/${A}/desired/+`)
    expect(await test.bus.publish(desired, payload)).toBe(false)
  })

  it('are fewer in quarantine', async () => {
    test.verdict = () => ({ allow: true, standing: 'quarantined' })
    const client = await join(A, a)
    await subscribeAll(client, A)
    const reported = (section: string) =>
      client.publishAsync(topicFor(A, { kind: 'reported', section }), 'x', { qos: 1 })

    expect(await test.bus.publish(desired, payload)).toBe(false)
    expect(await test.bus.publish({ ...desired, section: 'certificates' }, payload, { awaitAck: true })).toBe(true)
    await reported('os')
    await reported('certificates')
    await expect
      .poll(() => test.heard.map(({ topic }) => topic))
      .toEqual([{ ...own(A), kind: 'reported', section: 'certificates' }])
    test.bus.setStanding(A, 'active')

    expect(await test.bus.publish(desired, payload, { awaitAck: true })).toBe(true)
    await reported('os')
    await expect.poll(() => test.heard.length).toBe(2)
  })

  it('are many at once, each acknowledged for itself', async () => {
    const client = await join(A, a)
    const received: string[] = []
    client.on('message', (_, body) => received.push(body.toString()))
    await subscribeAll(client, A)

    const texts = Array.from({ length: 300 }, (_, count) => String(count))
    const answers = await Promise.all(
      texts.map(text => test.bus.publish(desired, Buffer.from(text), { awaitAck: true })),
    )

    expect(answers.every(Boolean)).toBe(true)
    expect(received).toEqual(texts)
  })

  it('are not acknowledged by one that is gone', async () => {
    const client = await join(A, a, { manualConnect: false, customHandleAcks: () => {} })
    await subscribeAll(client, A)

    const answer = test.bus.publish(desired, payload, { awaitAck: true })
    await expect.poll(() => test.bus.counts().messagesOut).toBe(1)
    test.bus.disconnect(A, 'test')

    expect(await answer).toBe(false)
  })

  it('stop when it does not read them, and it is let go', async () => {
    await reopen({ limits: { drainMs: 1_000, unsentBytes: 262_144 } })
    const client = await join(A, a)
    await subscribeAll(client, A)
    client.stream.pause()
    // MQTT.js reads through a stream of its own; the socket is what must stand still.
    ;(client.stream as unknown as { _handle?: { readStop(): void } })._handle?.readStop()
    const large = Buffer.alloc(60_000, 'x')
    let refused = 0

    for (let count = 0; count < 500 && refused === 0; count++) {
      const answer = test.bus.publish(desired, large)
      const settled = await Promise.race([answer, new Promise(done => setTimeout(done, 5, 'pending'))])
      if (settled === false) refused++
    }

    expect(refused).toBe(1)
    await expect.poll(() => test.closed, { timeout: 5_000 }).toEqual([[A, 'slow-reader']])
  })
})

describe('a session ends', () => {
  it('at once when its host is disconnected', async () => {
    const client = await join(A, a)
    const closed = closing(client)
    await expect.poll(() => test.opened.length).toBe(1)
    const from = performance.now()

    test.bus.disconnect(A, 'certificate-revoked')
    await closed

    expect(performance.now() - from).toBeLessThan(1_000)
    await expect.poll(() => test.closed).toEqual([[A, 'certificate-revoked']])
    expect(test.bus.isConnected(A)).toBe(false)
    test.bus.disconnect(A, 'again')
  })

  it('when its certificate expires', { timeout: 15_000 }, async () => {
    await reopen({ limits: { sweepMs: 200 } })
    const brief = await pki.host(A, { now: Date.now(), lifeMs: 3_000 })
    await join(A, brief)

    await expect.poll(() => test.closed, { timeout: 8_000 }).toEqual([[A, 'certificate-expired']])

    expect(Date.now()).toBeGreaterThanOrEqual(test.opened[0]!.notAfter)
  })

  it('not while its host does nothing but ping, which is told as a sign of life', { timeout: 15_000 }, async () => {
    await reopen({ limits: { keepAliveSeconds: { least: 1, most: 120 } } })
    await join(A, a, { keepalive: 1 })

    await expect.poll(() => test.alive, { timeout: 5_000 }).toContain(A)
    expect(test.closed).toEqual([])
  })

  it('when its host is silent for one and a half times its keep-alive', { timeout: 15_000 }, async () => {
    await reopen({ limits: { keepAliveSeconds: { least: 1, most: 120 } } })
    const client = await join(A, a, { keepalive: 1 })
    client.stream.pause()
    client.removeAllListeners('packetsend')
    ;(client as unknown as { keepaliveManager: { destroy(): void } }).keepaliveManager.destroy()

    await expect.poll(() => test.closed, { timeout: 5_000 }).toEqual([[A, 'keep-alive-timeout']])
  })

  it('with the bus, whose end nobody takes for the loss of a fleet', async () => {
    await join(A, a, { will: will(A) })
    await join(B, b, { will: will(B) })
    const half = await dialRaw(dialing(pki, test, a))

    await test.bus.close()
    await untilClosed(half)

    expect([...test.closed].sort()).toEqual([
      [A, 'shutdown'],
      [B, 'shutdown'],
    ])
    expect(test.heard).toEqual([])
  })
})

describe('memory that runs short', () => {
  it('drops telemetry, then refuses new hosts, then sheds those in quarantine', async () => {
    let use = 0
    await reopen({ memoryUse: () => use, limits: { sweepMs: 50 } })
    test.verdict = ({ host }) => ({ allow: true, standing: host === B ? 'quarantined' : 'active' })
    const client = await join(A, a)
    await join(B, b)

    use = 0.96
    await client.publishAsync(topicFor(A, { kind: 'telemetry', stream: 'cpu-load' }), '1', { qos: 0 })
    await client.publishAsync(topicFor(A, { kind: 'result' }), 'x', { qos: 1 })
    await expect.poll(() => test.heard.map(({ topic }) => topic.kind)).toEqual(['result'])
    await expect(join(B, b)).rejects.toThrow('closed')
    expect(test.closed).toEqual([])
    use = 1.01

    await expect.poll(() => test.closed).toEqual([[B, 'memory']])
    expect(test.codes()).toContain('memory')
  })
})

describe('reports while memory is short', () => {
  it('are read slowly, and none is lost', async () => {
    let use = 0.9
    await reopen({ memoryUse: () => use, limits: { slowMs: 300 } })
    const client = await join(A, a)
    const began = performance.now()

    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'os' }), '1', { qos: 1 })
    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'os' }), '2', { qos: 1 })
    await expect.poll(() => test.heard.length, { timeout: 5_000 }).toBe(2)
    expect(performance.now() - began).toBeGreaterThan(290)
    use = 0
    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'os' }), '3', { qos: 1 })

    await expect.poll(() => test.heard.length, { timeout: 5_000 }).toBe(3)
  })
})

describe('MQTT over WebSocket', () => {
  const servers: Server[] = []

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })

  let secured: Duplex[] = []
  beforeEach(() => {
    secured = []
  })

  async function web(): Promise<number> {
    const server = createServer({
      ...pki.server,
      ca: pki.authority.root.certificate,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.3',
    })
    servers.push(server)
    server.on('upgrade', createUpgrade({ bus: () => test.bus, identify: der => readHostCertificate(der) }))
    server.on('secureConnection', (socket: Duplex) => secured.push(socket))
    await new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()))
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  const over = (port: number) => ({ protocol: 'wss', port, path: '/mqtt', wsOptions: { origin: undefined } }) as const

  it('is a session as over TLS', async () => {
    const client = await join(A, a, over(await web()))
    await subscribeAll(client, A)
    const received: string[] = []
    client.on('message', (_, body) => received.push(body.toString()))

    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'os' }), 'x'.repeat(60_000), { qos: 1 })
    const payload = Buffer.from('hello')
    expect(await test.bus.publish({ ...own(A), kind: 'receipt' }, payload, { awaitAck: true })).toBe(true)

    await expect.poll(() => test.heard.map(({ text }) => text.length)).toEqual([60_000])
    expect(received).toEqual(['hello'])
    expect(test.opened[0]).toMatchObject({ host: A, transport: 'websocket' })
    test.bus.disconnect(A, 'test')
    await expect.poll(() => test.closed).toEqual([[A, 'test']])
  })

  it('ends at once when its connection is cut, without waiting for a ping', async () => {
    await join(A, a, over(await web()))

    secured[0]?.destroy()

    await expect.poll(() => test.closed).toEqual([[A, 'lost']])
    expect(test.bus.isConnected(A)).toBe(false)
  })

  it('is refused without a certificate, for another path, and to browsers', async () => {
    const port = await web()

    await expect(join(A, { cert: '', key: '' }, over(port))).rejects.toThrow()
    await expect(join(A, a, { ...over(port), path: '/other' })).rejects.toThrow()
    await expect(join(A, a, { ...over(port), wsOptions: { origin: 'https://example.org' } })).rejects.toThrow()

    expect(test.admitted).toEqual([])
  })
})

describe('the keys of a connection', () => {
  const withHybridOnly = () => dialRaw({ ...dialing(pki, test, a), ecdhCurve: 'X25519MLKEM768' })

  it('are agreed on without ML-KEM, which would hold 7 KB for each', async () => {
    await expect(withHybridOnly()).rejects.toThrow('handshake failure')

    expect(test.codes()).toEqual(['tls'])
    const socket = await dialRaw(dialing(pki, test, a))
    socket.destroy()
  })

  it('are agreed on with it where that is asked for', async () => {
    await reopen({ keyExchange: 'hybrid' })

    const socket = await withHybridOnly()

    expect(socket.getProtocol()).toBe('TLSv1.3')
    socket.destroy()
  })
})

describe('MQTT over a stream of another kind', () => {
  it('is a session like any other', async () => {
    const [here, there] = duplexPair()
    const identity = readHostCertificate(a.cert)!
    test.bus.accept(there, identity, '192.0.2.7')
    const client = new Client(() => here, {
      clientId: A,
      protocolVersion: 4,
      clean: true,
      keepalive: 60,
      reconnectPeriod: 0,
    })
    clients.push(client)
    await new Promise(done => client.once('connect', done))

    await client.publishAsync(topicFor(A, { kind: 'result' }), 'over', { qos: 1 })

    expect(test.opened[0]).toMatchObject({ host: A, transport: 'websocket', address: '192.0.2.7' })
    await expect.poll(() => test.heard.map(({ text }) => text)).toEqual(['over'])
  })

  it('passes the same fences', async () => {
    await reopen({ limits: { halfOpenPerAddress: 2 } })
    const identity = readHostCertificate(a.cert)!
    const streams = Array.from({ length: 3 }, () => {
      const [, there] = duplexPair()
      test.bus.accept(there, identity, '192.0.2.7')
      return there
    })

    expect(streams.map(stream => stream.destroyed)).toEqual([false, false, true])
    expect(test.codes()).toEqual(['half-open-address'])
    expect(DEFAULT_BUS_LIMITS.halfOpenPerAddress).toBe(10)
  })
})

describe('a storm', () => {
  it('of a hundred and fifty hosts waits for its turn, and all get in', { timeout: 60_000 }, async () => {
    await reopen({ limits: { connects: { perSecond: 40, burst: 10 } } })
    const began = performance.now()
    const hosts = Array.from({ length: 150 }, (_, count) => `host-${count.toString(16).padStart(8, '0')}`)
    const credentials = await Promise.all(hosts.map(host => pki.host(host)))

    await Promise.all(
      hosts.map(async (host, count) => {
        for (;;) {
          try {
            return await join(host, credentials[count]!)
          } catch {
            await new Promise(done => setTimeout(done, 100 + Math.random() * 900))
          }
        }
      }),
    )

    expect(test.bus.counts().connections).toBe(150)
    // Ten come in at once; the others wait, and none of them is sent away.
    expect(performance.now() - began).toBeGreaterThan(3_000)
    expect(test.codes()).not.toContain('connect-rate')
  })
})
