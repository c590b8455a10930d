// SPDX-License-Identifier: Apache-2.0
/** Devices dial in over real TLS connections. */
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { connect } from 'node:tls'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realRandom } from '../../controller/system/clock.ts'
import { createCiraRoot } from '../../provisioning/pki/cira.ts'
import { ApfDevice, type DeviceOptions, noPassword, password, service, u32, version } from '../support/apf-device.ts'
import { account, ciraCertificate, GUID, startCira, type TestCira } from '../support/cira.ts'

const never = new AbortController().signal
let certificate: Awaited<ReturnType<typeof ciraCertificate>>
const running: TestCira[] = []
const devices: ApfDevice[] = []

beforeAll(async () => {
  certificate = await ciraCertificate()
})

afterEach(async () => {
  for (const device of devices.splice(0)) device.close()
  for (const { cira } of running.splice(0)) await cira.close()
})

async function start(options: Parameters<typeof startCira>[1] = {}): Promise<TestCira> {
  const started = await startCira(certificate.material, options)
  running.push(started)
  return started
}

function dialIn({ cira }: TestCira, options: Partial<DeviceOptions> = {}): ApfDevice {
  const device = new ApfDevice({ port: cira.port, guid: GUID, ...options })
  devices.push(device)
  return device
}

describe('a device', () => {
  it('is connected when it has forwarded its ports, and answers through a channel', async () => {
    const given = await start()
    const device = await dialIn(given).up()
    const tunnel = await given.connected()
    device.onData = (channel, bytes) => {
      device.adjust(channel, bytes.length)
      device.data(channel, Buffer.from(`you said ${bytes}`))
    }

    const stream = await tunnel.dial(16992, never)
    stream.write('hello')
    const [answer] = await once(stream, 'data')

    expect(String(answer)).toBe('you said hello')
    expect(tunnel).toMatchObject({ guid: GUID, project: 'default', address: '127.0.0.1', generation: 1 })
    expect([...tunnel.ports]).toEqual([16993, 16992, 664, 623, 16995, 16994, 5900])
    expect(given.verified).toEqual([{ guid: GUID, version: 1 }])
  })

  it('may send byte by byte', async () => {
    const given = await start()
    const device = await dialIn(given, { chunk: 1 }).up()

    expect((await given.connected()).guid).toBe(GUID)
    expect(device.heard.map(({ type }) => type)).toContain(210)
  })

  it('may send everything up to its first forward at once', async () => {
    const given = await start()
    const device = dialIn(given, { ports: [16992] })
    device.send([...version(GUID), ...service('auth@amt.intel.com'), ...password('admin', 'P@ssw0rd')])
    await device.take(52)
    await device.take(6)
    await device.forwardAll()

    expect((await given.connected()).generation).toBe(1)
    expect(device.heard.filter(({ type }) => type === 192)).toEqual([])
  })

  it('that never forwards port 5900 is told when to keep alive all the same', async () => {
    const given = await start()
    const device = await dialIn(given, { ports: [16993] }).up()

    expect((await device.take(210)).body.toString('hex')).toBe('0000001e0000005a')
    expect([...(await given.connected()).ports]).toEqual([16993])
  })

  it('that freezes is given up, and calls to it fail in time', async () => {
    const limits = { probeAfterMs: 300, probeAnswerMs: 300, sweepMs: 50, openMs: 400 }
    const given = await start({ limits })
    const device = await dialIn(given, { alive: false }).up()
    const tunnel = await given.connected()
    device.onOpen = () => {}

    await expect(tunnel.dial(16992, never)).rejects.toMatchObject({
      code: expect.stringMatching(/^amt-(timeout|not-connected)$/),
    })
    await given.until(() => given.told.some(each => each.what === 'disconnected'), 'end')

    expect(given.cira.tunnels.size).toBe(0)
    expect(given.told.at(-1)).toMatchObject({ what: 'disconnected', end: { reason: 'timeout' } })
  })

  it('that answers probes stays', async () => {
    const limits = { probeAfterMs: 50, probeAnswerMs: 200, sweepMs: 20 }
    const given = await start({ limits })
    const device = await dialIn(given).up()
    await given.connected()

    for (let n = 0; n < 5; n++) await device.take(208)

    expect(given.cira.tunnels.size).toBe(1)
  })
})

describe('a login', () => {
  it('that is wrong is answered with 14 bytes, and after the third the connection closes', async () => {
    const given = await start({ limits: { failureAfterMs: 10 } })
    const device = dialIn(given, { secret: 'wrong' })
    expect(await device.logIn()).toBe(51)
    expect(device.reads.at(-1)).toBe(14)
    for (let again = 0; again < 2; again++) {
      device.send(password('admin', 'wrong again'))
      expect(await device.verdict()).toBe(51)
    }

    expect((await device.take(1)).body.toString('hex')).toBe('0000000e0000')
    await device.until(() => device.closed, 'close')
    expect(given.told.map(each => (each.what === 'refused' ? each.code : each.what))).toEqual(
      new Array(3).fill('cira-wrong-password'),
    )
  })

  it('of an unknown device takes as long as a wrong one', async () => {
    const given = await start()
    const times: number[] = []
    for (const guid of [GUID, '11111111-2222-3333-4444-555555555555']) {
      const device = dialIn(given, { guid, secret: 'wrong' })
      const begun = performance.now()
      expect(await device.logIn()).toBe(51)
      times.push(performance.now() - begun)
    }

    for (const time of times) expect(time).toBeGreaterThanOrEqual(245)
  })

  it('with a pending password succeeds and says which one it was', async () => {
    const given = await start()
    const passwords = ['old', 'new'].map((text, version) => ({ version, value: Secret.of(text) }))
    given.accounts.set(GUID, account(GUID, { passwords }))

    await dialIn(given, { secret: 'new' }).up()

    expect(given.verified).toEqual([{ guid: GUID, version: 1 }])
  })

  it('by certificate takes the one of the account, and no other', async () => {
    const given = await start({ limits: { failureAfterMs: 10 } })
    const [mine, others] = await Promise.all([1, 2].map(() => createCiraRoot({ now: Date.now(), random: realRandom })))
    const fingerprint = new X509Certificate(mine!.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
    given.accounts.set(GUID, account(GUID, { certificate: fingerprint }))
    const verdicts: number[] = []
    for (const issuer of [mine, others, undefined]) {
      const tls = issuer === undefined ? {} : { cert: issuer.certificate, key: issuer.privateKey }
      const device = dialIn(given, { tls })
      device.send([...version(GUID), ...service('auth@amt.intel.com'), ...noPassword('')])
      verdicts.push(await device.verdict())
    }

    expect(verdicts).toEqual([52, 51, 51])
  })

  it('that comes too slowly or too large ends', async () => {
    const given = await start({ limits: { loginMs: 200, sweepMs: 20 } })
    const slow = dialIn(given)
    slow.send(version(GUID))
    const large = dialIn(given)
    large.send(Buffer.alloc(5_000, 192))
    const mute = connectTcp(given.cira.port, '127.0.0.1')
    mute.on('error', () => {})
    const muteClosed = once(mute, 'close')

    expect((await large.take(1)).body.readUInt32BE(0)).toBe(2)
    expect((await slow.take(1)).body.readUInt32BE(0)).toBe(16)
    await slow.until(() => slow.closed, 'close')
    await muteClosed
    await given.until(() => given.cira.load().connections === 0, 'empty house')
  })

  it('with the GUID of no machine is refused', async () => {
    const given = await start()
    for (const guid of ['00000000-0000-0000-0000-000000000000', '03000200-0400-0500-0006-000700080009']) {
      given.accounts.set(guid, account(guid))
      const device = dialIn(given, { guid })
      device.send(version(guid))
      expect((await device.take(1)).body.readUInt32BE(0)).toBe(1)
    }

    expect(given.told).toMatchObject(new Array(2).fill({ what: 'refused', code: 'cira-guid-unusable' }))
  })
})

describe('a second login of a device', () => {
  it('takes its place without it ever having been away', async () => {
    const given = await start()
    const first = await dialIn(given).up()
    const former = await given.connected()
    const stream = await former.dial(16994, never)
    const failed = once(stream, 'error')

    await dialIn(given).up()
    await given.until(() => given.cira.tunnels.find(GUID) !== former, 'newer tunnel')
    await first.until(() => first.closed, 'close')

    expect((await failed)[0]).toMatchObject({ code: 'amt-not-connected' })
    expect(given.told.map(({ what }) => what)).toEqual(['connected', 'connected'])
    expect(given.cira.tunnels.size).toBe(1)
  })

  it('with a wrong password leaves the living one alone', async () => {
    const given = await start({ limits: { failureAfterMs: 10 } })
    await dialIn(given).up()
    const tunnel = await given.connected()

    expect(await dialIn(given, { secret: 'wrong' }).logIn()).toBe(51)

    expect(given.cira.tunnels.find(GUID)).toBe(tunnel)
    await expect(tunnel.dial(16992, never)).resolves.toBeDefined()
  })

  it('from alternating addresses raises an alarm', async () => {
    const given = await start()
    for (const localAddress of ['127.0.0.2', '127.0.0.3', '127.0.0.2']) {
      await dialIn(given, { localAddress }).up()
      await given.until(() => given.cira.tunnels.find(GUID)?.address === localAddress, 'takeover')
    }

    expect(given.told).toContainEqual({
      what: 'flapping',
      guid: GUID,
      addresses: expect.arrayContaining(['127.0.0.2', '127.0.0.3']),
    })
  })
})

describe('bytes', () => {
  it('go up a hundred megabytes exactly, within the window', async () => {
    const given = await start()
    const device = await dialIn(given).up()
    const tunnel = await given.connected()
    const block = randomBytes(16_000)
    const blocks = 6_554
    let sent = 0
    device.onOpen = channel => {
      device.confirm(channel)
      const pour = () => {
        while (sent < blocks && channel.credits >= block.length) {
          device.data(channel, block)
          sent++
        }
        if (sent === blocks) device.send([97, ...u32(channel.theirs)])
        if (sent === blocks) sent++
      }
      device.onAdjust = pour
      pour()
    }
    device.onClose = () => {}

    const stream = await tunnel.dial(16994, never)
    const hash = createHash('sha256')
    let length = 0
    for await (const piece of stream) {
      hash.update(piece)
      length += piece.length
    }

    const expected = createHash('sha256')
    for (let n = 0; n < blocks; n++) expected.update(block)
    expect(length).toBe(blocks * block.length)
    expect(hash.digest('hex')).toBe(expected.digest('hex'))
  })

  it.each([
    [1, 2_000],
    [4_096, 4_000_000],
  ])('go down exactly through a window of %i', async (window, size) => {
    const given = await start()
    const device = await dialIn(given, { window }).up()
    const tunnel = await given.connected()
    const content = randomBytes(size)
    const got: Buffer[] = []
    let length = 0
    let largest = 0
    device.onData = (channel, bytes) => {
      got.push(bytes)
      length += bytes.length
      largest = Math.max(largest, bytes.length)
      device.adjust(channel, bytes.length)
    }

    const stream = await tunnel.dial(16994, never)
    stream.end(content)
    await device.until(() => length >= size && device.heard.some(({ type }) => type === 97), 'everything', 20_000)

    expect(Buffer.concat(got).equals(content)).toBe(true)
    expect(largest).toBeLessThanOrEqual(window)
  })

  it('wait at the device while nobody reads them', async () => {
    const given = await start({ window: 32_768 })
    const device = await dialIn(given).up()
    const tunnel = await given.connected()
    const stream = await tunnel.dial(16994, never)
    const [channel] = device.channels.values()
    device.data(channel!, Buffer.alloc(32_768, 7))
    await given.until(() => stream.readableLength === 32_768, 'window full')
    expect(channel!.credits).toBe(0)

    stream.resume()
    await device.until(() => channel!.credits === 32_768, 'credits')
  })
})

describe('the port', () => {
  it('answers a browser in one line and closes', async () => {
    const { cira } = await start()
    const browser = connect({ port: cira.port, host: '127.0.0.1', rejectUnauthorized: false })
    browser.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    let answer = ''
    for await (const piece of browser) answer += piece

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer.split('\r\n\r\n')[1]?.trimEnd().split('\n')).toHaveLength(1)
  })

  it.each([
    ['TLSv1', undefined, false],
    ['TLSv1.1', undefined, false],
    ['TLSv1.2', undefined, true],
    ['TLSv1.2', 'AES128-SHA', true],
    ['TLSv1.2', 'AES128-GCM-SHA256', true],
    ['TLSv1.2', 'AES256-SHA256', true],
    ['TLSv1.3', undefined, true],
  ] as const)('speaks %s %s: %s', async (tls, cipher, accepted) => {
    const given = await start()

    expect(await handshake(given.cira.port, tls, cipher)).toBe(accepted ? tls : undefined)
  })

  it('speaks TLS 1.0 to old firmware on a port of its own, which is closed unless asked for', async () => {
    expect((await start()).cira.legacyPort).toBeUndefined()
    const given = await start({ legacy: { host: '127.0.0.1', port: 0 } })

    expect(await handshake(given.cira.port, 'TLSv1')).toBeUndefined()
    for (const tls of ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const) {
      expect(await handshake(given.cira.legacyPort!, tls)).toBe(tls)
    }
    expect(await handshake(given.cira.legacyPort!, 'TLSv1', 'AES128-SHA')).toBe('TLSv1')
    const device = new ApfDevice({
      port: given.cira.legacyPort!,
      guid: GUID,
      tls: { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' },
    })
    devices.push(device)
    await device.up()
    expect((await given.connected()).guid).toBe(GUID)
  })

  it('takes up a renewed certificate and keeps its tunnels', async () => {
    let { material } = certificate
    const given = await start({ certificates: { contextFor: () => material } })
    const old = await dialIn(given).up()
    const tunnel = await given.connected()
    material = (await ciraCertificate('renewed.example')).material

    given.cira.renew()
    const fresh = dialIn(given, { guid: '11111111-2222-3333-4444-555555555555' })
    await fresh.secured()

    expect(fresh.socket.getPeerCertificate().subject.CN).toBe('renewed.example')
    expect(old.closed).toBe(false)
    expect(given.cira.tunnels.find(GUID)).toBe(tunnel)
  })

  it('lets a storm wait in turn and refuses none of it', async () => {
    const given = await start({ limits: { unauthenticated: 10, handshakesPerSecond: 200 } })
    const guids = Array.from({ length: 120 }, (_, n) => `4c4c4544-0035-5910-804b-${String(n).padStart(12, '0')}`)
    for (const guid of guids) given.accounts.set(guid, account(guid))

    await Promise.all(guids.map(guid => dialIn(given, { guid, ports: [16992] }).up()))

    expect(given.cira.tunnels.size).toBe(120)
    expect(given.told.filter(({ what }) => what === 'refused')).toEqual([])
  })

  it('is held open by garbage for nobody', async () => {
    const given = await start({ limits: { loginMs: 300, sweepMs: 20, unauthenticated: 20 } })
    for (let n = 0; n < 60; n++) {
      const socket = connectTcp(given.cira.port, '127.0.0.1')
      socket.on('error', () => {})
      if (n % 2 === 0) socket.write(randomBytes(500))
      const device = dialIn(given)
      device.socket.on('secureConnect', () => device.socket.write(randomBytes(300)))
    }

    await dialIn(given).up()

    expect((await given.connected()).guid).toBe(GUID)
    await given.until(() => given.cira.load().connections === 1, 'only one left')
    expect(given.cira.load()).toEqual({ connections: 1, waiting: 0, unauthenticated: 0 })
  })

  it('refuses more connections of one address than it may have', async () => {
    const given = await start({ limits: { connectionsPerAddress: 1 } })
    await dialIn(given).up()
    const second = dialIn(given)
    await second.until(() => second.closed, 'close')

    expect(given.told.at(-1)).toEqual({ what: 'refused', code: 'cira-too-many-connections', address: '127.0.0.1' })
  })

  it('says goodbye when it stops', async () => {
    const given = await startCira(certificate.material)
    const device = await dialIn(given).up()
    await given.connected()

    await given.cira.close()

    expect((await device.take(1)).body.readUInt32BE(0)).toBe(11)
    expect(given.told.at(-1)).toMatchObject({ what: 'disconnected', end: { reason: 'shutdown' } })
  })
})

async function handshake(
  port: number,
  tls: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3',
  ciphers?: string,
): Promise<string | undefined> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    minVersion: tls,
    maxVersion: tls,
    ciphers: `${ciphers ?? 'DEFAULT'}:@SECLEVEL=0`,
  })
  try {
    await once(socket, 'secureConnect')
    return socket.getProtocol() ?? undefined
  } catch {
    return undefined
  } finally {
    socket.destroy()
  }
}
