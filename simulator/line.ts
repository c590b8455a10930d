// SPDX-License-Identifier: Apache-2.0
/** One connection over a simulated line: a real socket whose bytes can be held back, paced or lost. */
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Clock } from '../plugins/contract/index.ts'

/** How a line behaves now; read anew for every piece of data, so that a change reaches connections that are open. */
export type Conditions = {
  /** Bytes vanish both ways and nobody is told. */
  readonly silent: boolean
  readonly latencyMs: number
  /** Added to the latency of each piece, drawn for it; pieces do not overtake each other. */
  readonly jitterMs: number
  /** `Infinity` for as fast as the machine can. */
  readonly bytesPerSecond: number
}

export const GOOD: Conditions = { silent: false, latencyMs: 0, jitterMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY }

export interface Line {
  readonly stream: Duplex
  /** Whether bytes were lost, so that the two ends no longer agree. */
  readonly damaged: boolean
  /** The near end is gone without a word; the far end hears nothing more. */
  vanish(): void
  destroy(): void
}

/** More than this waits at the far side, where TCP holds it. */
const MAX_QUEUED_BYTES = 262_144

/** The two directions of a line, and what became of it. */
type Ends = {
  readonly socket: Socket
  readonly outward: Pipe
  readonly inward: Pipe
  readonly isSilent: () => boolean
  damaged: boolean
  vanished: boolean
}

/** Puts a line over a connected socket. The stream ends and fails as the socket does, unless the line is silent. */
export function createLine(socket: Socket, conditions: () => Conditions, clock: Clock): Line {
  const ends: Ends = {
    socket,
    outward: createPipe(conditions, clock),
    inward: createPipe(conditions, clock),
    isSilent: () => ends.vanished || conditions().silent,
    damaged: false,
    vanished: false,
  }
  const stream = nearEnd(ends)
  listen(ends, stream)
  return {
    stream,
    get damaged() {
      return ends.damaged
    },
    vanish() {
      ends.vanished = true
      socket.resume()
      stream.destroy()
    },
    destroy: () => stream.destroy(),
  }
}

function nearEnd(ends: Ends): Duplex {
  const { socket, outward, inward } = ends
  return new Duplex({
    allowHalfOpen: true,
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (ends.isSilent()) {
        ends.damaged = true
        return done()
      }
      outward.pass(chunk.byteLength, () => {
        if (!socket.destroyed) socket.write(chunk)
      })
      if (outward.queued() < MAX_QUEUED_BYTES && !socket.writableNeedDrain) return done()
      outward.whenShort(() => (socket.writableNeedDrain ? socket.once('drain', () => done()) : done()))
    },
    final(done) {
      if (!ends.isSilent()) outward.pass(0, () => socket.end())
      done()
    },
    destroy(cause, done) {
      outward.forget()
      inward.forget()
      if (!ends.vanished) socket.destroy()
      done(cause)
    },
  })
}

function listen(ends: Ends, stream: Duplex): void {
  const { socket, inward } = ends
  const whenHeard = (act: () => void): void => {
    if (ends.isSilent()) ends.damaged = true
    else act()
  }
  socket.on('data', (chunk: Buffer) =>
    whenHeard(() => {
      inward.pass(chunk.byteLength, () => {
        if (!stream.push(chunk)) socket.pause()
      })
      if (inward.queued() < MAX_QUEUED_BYTES) return
      socket.pause()
      inward.whenShort(() => socket.resume())
    }),
  )
  socket.once('end', () => whenHeard(() => inward.pass(0, () => stream.push(null))))
  socket.on('error', cause => whenHeard(() => stream.destroy(cause)))
  socket.once('close', () => whenHeard(() => inward.pass(0, () => stream.destroy())))
}

type Pipe = {
  /** Acts in order, after what the conditions make this many bytes take. */
  pass(byteCount: number, act: () => void): void
  queued(): number
  /** Acts once when less than half of what may be queued is left. */
  whenShort(act: () => void): void
  forget(): void
}

function createPipe(conditions: () => Conditions, clock: Clock): Pipe {
  const pending = new Set<() => void>()
  let waiting: (() => void)[] = []
  let queued = 0
  /** When the last byte so far has left, and when it arrives. */
  let leaves = 0
  let arrives = 0
  const settle = (): void => {
    if (queued * 2 >= MAX_QUEUED_BYTES) return
    const due = waiting
    waiting = []
    for (const act of due) act()
  }
  return {
    pass(byteCount, act) {
      const { latencyMs, jitterMs, bytesPerSecond } = conditions()
      const now = clock.monotonic()
      leaves = Math.max(leaves, now) + (byteCount / bytesPerSecond) * 1_000
      arrives = Math.max(arrives, leaves + latencyMs + jitterMs)
      if (pending.size === 0 && arrives <= now) return act()
      queued += byteCount
      const cancel = clock.after(arrives - now, () => {
        pending.delete(cancel)
        queued -= byteCount
        act()
        settle()
      })
      pending.add(cancel)
    },
    queued: () => queued,
    whenShort(act) {
      waiting.push(act)
      settle()
    },
    forget() {
      for (const cancel of pending) cancel()
      pending.clear()
      waiting = []
    },
  }
}
