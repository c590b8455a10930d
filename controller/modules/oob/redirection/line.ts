// SPDX-License-Identifier: Apache-2.0
/** The two ends of a session and the pressure between them: whoever is faster waits. */
import { type Duplex, finished } from 'node:stream'
import type { Clock } from '../../../../plugins/contract/index.ts'
import { SECOND } from '../../../../plugins/contract/index.ts'
import type { Socket } from '../../../kernel/socket.ts'

/** Stops a source while there is at least one reason to. */
export interface Hold {
  on(reason: string): void
  off(reason: string): void
  readonly held: boolean
}

export function createHold(pause: () => void, resume: () => void): Hold {
  const reasons = new Set<string>()
  return {
    get held() {
      return reasons.size > 0
    },
    on: reason => {
      if (reasons.size === 0) pause()
      reasons.add(reason)
    },
    off: reason => {
      if (reasons.delete(reason) && reasons.size === 0) resume()
    },
  }
}

/** Beyond it the device waits until the browser has caught up. */
const HIGH_BYTES = 262_144

export interface Line {
  toDevice(data: Uint8Array): void
  toBrowser(data: Uint8Array | string): void
  readonly device: Hold
  readonly browser: Hold
}

export function createLine(socket: Socket, stream: Duplex): Line {
  const device = createHold(
    () => stream.pause(),
    () => stream.resume(),
  )
  const browser = createHold(
    () => socket.pause(),
    () => socket.resume(),
  )
  stream.on('drain', () => browser.off('device'))
  return {
    device,
    browser,
    toDevice: data => {
      if (data.length === 0 || stream.destroyed || stream.writableEnded) return
      if (!stream.write(data)) browser.on('device')
    },
    toBrowser: data => {
      if (data.length === 0) return
      const sent = socket.send(data)
      if (socket.pending > HIGH_BYTES) device.on('browser')
      // A socket that is closed says so through its own event.
      sent.then(
        () => socket.pending <= HIGH_BYTES && device.off('browser'),
        () => undefined,
      )
    },
  }
}

/** Calls back once when the stream is over, from whichever cause. */
export function whenOver(stream: Duplex, act: (why: string) => void): void {
  let told = false
  const once = (why: string): void => {
    if (told) return
    told = true
    act(why)
  }
  stream.once('end', () => once('closed'))
  finished(stream, failure => once(failure === undefined || failure === null ? 'closed' : 'lost'))
  // Later failures of a stream that is being destroyed concern nobody.
  stream.on('error', () => undefined)
}

const LINGER_MS = SECOND

/** Lets what was written leave, then closes; resolves when it is closed. */
export function closeStream(stream: Duplex, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    if (stream.closed) return resolve()
    const forget = clock.after(LINGER_MS, () => stream.destroy())
    stream.once('close', () => {
      forget()
      resolve()
    })
    if (stream.writableEnded || stream.readableEnded || stream.writableLength === 0) stream.destroy()
    else stream.end(() => stream.destroy())
  })
}

/** The reason of a close frame (RFC 6455 §5.5: at most 123 bytes). */
export function closeReason(text: string): string {
  return Buffer.from(text, 'utf8')
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\ufffd+$/, '')
}
