// SPDX-License-Identifier: Apache-2.0
/**
 * Dials a device at its address, for machines that dial in over no tunnel.
 * It imports `node:net` because this is where the controller's own TCP connections to devices begin.
 */
import { lookup } from 'node:dns'
import { connect, isIP, type LookupFunction } from 'node:net'
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Dial } from '../ports.ts'
import { problem } from '../problems.ts'

const NOT_ALLOWED = 'its address is in none of the networks that may be dialled'
const CONNECT_MS = 4_000
const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET'])

export type LanOptions = {
  /** 4 s. */
  readonly connectMs?: number
  /** Judges the IP address that is about to be dialled, also that of a name; all may be dialled by default. */
  readonly allows?: (address: string) => boolean
}

/**
 * Connects over TCP to ports of one address. Rejects with `amt-channel-refused` when nothing listens there,
 * `amt-timeout` (fields: `sent: false`) when nobody answers within 4 s, `amt-not-connected` when there is no way to the
 * address or it is not allowed, or with the signal's reason.
 */
export function lanDial(address: string, clock: Clock, options: LanOptions = {}): Dial {
  const { connectMs = CONNECT_MS, allows = () => true } = options
  return (port, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (isIP(address) !== 0 && !allows(address)) return reject(problem('amt-not-connected', NOT_ALLOWED))
      const socket = connect({ host: address, port, noDelay: true, lookup: lookupWithin(allows) })
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

/** What a name resolves to is judged where it is used, so that nobody can change it in between. */
function lookupWithin(allows: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (failed, found) => {
      const allowed = (found ?? []).filter(each => allows(each.address))
      const [first] = allowed
      if (failed !== null || first === undefined) {
        done(failed ?? Object.assign(new Error(NOT_ALLOWED), { code: 'EACCES' }), '')
      } else if (options.all === true) done(null, allowed)
      else done(null, first.address, first.family)
    })
  }
}
