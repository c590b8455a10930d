// SPDX-License-Identifier: Apache-2.0
/** Who may say what when on the connection of a device, and what is answered. */
import { describe, expect, it } from 'vitest'
import { encode } from '../../../../../../controller/modules/oob/apf/encode.ts'
import { SERVICE } from '../../../../../../controller/modules/oob/apf/messages.ts'
import { bench, forward, forwarding, GUID, hello, kinds, login } from './wire.ts'

describe('the handshake', () => {
  it('answers everything but the version, and forwards with their port', async () => {
    const { peer, clock, registry, told, verified } = bench()
    const device = peer()

    device.say(hello()[0]!)
    expect(device.sent()).toEqual([])
    device.say(hello()[1]!)
    expect(device.sent()).toEqual([{ kind: 'service-accept', service: SERVICE.auth }])
    device.say(login())
    await clock.advance(0)
    expect(device.sent()).toEqual([{ kind: 'userauth-success' }])
    expect(registry.size).toBe(0)
    device.say(forwarding)
    expect(device.sent()).toEqual([{ kind: 'service-accept', service: SERVICE.forward }])
    device.say(forward(16993))
    expect(device.sent()).toEqual([{ kind: 'request-success', port: 16993 }])
    expect(told).toEqual([])
    device.say(forward(16992))
    expect(device.sent()).toEqual([
      { kind: 'request-success', port: 16992 },
      { kind: 'keepalive-options-request', interval: 30, timeout: 90 },
    ])
    expect(told).toEqual(['connected 1'])
    expect([...registry.find(GUID)!.ports]).toEqual([16993, 16992])
    expect(verified).toEqual([3])
  })

  it('takes the whole of it byte by byte', async () => {
    const { peer, clock, told } = bench()
    const device = peer()
    const split = (raw: Buffer) => {
      for (const byte of raw) device.bytes(Buffer.of(byte))
    }

    for (const message of [...hello(), login()]) split(encode(message))
    await clock.advance(0)
    for (const message of [forwarding, forward(16992)]) split(encode(message))

    expect(told).toEqual(['connected 1'])
  })

  it('tells a device that never forwards its WSMAN port when to keep alive, once it is quiet', async () => {
    const { peer, clock, told } = bench()
    const device = peer()
    device.say(...hello(), login())
    await clock.advance(0)
    device.say(forwarding, forward(16993))
    await clock.advance(200)
    device.say(forward(16995))
    await clock.advance(200)
    expect(told).toEqual([])

    await clock.advance(200)

    expect(told).toEqual(['connected 1'])
    expect(kinds(device.sent())).toContain('keepalive-options-request')
  })

  it('replaces a forward that is said again and answers one that is cancelled', async () => {
    const { up } = bench()
    const { peer, tunnel } = await up([16992, 16994])

    peer.say(forward(16994))
    expect(peer.sent()).toEqual([{ kind: 'request-success', port: 16994 }])
    peer.say({ ...forward(16994), request: 'cancel-tcpip-forward' } as never)

    expect([...tunnel.ports]).toEqual([16992])
  })

  it('passes over a login after the login', async () => {
    const { up } = bench()
    const { peer } = await up()

    peer.say(login('wrong'))

    expect(peer.sent()).toEqual([])
    expect(peer.ended).toBe(false)
  })
})

describe('a login', () => {
  it.each([
    ['a wrong password', () => login('wrong'), GUID, 'cira-wrong-password'],
    ['a wrong user', () => login('P@ssw0rd', 'root'), GUID, 'cira-wrong-password'],
    ['an unknown device', () => login(), '99112233-4455-6677-8899-aabbccddeeff', 'cira-unknown-device'],
  ])('with %s fails after the same time', async (_what, attempt, guid, code) => {
    const { peer, clock, told } = bench()
    const device = peer()
    device.say(...hello(guid))
    device.sent()

    device.say(attempt())
    await clock.advance(249)
    expect(device.sent()).toEqual([])
    await clock.advance(1)

    expect(device.sent()).toEqual([{ kind: 'userauth-failure', methods: 'password', partial: false }])
    expect(told).toEqual([`refused ${code}`])
    expect(device.ended).toBe(false)
  })

  it('may be tried again, and the third failure closes', async () => {
    const { peer, clock } = bench()
    const device = peer()
    device.say(...hello())
    device.sent()
    for (let attempt = 0; attempt < 2; attempt++) {
      device.say(login('wrong'))
      await clock.advance(250)
    }
    expect(kinds(device.sent())).toEqual(['userauth-failure', 'userauth-failure'])

    device.say(login('wrong'))
    await clock.advance(250)

    expect(device.sent()).toEqual([
      { kind: 'userauth-failure', methods: 'password', partial: false },
      { kind: 'disconnect', reason: 14 },
    ])
    expect(device.ended).toBe(true)
  })

  it('is not even tried after five failures within a minute, and is a minute later', async () => {
    const { peer, clock, told } = bench({ attemptsPerConnection: 10 })
    const device = peer()
    device.say(...hello())
    for (let attempt = 0; attempt < 5; attempt++) {
      device.say(login('wrong'))
      await clock.advance(250)
    }
    device.say(login())
    await clock.advance(250)
    expect(told.at(-1)).toBe('refused cira-throttled')

    await clock.advance(60_000)
    const again = peer()
    again.say(...hello(), login())
    await clock.advance(0)

    expect(kinds(again.sent())).toContain('userauth-success')
  })

  it('takes the certificate of the account and no other', async () => {
    const { peer, clock, known } = bench()
    const certificate = 'ab'.repeat(32)
    known.set(GUID, { ...known.get(GUID)!, certificate })
    const attempt = { kind: 'userauth-request', user: '', service: SERVICE.forward, method: 'none' } as const
    const wrong = peer()
    wrong.fingerprint = 'cd'.repeat(32)
    const none = peer()
    const right = peer()
    right.fingerprint = certificate
    for (const device of [wrong, none, right]) device.say(...hello(), attempt)
    await clock.advance(250)

    expect(kinds(wrong.sent())).toEqual(['service-accept', 'userauth-failure'])
    expect(kinds(none.sent())).toEqual(['service-accept', 'userauth-failure'])
    expect(kinds(right.sent())).toEqual(['service-accept', 'userauth-success'])
  })

  it('without a certificate in the account is never done by method none', async () => {
    const { peer, clock } = bench()
    const device = peer()
    device.say(...hello(), { kind: 'userauth-request', user: 'admin', service: SERVICE.forward, method: 'none' })
    await clock.advance(250)

    expect(kinds(device.sent())).toEqual(['service-accept', 'userauth-failure'])
  })
})

describe('what breaks the protocol', () => {
  it.each([
    ['a login before the version', [login()], 2],
    ['a channel before the login', [...hello(), { kind: 'channel-close', recipient: 1 } as const], 2],
    ['a keepalive before the login', [...hello(), { kind: 'keepalive-request', cookie: 1 } as const], 2],
    ['another protocol version', [{ ...hello()[0]!, major: 2 } as never], 8],
    ['a service nobody offers', [hello()[0]!, { kind: 'service-request', service: 'ssh-userauth' } as const], 7],
    ['the GUID of no machine', hello('00000000-0000-0000-0000-000000000000'), 1],
    ['the GUID of many machines', hello('03000200-0400-0500-0006-000700080009'), 1],
  ])('is %s: disconnected with the reason', async (_what, messages, reason) => {
    const { peer, clock } = bench()
    const device = peer()

    device.say(...messages)
    await clock.advance(0)

    expect(device.sent().at(-1)).toEqual({ kind: 'disconnect', reason })
    expect(device.ended).toBe(true)
  })

  it('is more than 4 KB before the login', async () => {
    const { peer, clock } = bench()
    const device = peer()

    device.bytes(Buffer.alloc(4_097, 192))
    await clock.advance(0)

    expect(device.sent()).toEqual([{ kind: 'disconnect', reason: 2 }])
    expect(device.ended).toBe(true)
  })

  it('is a login that takes longer than 20 s', async () => {
    const { peer, clock, told } = bench()
    const device = peer()
    device.say(hello()[0]!)
    await clock.advance(20_001)

    device.connection.sweep(clock.monotonic())
    await clock.advance(0)

    expect(device.sent()).toEqual([{ kind: 'disconnect', reason: 16 }])
    expect(told).toEqual(['refused cira-login-timeout'])
  })

  it('is a global request nobody knows: refused, then disconnected', async () => {
    const { up } = bench()
    const { peer } = await up()

    peer.say({ kind: 'global-request', request: 'unknown', name: 'what@amt.intel.com', wantReply: true })

    expect(peer.sent()).toEqual([{ kind: 'request-failure' }, { kind: 'disconnect', reason: 2 }])
  })

  it('is not what a browser does: it gets one line', async () => {
    const { peer, clock } = bench()
    const device = peer()
    device.connection.receive(Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    await clock.advance(0)

    expect(() => device.sent()).toThrow(/message type 72/) // an H, for HTTP
    expect(device.ended).toBe(true)
  })
})

describe('a tunnel that is up', () => {
  it('echoes the cookie of a keepalive exactly', async () => {
    const { up } = bench()
    const { peer } = await up()

    peer.say({ kind: 'keepalive-request', cookie: 0xffff_ffff }, { kind: 'keepalive-request', cookie: 0 })

    expect(peer.sent()).toEqual([
      { kind: 'keepalive-reply', cookie: 0xffff_ffff },
      { kind: 'keepalive-reply', cookie: 0 },
    ])
  })

  it('asks a silent device whether it is there, and gives it up within 45 s', async () => {
    const { up, clock, told, limits } = bench()
    const { peer } = await up()
    const sweepFor = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += limits.sweepMs) {
        await clock.advance(limits.sweepMs)
        peer.connection.sweep(clock.monotonic())
      }
    }

    await sweepFor(30_000)
    expect(peer.sent()).toEqual([])
    await sweepFor(4_000)
    expect(peer.sent()).toEqual([{ kind: 'keepalive-request', cookie: 77 }])
    await sweepFor(11_000)

    expect(told.at(-1)).toBe('disconnected 1 timeout')
    expect(peer.destroyed).toBe(true)
  })

  it('keeps a device that says something of itself only every 90 s but answers', async () => {
    const { up, clock, registry, limits } = bench()
    const { peer } = await up()

    for (let passed = 0; passed < 300_000; passed += limits.sweepMs) {
      await clock.advance(limits.sweepMs)
      peer.connection.sweep(clock.monotonic())
      for (const message of peer.sent()) {
        if (message.kind === 'keepalive-request') peer.say({ kind: 'keepalive-reply', cookie: message.cookie })
      }
    }

    expect(registry.find(GUID)).toBeDefined()
    expect(clock.now() - registry.find(GUID)!.lastSeen).toBeLessThan(45_000)
  })

  it('refuses channels that the device opens, with reason 3', async () => {
    const { up } = bench()
    const { peer } = await up()
    const end = { address: '', port: 1 }

    peer.say({ kind: 'channel-open', type: 'direct-tcpip', sender: 5, window: 1, target: end, originator: end })

    expect(peer.sent()).toEqual([{ kind: 'channel-failure', recipient: 5, reason: 3 }])
  })

  it('takes datagrams without an answer', async () => {
    const { up } = bench()
    const { peer } = await up()
    const end = { address: '10.1.1.1', port: 162 }

    peer.say({
      kind: 'global-request',
      request: 'udp-send-to@amt.intel.com',
      wantReply: false,
      destination: end,
      originator: end,
      payload: Buffer.from('alert'),
    })

    expect(peer.sent()).toEqual([])
    expect(peer.connection.datagrams).toBe(1)
  })

  it('ends when the device says so, and closes its side', async () => {
    const { up, told, clock } = bench()
    const { peer } = await up()

    peer.say({ kind: 'disconnect', reason: 11 })
    await clock.advance(0)

    expect(told.at(-1)).toBe('disconnected 1 closed-by-device')
    expect(peer.ended).toBe(true)
  })
})

describe('two connections of one GUID', () => {
  it('leave the newer one, and the device was never away', async () => {
    const { up, told, registry } = bench()
    const first = await up()
    const second = await up()

    expect(first.peer.ended).toBe(true)
    expect(registry.find(GUID)).toBe(second.tunnel)
    expect(second.tunnel.generation).toBeGreaterThan(first.tunnel.generation)
    expect(told).toEqual(['connected 1', 'connected 2'])
    first.peer.connection.closed('late', true)
    expect(registry.find(GUID)).toBe(second.tunnel)
    await expect(first.tunnel.dial(16992, new AbortController().signal)).rejects.toMatchObject({
      code: 'amt-not-connected',
    })
  })

  it('leave the living one when the other does not know the password', async () => {
    const { up, peer, clock, registry, told } = bench()
    const { tunnel } = await up()
    const other = peer('10.0.0.2')
    other.say(...hello(), login('wrong'))
    await clock.advance(250)

    expect(registry.find(GUID)).toBe(tunnel)
    expect(told).toEqual(['connected 1', 'refused cira-wrong-password'])
  })

  it('raise an alarm when they take turns from two addresses', async () => {
    const { up, told } = bench()
    await up([16992], '10.0.0.1')
    await up([16992], '10.0.0.2')
    expect(told.filter(each => each.startsWith('flapping'))).toEqual([])

    await up([16992], '10.0.0.1')
    await up([16992], '10.0.0.2')

    expect(told.filter(each => each.startsWith('flapping'))).toEqual(['flapping 10.0.0.1 10.0.0.2'])
  })
})
