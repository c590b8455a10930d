// SPDX-License-Identifier: Apache-2.0
/** Hostile input on the broker's port, over real sockets, each with the only accepted answer. */

import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { MqttClient } from 'mqtt'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EmbeddedBusOptions } from '../../controller/bus/embedded.ts'
import { DAY } from '../../plugins/contract/index.ts'
import { createKey, publicHalf } from '../../provisioning/pki/keys.ts'
import { buildCertificate } from '../../provisioning/pki/x509.ts'
import { spentMs } from '../support/effort.ts'
import {
  type Credentials,
  connectHost,
  connectPacket,
  createPki,
  dialing,
  dialRaw,
  openBus,
  type Pki,
  PROJECT,
  packet,
  subscribeAll,
  type TestBus,
  textField,
  topicFor,
  untilClosed,
} from '../unit/controller/bus/fixtures/bus.ts'

const A = 'host-0000000a'
const B = 'host-0000000b'

let pki: Pki
let other: Pki
let a: Credentials
let b: Credentials
let test: TestBus
let witness: MqttClient
const clients: MqttClient[] = []
const sockets: Socket[] = []

beforeAll(async () => {
  pki = await createPki()
  other = await createPki()
  a = await pki.host(A)
  b = await pki.host(B)
})

beforeEach(() => open())

afterEach(async () => {
  for (const client of clients.splice(0)) client.end(true)
  for (const socket of sockets.splice(0)) socket.destroy()
  await test.bus.close()
})

/** Opens a bus with one honest host on it, which is to notice nothing of what happens. */
async function open(more: Partial<EmbeddedBusOptions> = {}): Promise<void> {
  test = await openBus(pki, more)
  witness = await join(B, b)
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

async function raw(credentials: Credentials | undefined = a): Promise<TLSSocket> {
  const socket = await dialRaw(dialing(pki, test, credentials))
  sockets.push(socket)
  return socket
}

/** Says these bytes and resolves with what came back until the connection was closed. */
async function say(...parts: Buffer[]): Promise<Buffer> {
  const socket = await raw()
  const answer = untilClosed(socket)
  for (const part of parts) socket.write(part)
  return answer
}

async function expectUnharmed(): Promise<void> {
  const from = spentMs()
  await witness.publishAsync(topicFor(B, { kind: 'result' }), 'fine', { qos: 1 })
  expect(spentMs() - from).toBeLessThan(200)
  await expect.poll(() => test.heard.some(({ text }) => text === 'fine')).toBe(true)
  expect(test.closed.filter(([host]) => host === B)).toEqual([])
}

const result = topicFor(A, { kind: 'result' })
const publish = (topic: string, { head = 0x30, size = 1 } = {}): Buffer =>
  packet(head, Buffer.concat([textField(topic), Buffer.alloc(size, 'x')]))

describe('a handshake', () => {
  async function certificate(purpose: 'client' | 'server', period: { from: number; to: number }): Promise<Credentials> {
    const { issuing } = pki.authority
    const key = await createKey()
    const leaf = await buildCertificate({
      commonName: A,
      purpose: { kind: purpose, names: [{ type: 'url', value: `urn:muster:test:${PROJECT}:${A}:0` }] },
      publicKey: publicHalf(key),
      signingKey: createPrivateKey(issuing.privateKey),
      issuer: issuing.certificate,
      notBefore: Date.now() + period.from,
      notAfter: Date.now() + period.to,
    })
    return { cert: leaf + issuing.certificate, key }
  }

  async function attempt(more: object): Promise<void> {
    const socket = connectTls({ ...dialing(pki, test), ...more })
    socket.on('error', () => {})
    sockets.push(socket)
    // TLS 1.3 lets a client speak before it has heard what the server thinks of its certificate.
    socket.write(connectPacket({ clientId: A }))
    await untilClosed(socket)
  }

  it.each<[string, () => Promise<object>]>([
    ['without a certificate', async () => ({})],
    ['with an expired certificate', () => certificate('client', { from: -2 * DAY, to: -DAY })],
    ['with a certificate of tomorrow', () => certificate('client', { from: DAY, to: 2 * DAY })],
    ['with a certificate for servers', () => certificate('server', { from: -DAY, to: DAY })],
    ['with a certificate of another authority', () => other.host(A)],
    ['with TLS 1.2', async () => ({ ...a, maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' })],
  ])('%s fails', async (_, credentials) => {
    await attempt(await credentials())

    await expect.poll(() => test.codes()).toContain('tls')
    expect(test.admitted.map(({ host }) => host)).toEqual([B])
    await expectUnharmed()
  })

  it('with a certificate that names no host succeeds, and leads nowhere', async () => {
    const { issuing } = pki.authority
    const key = await createKey()
    const leaf = await buildCertificate({
      commonName: 'birth',
      purpose: { kind: 'client', names: [{ type: 'url', value: 'urn:muster:birth:0001' }] },
      publicKey: publicHalf(key),
      signingKey: createPrivateKey(issuing.privateKey),
      issuer: issuing.certificate,
      notBefore: Date.now() - DAY,
      notAfter: Date.now() + DAY,
    })
    const socket = await raw({ cert: leaf + issuing.certificate, key })
    socket.write(connectPacket({ clientId: A }))
    await untilClosed(socket)

    expect(test.codes()).toEqual(['not-a-host'])
    await expectUnharmed()
  })

  it('is never resumed, so that every connection shows its certificate', async () => {
    const first = await raw()
    const sessions: Buffer[] = []
    first.on('session', (session: Buffer) => sessions.push(session))
    first.write(connectPacket({ clientId: A }))
    await once(first, 'data')
    await expect.poll(() => sessions.length).toBeGreaterThan(0)
    first.destroy()

    const second = connectTls({ ...dialing(pki, test), session: sessions.at(-1)! })
    second.on('error', () => {})
    sockets.push(second)
    second.write(connectPacket({ clientId: A }))
    await untilClosed(second)

    expect(second.isSessionReused()).not.toBe(true)
    expect(test.codes()).toContain('tls')
  })

  it('that never comes is given up', async () => {
    await reopen({ limits: { handshakeMs: 200 } })
    const socket = connectTcp(test.bus.port, '127.0.0.1')
    sockets.push(socket)
    await once(socket, 'close')

    await expect.poll(() => test.codes()).toContain('tls')
    await expect.poll(() => test.bus.counts().halfOpen).toBe(0)
    await expectUnharmed()
  })
})

describe('before CONNECT', () => {
  it.each<[string, () => Buffer, string]>([
    ['HTTP', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'not-connect'],
    ['a PUBLISH', () => publish(result), 'not-connect'],
    ['64 KB of client id', () => connectPacket({ clientId: 'x'.repeat(65_535) }), 'connect-too-large'],
    ['an announcement of 256 MB', () => Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f), 'connect-too-large'],
    ['a length without end', () => Buffer.of(0x10, 0xff, 0xff, 0xff, 0xff, 0xff), 'malformed-length'],
  ])('%s is the end', async (_, bytes, code) => {
    expect((await say(bytes())).byteLength).toBe(0)

    expect(test.codes()).toEqual([code])
    await expect.poll(() => test.bus.counts().halfOpen).toBe(0)
    await expectUnharmed()
  })

  it('silence is the end, and so is one byte at a time', { timeout: 15_000 }, async () => {
    await reopen({ limits: { connectMs: 500 } })
    const silent = await raw()
    const slow = await raw()
    const from = performance.now()
    const bytes = [...connectPacket({ clientId: A })]
    const drip = setInterval(() => slow.writable && slow.write(Buffer.of(bytes.shift() ?? 0)), 100)

    await Promise.all([untilClosed(silent), untilClosed(slow)])

    clearInterval(drip)
    expect(performance.now() - from).toBeLessThan(2_000)
    expect(test.bus.counts().refused).toEqual({ 'connect-timeout': 2 })
    await expectUnharmed()
  })

  it('two hundred announcements of 256 MB cost next to nothing', { timeout: 60_000 }, async () => {
    const many = await Promise.all(Array.from({ length: 190 }, () => raw()))
    await new Promise(done => setTimeout(done, 200))
    const before = process.memoryUsage.rss()
    const filler = Buffer.alloc(65_536, 'x')

    await Promise.all(
      many.map(async socket => {
        const closed = untilClosed(socket)
        socket.write(Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f))
        for (let count = 0; count < 16 && socket.writable; count++) {
          await new Promise<void>(done => socket.write(filler, () => done()))
        }
        await closed
      }),
    )

    expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(20)
    expect(test.bus.counts().refused['connect-too-large']).toBe(190)
    await expectUnharmed()
  })
})

describe('a CONNECT', () => {
  const returnCode = (answer: Buffer): number | undefined => (answer[0] === 0x20 ? answer[3] : undefined)

  it.each<[string, () => Buffer, string, number | undefined]>([
    ['of MQTT 5', () => connectPacket({ clientId: A, version: 5 }), 'protocol-version', undefined],
    [
      'of MQTT 3.1',
      () => connectPacket({ clientId: A, protocol: 'MQIsdp', version: 3 }),
      'protocol-version',
      undefined,
    ],
    ['in the name of another host', () => connectPacket({ clientId: B }), 'client-id', undefined],
    ['without a name', () => connectPacket({ clientId: '' }), 'client-id', undefined],
    [
      'with a password',
      () => connectPacket({ clientId: A, flags: 0xc2, rest: Buffer.concat([textField('root'), textField('toor')]) }),
      'password',
      4,
    ],
    ['that wants its session kept', () => connectPacket({ clientId: A, flags: 0 }), 'session-not-clean', 2],
    ['with keep-alive 0', () => connectPacket({ clientId: A, keepAlive: 0 }), 'keep-alive', 2],
    ['with keep-alive 65535', () => connectPacket({ clientId: A, keepAlive: 65_535 }), 'keep-alive', 2],
    [
      'with the will of another',
      () =>
        connectPacket({
          clientId: A,
          flags: 0x0e,
          rest: Buffer.concat([textField(topicFor(B, { kind: 'presence' })), textField('gone')]),
        }),
      'foreign-will',
      5,
    ],
  ])('%s is refused', async (_, bytes, code, expected) => {
    const answer = await say(bytes())

    expect(returnCode(answer)).toBe(expected)
    expect(test.codes()).toEqual([code])
    expect(test.opened.map(({ host }) => host)).toEqual([B])
    await expectUnharmed()
  })

  it.each<[string, () => Buffer]>([
    ['of a made-up protocol', () => connectPacket({ clientId: A, protocol: 'MQTX' })],
    ['with the reserved flag', () => connectPacket({ clientId: A, flags: 3 })],
    ['cut short inside', () => packet(0x10, Buffer.from('\0\x04MQTT\x04\x02'))],
    ['of nothing', () => packet(0x10, Buffer.alloc(0))],
  ])('%s is the end', async (_, bytes) => {
    expect((await say(bytes())).byteLength).toBe(0)

    expect(test.opened.map(({ host }) => host)).toEqual([B])
    await expect.poll(() => test.bus.counts().halfOpen).toBe(0)
    await expectUnharmed()
  })
})

describe('a packet of an open session', () => {
  it.each<[string, () => Buffer, string]>([
    ['of 300 KB', () => publish(result, { size: 300_000 }), 'packet-too-large'],
    ['that announces 256 MB', () => Buffer.of(0x30, 0xff, 0xff, 0xff, 0x7f), 'packet-too-large'],
    ['of QoS 2', () => publish(result, { head: 0x34 }), 'qos-2'],
    ['of QoS 3', () => publish(result, { head: 0x36 }), 'malformed-header'],
    ['of an unknown type', () => Buffer.of(0xf0, 0), 'malformed-header'],
    ['that is a second CONNECT', () => connectPacket({ clientId: A }), 'second-connect'],
    ['for another host', () => publish(topicFor(B, { kind: 'result' })), 'foreign-topic'],
    ['for a host whose name begins alike', () => publish(`muster/1/${PROJECT}/${A}0/result`), 'foreign-topic'],
    ['for another project', () => publish(`muster/1/other/${A}/result`), 'foreign-topic'],
    ['for the broker itself', () => publish('$SYS/broker/x'), 'reserved-topic'],
    ['with a topic of 60 KB', () => publish('x'.repeat(60_000)), 'topic-too-long'],
  ])('%s closes it', async (_, bytes, code) => {
    const socket = await raw()
    const closed = untilClosed(socket)
    socket.write(connectPacket({ clientId: A }))
    await expect.poll(() => test.opened.length).toBe(2)
    socket.write(bytes())
    await closed

    expect(test.codes()).toEqual([code])
    await expect.poll(() => test.closed).toEqual([[A, code]])
    expect(test.heard).toEqual([])
    await expectUnharmed()
  })

  it.each<[string, string]>([
    ['with a wildcard', `muster/1/${PROJECT}/+/result`],
    ['with an empty topic', ''],
    ['with a hundred levels', 'a/'.repeat(100)],
    ['with nine levels of its own', `muster/1/${PROJECT}/${A}/a/b/c/d/e`],
  ])('%s closes it', async (_, topic) => {
    const socket = await raw()
    const closed = untilClosed(socket)
    socket.write(Buffer.concat([connectPacket({ clientId: A }), publish(topic)]))
    await closed

    await expect.poll(() => test.closed.map(([host]) => host)).toEqual([A])
    await expectUnharmed()
  })

  it('for an unknown section is acknowledged and dropped, and the session goes on', async () => {
    const client = await join(A, a)

    await client.publishAsync(topicFor(A, { kind: 'reported', section: 'from-the-future' }), '{}', { qos: 1 })
    await client.publishAsync(`muster/1/${PROJECT}/${A}/a/new/kind`, '{}', { qos: 1 })
    await client.publishAsync(topicFor(A, { kind: 'desired', section: 'os' }), '{}', { qos: 1, retain: true })
    await client.publishAsync(result, 'next', { qos: 1 })

    await expect.poll(() => test.heard.map(({ text }) => text)).toEqual(['next'])
    expect(test.codes()).toEqual(['unknown-section', 'unknown-topic', 'downward-topic'])
    expect(test.closed).toEqual([])
  })

  it('that is retained is not kept for anybody', async () => {
    const client = await join(A, a)
    await client.publishAsync(topicFor(A, { kind: 'presence' }), 'here', { qos: 1, retain: true })
    client.end(true)
    const again = await join(A, a)
    const received: string[] = []
    again.on('message', topic => received.push(topic))
    await subscribeAll(again, A)
    await again.publishAsync(result, 'x', { qos: 1 })

    expect(received).toEqual([])
  })

  it('three times in a minute for somebody else makes a host suspicious', async () => {
    for (let count = 0; count < 3; count++) {
      const socket = await raw()
      socket.write(Buffer.concat([connectPacket({ clientId: A }), publish(topicFor(B, { kind: 'result' }))]))
      await untilClosed(socket)
    }

    expect(test.suspicious).toEqual([[A, 'foreign-topic']])
  })
})

describe('a subscription', () => {
  async function granted(filters: string[]): Promise<number[]> {
    const client = await join(A, a)
    const answers: number[] = []
    for (const filter of filters) {
      const answer = await client.subscribeAsync(filter, { qos: 1 }).then(
        ([grant]) => grant?.qos ?? -1,
        () => 128,
      )
      answers.push(answer)
    }
    return answers
  }

  it.each([
    '#',
    'muster/1/#',
    `muster/1/${PROJECT}/#`,
    `muster/1/${PROJECT}/${B}/desired/+`,
    `muster/1/${PROJECT}/+/desired/+`,
    `muster/1/other/${A}/desired/+`,
    `muster/1/${PROJECT}/${A}/#`,
    '$SYS/#',
    `$share/group/muster/1/${PROJECT}/${A}/desired/+`,
  ])('to %s is refused, and the session goes on', async filter => {
    expect(await granted([filter, `muster/1/${PROJECT}/${A}/desired/+`])).toEqual([128, 1])
    expect(test.closed).toEqual([])
  })

  it('to a ninth filter is refused', async () => {
    await reopen({ limits: { subscriptions: 3 } })
    const own = `muster/1/${PROJECT}/${A}`

    expect(await granted([`${own}/desired/+`, `${own}/command/+`, `${own}/receipt`, `${own}/stream/+/down`])).toEqual([
      1, 1, 1, 128,
    ])
    expect(test.codes()).toEqual(['too-many-filters'])
  })

  it('in one packet of many thousand filters harms nobody', async () => {
    const socket = await raw()
    const filters = Array.from({ length: 8_000 }, (_, count) =>
      Buffer.concat([textField(`filter/${count}`), Buffer.of(1)]),
    )
    const subscribe = packet(0x82, Buffer.concat([Buffer.of(0, 1), ...filters]))
    const answers: Buffer[] = []
    socket.on('data', (chunk: Buffer) => answers.push(chunk))
    socket.write(Buffer.concat([connectPacket({ clientId: A }), subscribe]))

    await expect.poll(() => Buffer.concat(answers).byteLength).toBe(8_009)

    expect(
      Buffer.concat(answers)
        .subarray(-8_000)
        .every(code => code === 128),
    ).toBe(true)
    await expectUnharmed()
  })
})

describe('too much', () => {
  it('telemetry is acknowledged to nobody and dropped, with one word about it', async () => {
    await reopen({ limits: { packets: { perSecond: 100_000, burst: 100_000 } } })
    const client = await join(A, a)
    const topic = topicFor(A, { kind: 'telemetry', stream: 'cpu-load' })

    for (let count = 0; count < 10_000; count++) client.publish(topic, '1', { qos: 0 })
    await client.publishAsync(result, 'last', { qos: 1 })

    await expect.poll(() => test.heard.at(-1)?.text, { timeout: 5_000 }).toBe('last')
    expect(test.heard.length).toBeLessThan(40)
    expect(test.codes()).toEqual(['rate-telemetry'])
    expect(test.bus.counts().refused['rate-telemetry']).toBeGreaterThan(9_900)
    await expectUnharmed()
  })

  it('packets are read slowly, and in the end no more', { timeout: 15_000 }, async () => {
    await reopen({ limits: { packets: { perSecond: 50, burst: 50 }, throttledMs: 1_000 } })
    const socket = await raw()
    const closed = untilClosed(socket)
    socket.write(connectPacket({ clientId: A }))
    await expect.poll(() => test.opened.length).toBe(2)
    const flood = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.of(0xc0, 0)))
    socket.write(flood)

    await closed

    expect(test.codes()).toEqual(['packet-rate'])
    await expect.poll(() => test.closed).toEqual([[A, 'packet-rate']])
    await expectUnharmed()
  })

  it('connections from one address are refused, and the others are let in', { timeout: 20_000 }, async () => {
    await reopen({ trustLoopback: false })
    const tries = Array.from({ length: 1_000 }, () => {
      const socket = connectTcp(test.bus.port, '127.0.0.1')
      sockets.push(socket)
      socket.on('error', () => {})
      return new Promise<void>(done => socket.once('close', () => done()))
    })

    await Promise.race([Promise.all(tries.slice(0, -10)), new Promise(done => setTimeout(done, 3_000))])

    expect(test.bus.counts().halfOpen).toBeLessThanOrEqual(10)
    const { refused } = test.bus.counts()
    expect((refused['half-open-address'] ?? 0) + (refused['connect-rate-address'] ?? 0)).toBeGreaterThanOrEqual(980)
    // One word about each kind, not a thousand.
    expect(test.refused.length).toBeLessThan(5)
    await expectUnharmed()
  })

  it('what is said before the answer to CONNECT waits for it, and is nothing when that is no', async () => {
    const said = Buffer.concat([
      connectPacket({ clientId: A }),
      packet(0x82, Buffer.concat([Buffer.of(0, 1), textField(`muster/1/${PROJECT}/${A}/desired/+`), Buffer.of(1)])),
      publish(result),
      publish(result, { size: 60_000 }),
      publish(result, { size: 60_000 }),
    ])
    test.verdict = async () => {
      await new Promise(done => setTimeout(done, 100))
      return { allow: false, code: 'certificate-revoked' }
    }
    const refused = await say(said)
    expect([...refused]).toEqual([0x20, 2, 0, 5])
    expect(test.heard).toEqual([])

    test.verdict = () => ({ allow: true, standing: 'active' })
    const socket = await raw()
    const answers: Buffer[] = []
    socket.on('data', (chunk: Buffer) => answers.push(chunk))
    socket.write(said)

    await expect.poll(() => test.heard.length).toBe(3)
    expect([...Buffer.concat(answers)]).toEqual([0x20, 2, 0, 0, 0x90, 3, 0, 1, 1])
  })

  it('random bytes after CONNECT never harm the broker', { timeout: 30_000 }, async () => {
    await reopen({ limits: { connectsPerHost: { perSecond: 1_000, burst: 1_000 } } })
    let seed = 42
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed
    }
    for (let round = 0; round < 60; round++) {
      const socket = await raw()
      const head = [0x30, 0x32, 0x82, 0xa2, 0x40][random() % 5] ?? 0x30
      const noise = Buffer.from(Array.from({ length: random() % 60 }, () => random() % 256))
      socket.write(Buffer.concat([connectPacket({ clientId: A }), packet(head, noise), Buffer.of(0xe0, 0)]))
      await untilClosed(socket)
    }

    await expect.poll(() => test.bus.counts().halfOpen).toBe(0)
    await expectUnharmed()
  })
})
