// SPDX-License-Identifier: Apache-2.0
/** Reads one HTTP reply off a stream without understanding more of it than where it ends (RFC 9112 §6). */
import type { Duplex } from 'node:stream'

const MAX_BYTES = 1_048_576

/**
 * Writes a request and resolves with the bytes of the reply as they came; with what there is when the stream ends first.
 * Rejects when the stream fails before a byte came, or with the signal's reason.
 */
export function exchange(stream: Duplex, request: Uint8Array, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const whole = (): Buffer => Buffer.concat(chunks)
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', stop)
      stream.off('data', take)
      stream.off('end', end)
      stream.off('close', end)
      act()
    }
    const take = (chunk: Buffer): void => {
      chunks.push(chunk)
      const bytes = whole()
      const length = lengthOf(bytes)
      if (length !== undefined && bytes.byteLength >= length) settle(() => resolve(bytes.subarray(0, length)))
      else if (bytes.byteLength > MAX_BYTES) settle(() => reject(new Error('the reply is too long')))
    }
    const end = (): void => settle(() => resolve(whole()))
    const stop = (): void => settle(() => reject(signal.reason))
    if (signal.aborted) return reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    stream.on('data', take)
    stream.once('end', end)
    stream.once('close', end)
    stream.once('error', thrown => settle(() => reject(thrown)))
    stream.write(request)
  })
}

/** How long the reply is in all; `undefined` while that is not known, or when only the end of the stream tells. */
function lengthOf(bytes: Buffer): number | undefined {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const fields = bytes.toString('latin1', 0, head + 2)
  const body = head + 4
  if (/\r\ntransfer-encoding:[^\r]*chunked/i.test(fields)) return chunkedEnd(bytes, body)
  const [, length] = /\r\ncontent-length:[ \t]*(\d{1,9})/i.exec(fields) ?? []
  return length === undefined ? undefined : body + Number(length)
}

function chunkedEnd(bytes: Buffer, from: number): number | undefined {
  for (let at = from; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    if (Number.isNaN(size)) return bytes.byteLength
    const next = line + 2 + size + 2
    if (size === 0) {
      const end = bytes.indexOf('\r\n', line + 2)
      return end < 0 ? undefined : end + 2
    }
    if (next > bytes.byteLength) return undefined
    at = next
  }
}
