// SPDX-License-Identifier: Apache-2.0
/** One forwarded connection inside the tunnel, as a byte stream with flow control in both directions. */
import { Duplex } from 'node:stream'

export type ChannelLine = {
  data(bytes: Buffer): void
  adjust(bytes: number): void
  /** The engine is done with it. */
  close(): void
}

export interface Channel {
  readonly stream: Duplex
  /** Bytes from the server; `false` when they are more than it was allowed to send. */
  receive(bytes: Buffer): boolean
  /** The server allows that many more. */
  grant(bytes: number): void
  /** The server closed it. */
  ended(): void
}

const MOST = 0xffff_ffff
/** Larger writes leave as several messages, as firmware has small buffers. */
const PIECE = 4096

/** `credits`: what the server allows to be sent; `window`: what it may send. */
export function createChannel({
  credits,
  window,
  line,
}: {
  credits: number
  window: number
  line: ChannelLine
}): Channel {
  let allowed = credits
  let left = window
  let consumed = 0
  let over = false
  let waiting: { bytes: Buffer; done: () => void } | undefined
  let held: Buffer[] = []
  let wanted = false

  const flush = (): void => {
    while (waiting !== undefined && allowed > 0 && !over) {
      const piece = waiting.bytes.subarray(0, Math.min(allowed, PIECE))
      allowed -= piece.length
      line.data(piece)
      const rest = waiting.bytes.subarray(piece.length)
      if (rest.length > 0) waiting.bytes = rest
      else {
        const { done } = waiting
        waiting = undefined
        done()
      }
    }
  }
  const deliver = (): void => {
    while (wanted && held.length > 0) {
      const bytes = held.shift() ?? Buffer.alloc(0)
      consumed += bytes.length
      wanted = stream.push(bytes)
    }
    if (consumed * 2 > window && !over) {
      line.adjust(consumed)
      left += consumed
      consumed = 0
    }
  }
  const shut = (): void => {
    if (over) return
    over = true
    line.close()
  }
  const stream = new Duplex({
    read() {
      wanted = true
      deliver()
    },
    write(bytes: Buffer, _encoding, done) {
      waiting = { bytes, done }
      flush()
    },
    final(done) {
      shut()
      done()
    },
    destroy(error, done) {
      shut()
      held = []
      done(error)
    },
  })
  stream.on('error', () => undefined)
  return {
    stream,
    receive(bytes) {
      if (bytes.length > left) return false
      left -= bytes.length
      if (over || stream.destroyed) return true
      held.push(Buffer.from(bytes))
      deliver()
      return true
    },
    grant(bytes) {
      allowed = Math.min(MOST, allowed + bytes)
      flush()
    },
    ended() {
      over = true
      if (!stream.destroyed) stream.destroy()
    },
  }
}
