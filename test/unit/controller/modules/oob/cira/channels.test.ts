// SPDX-License-Identifier: Apache-2.0
/** Channels keep the credits of both sides, and their numbers until the peer has let go of them. */
import type { Duplex } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../../../../../controller/modules/oob/apf/messages.ts'
import { bench, kinds, type Peer } from './wire.ts'

const never = new AbortController().signal

/** A channel that is open, with the device's side of it. */
async function opened(window = 4_096, own = 81_920) {
  const given = bench({}, own)
  const { peer, tunnel } = await given.up([16992, 16994])
  const dialled = tunnel.dial(16992, never)
  const open = peer.sent()[0] as Message & { kind: 'channel-open' }
  peer.say({ kind: 'channel-confirmation', recipient: open.sender, sender: 9, window })
  const stream = await dialled
  stream.on('error', () => {})
  return { ...given, peer, tunnel, stream, open, id: open.sender }
}

const data = (peer: Peer, id: number, bytes: Buffer) => {
  for (let at = 0; at < bytes.length; at += 16_000) {
    peer.say({ kind: 'channel-data', recipient: id, data: bytes.subarray(at, at + 16_000) })
  }
}
const turn = () => new Promise<void>(resolve => setImmediate(resolve))
const dataOf = (messages: readonly Message[]): Buffer =>
  Buffer.concat(messages.flatMap(message => (message.kind === 'channel-data' ? [message.data] : [])))

describe('opening', () => {
  it('names type, port and the address the device gave', async () => {
    const { up } = bench()
    const { peer, tunnel } = await up()

    void tunnel.dial(16992, never)
    void tunnel.dial(16994, never)

    expect(peer.sent()).toEqual([
      {
        kind: 'channel-open',
        type: 'forwarded-tcpip',
        sender: 1,
        window: 81_920,
        target: { address: '', port: 16992 },
        originator: { address: '1.2.3.4', port: 1_024 },
      },
      {
        kind: 'channel-open',
        type: 'forwarded-tcpip',
        sender: 2,
        window: 81_920,
        target: { address: '', port: 16994 },
        originator: { address: '1.2.3.4', port: 1_025 },
      },
    ])
  })

  it('that is refused says why', async () => {
    const { up } = bench()
    const { peer, tunnel } = await up()
    const dialled = tunnel.dial(16994, never)
    peer.say({ kind: 'channel-failure', recipient: 1, reason: 2 })

    await expect(dialled).rejects.toMatchObject({ code: 'amt-channel-refused', detail: 'nothing listens there' })
    expect(tunnel.stats().channels).toBe(0)
  })

  it('of a port that is none of AMT is not even asked for', async () => {
    const { up } = bench()
    const { peer, tunnel } = await up()

    await expect(tunnel.dial(22, never)).rejects.toMatchObject({ code: 'amt-channel-refused' })
    expect(peer.sent()).toEqual([])
  })

  it('that the device does not answer ends after ten seconds', async () => {
    const { up, clock } = bench()
    const { tunnel } = await up()
    const dialled = tunnel.dial(16992, never)
    const failed = expect(dialled).rejects.toMatchObject({ code: 'amt-timeout' })

    await clock.advance(10_000)

    await failed
  })

  it('that was given up is closed at once when the device confirms it', async () => {
    const { up } = bench()
    const { peer, tunnel } = await up()
    const abort = new AbortController()
    const dialled = tunnel.dial(16992, abort.signal)
    abort.abort(new Error('enough'))
    await expect(dialled).rejects.toThrow('enough')
    peer.sent()

    peer.say({ kind: 'channel-confirmation', recipient: 1, sender: 42, window: 100 })
    expect(peer.sent()).toEqual([{ kind: 'channel-close', recipient: 42 }])
    peer.say({ kind: 'channel-close', recipient: 1 })

    expect(peer.sent()).toEqual([])
    expect(peer.ended).toBe(false)
  })

  it('waits for a place when sixteen are open, in turn, and in bounded number', async () => {
    const { up, limits } = bench()
    const { peer, tunnel } = await up()
    const errors: string[] = []
    const dial = () => tunnel.dial(16992, never).catch(thrown => void errors.push(thrown.code))
    for (let n = 0; n < limits.channels + limits.channelQueue; n++) void dial()
    expect(peer.sent()).toHaveLength(limits.channels)

    await dial()
    expect(errors).toEqual(['amt-channels-busy'])
    peer.say({ kind: 'channel-failure', recipient: 3, reason: 4 })

    expect(kinds(peer.sent())).toEqual(['channel-open'])
  })
})

describe('sending', () => {
  it('never goes beyond the credits of the device, even single ones', async () => {
    const { peer, stream, id } = await opened(1)
    stream.write('abc')
    expect(dataOf(peer.sent()).toString()).toBe('a')
    peer.say({ kind: 'window-adjust', recipient: id, bytes: 1 })
    expect(dataOf(peer.sent()).toString()).toBe('b')
    expect(peer.sent()).toEqual([])

    peer.say({ kind: 'window-adjust', recipient: id, bytes: 5 })

    expect(dataOf(peer.sent()).toString()).toBe('c')
  })

  it('tells the writer that it was sent only when it was', async () => {
    const { peer, stream, id } = await opened(4)
    let written = false
    stream.write('12345678', () => {
      written = true
    })
    await turn()
    expect(written).toBe(false)

    peer.say({ kind: 'window-adjust', recipient: id, bytes: 4 })
    await turn()

    expect(written).toBe(true)
    expect(dataOf(peer.sent()).toString()).toBe('12345678')
  })

  it('stops at the largest number of credits there is', async () => {
    const { peer, stream, id } = await opened(0xffff_ffff)
    peer.say({ kind: 'window-adjust', recipient: id, bytes: 0xffff_ffff })

    stream.write('still here')

    expect(dataOf(peer.sent()).toString()).toBe('still here')
  })

  it('waits while the connection takes no more', async () => {
    const { peer, stream } = await opened(0xffff_ffff)
    peer.stall(true)
    stream.write(Buffer.alloc(100_000, 1))
    const first = dataOf(peer.sent())
    expect(first.length).toBeLessThan(20_000)

    peer.stall(false)

    expect(first.length + dataOf(peer.sent()).length).toBe(100_000)
  })
})

describe('receiving', () => {
  it('gives new credits when more than half is read, and not before', async () => {
    const { peer, stream, id } = await opened()
    data(peer, id, Buffer.alloc(40_960, 1))
    stream.read()
    await turn()
    expect(peer.sent()).toEqual([])
    data(peer, id, Buffer.alloc(1, 1))
    stream.read()
    await turn()

    expect(peer.sent()).toEqual([{ kind: 'window-adjust', recipient: 9, bytes: 40_961 }])
  })

  it('lets a slow reader hold the device back', async () => {
    const { peer, stream, id } = await opened()
    data(peer, id, Buffer.alloc(81_920, 1))
    await turn()
    expect(peer.sent()).toEqual([])

    stream.resume()
    await turn()
    await turn()

    expect(peer.sent()).toEqual([{ kind: 'window-adjust', recipient: 9, bytes: 81_920 }])
  })

  it('goes on for a reader that takes a few bytes at a time', async () => {
    const { peer, stream, id } = await opened(4_096, 32_768)
    let received = 0
    let granted = 32_768
    for (let round = 0; round < 20; round++) {
      const size = Math.min(granted, 30_000)
      data(peer, id, Buffer.alloc(size, round))
      granted -= size
      for (let piece = stream.read(700); piece !== null; piece = stream.read(700) ?? stream.read()) {
        received += piece.length
        await turn()
      }
      for (const message of peer.sent()) if (message.kind === 'window-adjust') granted += message.bytes
      expect(granted).toBeGreaterThan(0)
    }
    expect(received).toBeGreaterThan(300_000)
  })

  it('ends the tunnel of a device that does not count its credits at all', async () => {
    const { peer, id, told } = await opened(4_096, 32_768)

    data(peer, id, Buffer.alloc(100_000, 1))

    expect(told.at(-1)).toBe('disconnected 1 protocol')
  })

  it('drops data for channels that do not exist, and disconnects at a hundred', async () => {
    const { peer, told } = await opened()
    for (let n = 0; n < 99; n++) data(peer, 5_000, Buffer.of(1))
    expect(told).toEqual(['connected 1'])

    data(peer, 5_000, Buffer.of(1))

    expect(told.at(-1)).toBe('disconnected 1 protocol')
  })
})

describe('closing', () => {
  const ended = (stream: Duplex) => new Promise<void>(resolve => stream.once('close', resolve))

  it('by us sends one close after the data and waits for the echo', async () => {
    const { peer, stream, id, tunnel } = await opened(4)
    const closed = ended(stream)
    stream.resume()
    stream.end('12345678')
    await turn()
    expect(kinds(peer.sent())).toEqual(['channel-data'])
    peer.say({ kind: 'window-adjust', recipient: id, bytes: 4 })
    await turn()
    expect(kinds(peer.sent())).toEqual(['channel-data', 'channel-close'])
    expect(tunnel.stats().channels).toBe(1)

    peer.say({ kind: 'channel-close', recipient: id })
    await closed

    expect(peer.sent()).toEqual([])
    expect(tunnel.stats().channels).toBe(0)
  })

  it('by the device is echoed once, after everything it sent was read', async () => {
    const { peer, stream, id } = await opened()
    const closed = ended(stream)
    data(peer, id, Buffer.from('last words'))
    peer.say({ kind: 'channel-close', recipient: id })
    expect(peer.sent()).toEqual([{ kind: 'channel-close', recipient: 9 }])

    const read: Buffer[] = []
    for await (const piece of stream) read.push(piece)
    await closed

    expect(Buffer.concat(read).toString()).toBe('last words')
    expect(peer.sent()).toEqual([])
  })

  it('keeps the number until the echo, and drops what comes late', async () => {
    const { peer, stream, id, tunnel, told } = await opened()
    stream.destroy()
    await turn()
    expect(peer.sent()).toEqual([{ kind: 'channel-close', recipient: 9 }])

    for (let n = 0; n < 200; n++) data(peer, id, Buffer.from('late'))
    const next = tunnel.dial(16992, never)

    expect(peer.sent()).toMatchObject([{ kind: 'channel-open', sender: id + 1 }])
    expect(told).toEqual(['connected 1'])
    peer.say({ kind: 'channel-close', recipient: id })
    peer.say({ kind: 'channel-failure', recipient: id + 1, reason: 1 })
    await expect(next).rejects.toMatchObject({ code: 'amt-channel-refused' })
  })

  it('does not wait for ever for an echo', async () => {
    const { peer, stream, tunnel, clock } = await opened()
    const closed = ended(stream)
    stream.resume()
    stream.end()
    await turn()
    await clock.advance(29_000)
    peer.connection.sweep(clock.monotonic())
    expect(tunnel.stats().channels).toBe(1)
    await clock.advance(2_000)

    peer.connection.sweep(clock.monotonic())
    await closed

    expect(tunnel.stats().channels).toBe(0)
  })

  it('of the tunnel fails every channel and everybody who waits', async () => {
    const { peer, stream, tunnel } = await opened()
    const failed = new Promise<Error>(resolve => stream.once('error', resolve))
    const waiting = tunnel.dial(16994, never)

    peer.connection.closed('ECONNRESET', true)

    expect(await failed).toMatchObject({ code: 'amt-not-connected' })
    await expect(waiting).rejects.toMatchObject({ code: 'amt-not-connected' })
  })
})
