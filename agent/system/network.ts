// SPDX-License-Identifier: Apache-2.0
/** Outgoing TCP of the real machine. */
import { connect as dial, type Socket } from 'node:net'
import { problem } from '../link/dial-problems.ts'
import { type ProxySettings, proxyRule } from './proxy.ts'
import type { DialTarget, Network } from './system.ts'

/** A dead peer is noticed by the operating system too, should nothing else be sent. */
const KEEP_ALIVE_MS = 60_000

/**
 * Makes the network of this machine. All addresses of a name are tried, IPv6 and IPv4 in turn (RFC 8305).
 * There is no time limit: the caller's signal is one.
 */
export function createNetwork(settings: ProxySettings): Network {
  return { connect, proxyFor: proxyRule(settings) }
}

function connect(target: DialTarget, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const socket = open(target)
    if (!('once' in socket)) return reject(unreachable(target, socket))
    const settle = (act: () => void): void => {
      signal.removeEventListener('abort', stop)
      socket.removeAllListeners('error')
      act()
    }
    const stop = (): void => {
      settle(() => reject(signal.reason))
      socket.once('error', () => undefined)
      socket.destroy()
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once('error', thrown => settle(() => reject(unreachable(target, thrown))))
    socket.once('connect', () => settle(() => resolve(socket)))
  })
}

function open({ host, port }: DialTarget): Socket | Error {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  try {
    return dial({
      host: bare,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      autoSelectFamily: true,
    })
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error('not an address', { cause: thrown }) // a port beyond 65535, for one
  }
}

function unreachable({ host, port }: DialTarget, thrown: Error) {
  const cause = causeOf(thrown)
  return problem('unreachable', `${host}:${port} (${cause})`, { host, port, cause }, thrown)
}

// When several addresses were tried, the error is an aggregate and carries the code of the first.
function causeOf(thrown: Error): string {
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  const [first] = thrown instanceof AggregateError ? thrown.errors : []
  return first instanceof Error ? causeOf(first) : thrown.message
}
