// SPDX-License-Identifier: Apache-2.0
/** The guard between socket and broker, under a clock that the test owns. */
import { Duplex, duplexPair } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { type GuardFault, guardFrames } from '../../../../controller/bus/frame-guard.ts'
import { DEFAULT_BUS_LIMITS } from '../../../../controller/bus/limits.ts'
import { createFakeClock } from '../../../../simulator/clock.ts'

const CONNECT = Buffer.concat([Buffer.of(0x10, 10), Buffer.alloc(10)])
const PING = Buffer.of(0xc0, 0)

function guarded() {
  const clock = createFakeClock(0)
  const [socket, peer] = duplexPair()
  const faults: GuardFault[] = []
  let farewells = 0
  const guard = guardFrames(socket, {
    clock,
    limits: DEFAULT_BUS_LIMITS,
    onFault: fault => faults.push(fault),
    onFarewell: () => farewells++,
  })
  const { stream } = guard
  let heard = 0
  stream.on('data', (chunk: Buffer) => {
    heard += chunk.byteLength
  })
  stream.on('error', () => {})
  peer.on('error', () => {})
  /** Says CONNECT, and resumes the guard as the bus does once it has answered. */
  async function greet(): Promise<void> {
    peer.write(CONNECT)
    await clock.advance(0)
    guard.resume()
  }
  return { clock, guard, greet, socket, peer, stream, faults, heard: () => heard, farewells: () => farewells }
}

describe('the frame guard', () => {
  it('passes bytes on in both directions as they are', async () => {
    const { clock, peer, stream, heard } = guarded()
    const answers: Buffer[] = []
    peer.on('data', (chunk: Buffer) => answers.push(chunk))

    peer.write(CONNECT)
    stream.write('hello ')
    stream.write('host')
    await clock.advance(0)

    expect(heard()).toBe(CONNECT.byteLength)
    expect(Buffer.concat(answers).toString()).toBe('hello host')
  })

  it('cuts a connection that says nothing within five seconds', async () => {
    const { clock, stream, faults } = guarded()

    await clock.advance(4_999)
    expect(stream.destroyed).toBe(false)
    await clock.advance(1)

    expect(faults).toEqual(['connect-timeout'])
    expect(stream.destroyed).toBe(true)
  })

  it('cuts one that says CONNECT too slowly', async () => {
    const { clock, peer, faults } = guarded()

    for (const byte of CONNECT.subarray(0, 6)) {
      peer.write(Buffer.of(byte))
      await clock.advance(1_000)
    }

    expect(faults).toEqual(['connect-timeout'])
    expect(clock.pending).toBe(0)
  })

  it('leaves alone one that has said it', async () => {
    const { clock, peer, stream } = guarded()

    peer.write(CONNECT)
    await clock.advance(60_000)

    expect(stream.destroyed).toBe(false)
    expect(clock.pending).toBe(0)
  })

  it('cuts at a bad header and passes nothing of it on', async () => {
    const { clock, greet, peer, socket, stream, faults, heard } = guarded()
    await greet()

    peer.write(Buffer.of(0x30, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3))
    await clock.advance(0)

    expect(faults).toEqual(['packet-too-large'])
    expect([stream.destroyed, socket.destroyed]).toEqual([true, true])
    expect(heard()).toBe(CONNECT.byteLength)
  })

  it('lets a burst of 500 packets through, then a hundred a second', async () => {
    const { clock, greet, peer, heard } = guarded()
    await greet()

    peer.write(Buffer.concat(Array.from({ length: 700 }, () => PING)))
    await clock.advance(0)
    expect(heard() - CONNECT.byteLength).toBe(499 * PING.byteLength)
    await clock.advance(1_000)

    expect(heard() - CONNECT.byteLength).toBeGreaterThanOrEqual(590 * PING.byteLength)
    expect(heard() - CONNECT.byteLength).toBeLessThanOrEqual(600 * PING.byteLength)
    await clock.advance(2_000)
    expect(heard() - CONNECT.byteLength).toBe(700 * PING.byteLength)
  })

  it('cuts one that keeps it up for ten seconds', async () => {
    const { clock, greet, peer, faults, stream } = guarded()
    await greet()
    const flood = Buffer.concat(Array.from({ length: 5_000 }, () => PING))
    peer.write(flood)

    await clock.advance(9_900)
    expect(stream.destroyed).toBe(false)
    await clock.advance(300)

    expect(faults).toEqual(['packet-rate'])
  })

  it('forgives one that pauses', async () => {
    const { clock, greet, peer, faults, heard } = guarded()
    await greet()
    for (let turn = 0; turn < 6; turn++) {
      peer.write(Buffer.concat(Array.from({ length: 700 }, () => PING)))
      await clock.advance(9_000)
    }

    expect(faults).toEqual([])
    expect(heard() - CONNECT.byteLength).toBe(6 * 700 * PING.byteLength)
  })

  it('lets what was written last go out before it closes', async () => {
    const { clock, peer, stream, socket } = guarded()
    const answers: Buffer[] = []
    peer.on('data', (chunk: Buffer) => answers.push(chunk))

    stream.write('CONNACK')
    stream.destroy()
    await clock.advance(1_000)

    expect(Buffer.concat(answers).toString()).toBe('CONNACK')
    expect(socket.destroyed).toBe(true)
  })

  it('does not wait long for a peer that does not read', async () => {
    const clock = createFakeClock(0)
    const stuck = new Duplex({ read() {}, write() {} })
    const { stream } = guardFrames(stuck, {
      clock,
      limits: DEFAULT_BUS_LIMITS,
      onFault: () => {},
      onFarewell: () => {},
    })

    stream.write('CONNACK')
    stream.destroy()
    await clock.advance(999)
    expect(stuck.destroyed).toBe(false)
    await clock.advance(1)

    expect(stuck.destroyed).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('makes one write of what is said in one go', async () => {
    const clock = createFakeClock(0)
    const writes: string[] = []
    const socket = new Duplex({
      read() {},
      write(chunk, _, done) {
        writes.push(String(chunk))
        done()
      },
    })
    const { stream } = guardFrames(socket, {
      clock,
      limits: DEFAULT_BUS_LIMITS,
      onFault: () => {},
      onFarewell: () => {},
    })

    stream.cork()
    for (const part of ['a', 'b', 'c']) stream.write(part)
    stream.uncork()
    await clock.advance(0)

    expect(writes).toEqual(['abc'])
    stream.destroy()
    await clock.advance(1_000)
  })

  it('holds back what follows a CONNECT until that was answered', async () => {
    const { clock, guard, peer, heard } = guarded()

    peer.write(Buffer.concat([CONNECT, PING, PING]))
    await clock.advance(0)
    peer.write(PING)
    await clock.advance(60_000)
    expect(heard()).toBe(CONNECT.byteLength)
    guard.resume()
    await clock.advance(0)

    expect(heard()).toBe(CONNECT.byteLength + 3 * PING.byteLength)
  })

  it('reads no further while it is paused', async () => {
    const { clock, greet, guard, peer, heard } = guarded()
    await greet()

    guard.pause()
    for (let count = 0; count < 10; count++) {
      peer.write(PING)
      await clock.advance(0)
    }
    expect(heard()).toBe(CONNECT.byteLength)
    guard.resume()
    await clock.advance(0)

    expect(heard()).toBe(CONNECT.byteLength + 10 * PING.byteLength)
  })

  it('ends with its socket', async () => {
    const { clock, socket, stream } = guarded()

    socket.destroy()
    await clock.advance(0)

    expect(stream.destroyed).toBe(true)
  })

  it('tells of a farewell', async () => {
    const { clock, greet, peer, farewells } = guarded()
    await greet()

    peer.write(Buffer.of(0xe0, 0))
    await clock.advance(0)

    expect(farewells()).toBe(1)
  })
})
