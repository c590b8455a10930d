// SPDX-License-Identifier: Apache-2.0
/** MQTT over WebSocket on the controller's HTTPS port, for networks that let nothing else out; the only importer of ws. */
import type { Duplex } from 'node:stream'
import { createWebSocketStream, WebSocket } from 'ws'
import { problem } from './dial-problems.ts'

const PATH = '/mqtt'
const MAX_PAYLOAD = 262_144
/** How long the other side may take to answer the upgrade. */
const UPGRADE_MS = 10_000

/**
 * Upgrades a TLS connection to the controller (RFC 6455 §4.1, MQTT 3.1.1 §6).
 * Throws `unreachable` when the other side does not take it, or the signal's reason.
 */
export function openWebSocket(tls: Duplex, origin: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace(/^https:/, 'wss:')}${PATH}`, 'mqtt', {
      // The connection is there and proved already.
      createConnection: () => tls,
      perMessageDeflate: false,
      maxPayload: MAX_PAYLOAD,
      handshakeTimeout: UPGRADE_MS,
    })
    const stop = (): void => {
      tls.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once('open', () => {
      signal.removeEventListener('abort', stop)
      const stream = createWebSocketStream(socket)
      // A connection that was cut ends only what is read; nobody would notice before the next ping goes unanswered.
      stream.once('end', () => stream.destroy())
      resolve(stream)
    })
    socket.once('error', thrown => {
      signal.removeEventListener('abort', stop)
      tls.destroy()
      reject(problem('unreachable', `the controller takes no WebSocket: ${thrown.message}`))
    })
    if (signal.aborted) stop()
  })
}
