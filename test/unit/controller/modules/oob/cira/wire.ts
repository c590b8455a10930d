// SPDX-License-Identifier: Apache-2.0
/** A connection without a socket, on a clock that stands still. */
import { Decoder } from '../../../../../../controller/modules/oob/apf/decode.ts'
import { encode } from '../../../../../../controller/modules/oob/apf/encode.ts'
import { type Message, SERVICE } from '../../../../../../controller/modules/oob/apf/messages.ts'
import { Connection } from '../../../../../../controller/modules/oob/cira/connection.ts'
import { CIRA_LIMITS, type CiraLimits } from '../../../../../../controller/modules/oob/cira/limits.ts'
import { Logins } from '../../../../../../controller/modules/oob/cira/login.ts'
import { Registry } from '../../../../../../controller/modules/oob/cira/registry.ts'
import type { CiraAccount, CiraAccounts, Tunnel } from '../../../../../../controller/modules/oob/ports.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'
import { createFakeClock } from '../../../../../../simulator/clock.ts'

export const GUID = '00112233-4455-6677-8899-aabbccddeeff'

export type Peer = {
  readonly connection: Connection
  /** What we sent it, read off. */
  sent(): Message[]
  say(...messages: readonly Message[]): void
  bytes(raw: Buffer): void
  /** The connection takes no more until it is told otherwise. */
  stall(stalled: boolean): void
  readonly ended: boolean
  readonly destroyed: boolean
  fingerprint: string | undefined
}

export const hello = (guid = GUID): Message[] => [
  { kind: 'protocol-version', major: 1, minor: 0, trigger: 4, guid },
  { kind: 'service-request', service: SERVICE.auth },
]
export const login = (password = 'P@ssw0rd', user = 'admin'): Message => ({
  kind: 'userauth-request',
  user,
  service: SERVICE.forward,
  method: 'password',
  password: Buffer.from(password),
})
export const forwarding: Message = { kind: 'service-request', service: SERVICE.forward }
export const forward = (port: number, address = ''): Message => ({
  kind: 'global-request',
  request: 'tcpip-forward',
  wantReply: true,
  address,
  port,
})

export function bench(limits: Partial<CiraLimits> = {}, window = 81_920) {
  const clock = createFakeClock(Date.parse('2026-11-21T04:00:00Z'))
  const all = { ...CIRA_LIMITS, ...limits }
  const told: string[] = []
  const verified: number[] = []
  const known = new Map<string, CiraAccount>([
    [
      GUID,
      { project: 'default', guid: GUID, username: 'admin', passwords: [{ version: 3, value: Secret.of('P@ssw0rd') }] },
    ],
  ])
  const accounts: CiraAccounts = {
    find: async guid => known.get(guid),
    verified: async (_account, version) => void verified.push(version),
  }
  const registry = new Registry({
    accounts,
    clock,
    events: {
      connected: tunnel => void told.push(`connected ${tunnel.generation}`),
      disconnected: (tunnel, { reason }) => void told.push(`disconnected ${tunnel.generation} ${reason}`),
      refused: ({ code }) => void told.push(`refused ${code}`),
      flapping: (_guid, addresses) => void told.push(`flapping ${addresses.join(' ')}`),
    },
    settled: () => {},
    ended: () => {},
    unverified: () => {},
  })
  const logins = new Logins(accounts, clock, all)
  const peer = (address = '10.0.0.1'): Peer => {
    const decoder = new Decoder({ maxData: 1_048_576, successHasPort: true })
    const state = { ended: false, destroyed: false, stalled: false, fingerprint: undefined as string | undefined }
    const connection = new Connection({
      clock,
      limits: all,
      window,
      logins,
      events: registry,
      begunAt: clock.monotonic(),
      cookie: () => 77,
      wire: {
        address,
        write: bytes => {
          decoder.push(bytes)
          return !state.stalled
        },
        fingerprint: () => state.fingerprint,
        end: () => {
          state.ended = true
        },
        destroy: () => {
          state.destroyed = true
        },
      },
    })
    return {
      connection,
      sent: () => {
        const messages: Message[] = []
        for (let message = decoder.next(); message !== undefined; message = decoder.next()) messages.push(message)
        return messages
      },
      say: (...messages) => connection.receive(Buffer.concat(messages.map(message => encode(message)))),
      bytes: raw => connection.receive(raw),
      stall: stalled => {
        state.stalled = stalled
        if (!stalled) connection.drained()
      },
      get ended() {
        return state.ended
      },
      get destroyed() {
        return state.destroyed
      },
      set fingerprint(value: string | undefined) {
        state.fingerprint = value
      },
    }
  }
  const up = async (ports = [16992], address?: string): Promise<{ peer: Peer; tunnel: Tunnel }> => {
    const one = peer(address)
    one.say(...hello())
    one.say(login())
    await clock.advance(0)
    one.say(forwarding)
    for (const port of ports) one.say(forward(port))
    await clock.advance(all.quietMs)
    one.sent()
    return { peer: one, tunnel: registry.find(GUID)! }
  }
  return { clock, known, told, verified, registry, peer, up, limits: all }
}

export const kinds = (messages: readonly Message[]): string[] => messages.map(({ kind }) => kind)
