// SPDX-License-Identifier: Apache-2.0
/**
 * Dials a device at its address, for machines that dial in over no tunnel.
 * It imports `node:net` because this is where the controller's own TCP connections to devices begin.
 */
import { connect } from 'node:net'
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Dial } from '../ports.ts'
import { problem } from '../problems.ts'

const CONNECT_MS = 4_000
const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET'])

/**
 * Connects over TCP to ports of one address. Rejects with `amt-channel-refused` when nothing listens there,
 * `amt-timeout` (fields: `sent: false`) when nobody answers within 4 s, `amt-not-connected` when there is no way to the
 * address, or with the signal's reason.
 */
export function lanDial(address: string, clock: Clock, connectMs = CONNECT_MS): Dial {
  return (port, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const socket = connect({ host: address, port, noDelay: true })
      socket.on('error', () => {}) // the end of the stream says enough to whoever gets it
      const settle = (): void => {
        forget()
        signal.removeEventListener('abort', give)
        socket.off('error', failed)
      }
      const fail = (thrown: unknown): void => {
        settle()
        socket.destroy()
        reject(thrown)
      }
      const give = (): void => fail(signal.reason)
      const failed = ({ code = '' }: NodeJS.ErrnoException): void =>
        fail(problem(REFUSALS.has(code) ? 'amt-channel-refused' : 'amt-not-connected', `port ${port}: ${code}`))
      const forget = clock.after(connectMs, () =>
        fail(problem('amt-timeout', `port ${port} did not answer`, { sent: false })),
      )
      signal.addEventListener('abort', give, { once: true })
      socket.once('error', failed)
      socket.once('connect', () => {
        settle()
        resolve(socket)
      })
    })
}
