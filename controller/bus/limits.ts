// SPDX-License-Identifier: Apache-2.0
/** How much a connection, an address and all of them together may ask of the bus. */
import { MINUTE, SECOND } from '../../plugins/contract/index.ts'

/** Refills at `perSecond` up to `burst`. */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type BusLimits = {
  readonly handshakeMs: number
  /** From the end of the handshake to the last byte of CONNECT. */
  readonly connectMs: number
  /** For the kernel's word on a CONNECT. */
  readonly admitMs: number
  readonly connectBytes: number
  readonly packetBytes: number
  /** Connections whose CONNECT is not through: of all, and of one address. */
  readonly halfOpen: number
  readonly halfOpenPerAddress: number
  /** Connections that wait for their turn before the handshake, and for how long: less than hosts wait for one. */
  readonly waiting: number
  readonly waitMs: number
  readonly connections: number
  readonly connects: Rate
  readonly connectsPerAddress: Rate
  readonly connectsPerHost: Rate
  readonly packets: Rate
  /** How long a connection may go on sending too many packets while it is being held back. */
  readonly throttledMs: number
  readonly keepAliveSeconds: { readonly least: number; readonly most: number }
  readonly subscriptions: number
  readonly topicLevels: number
  readonly messages: Readonly<Record<'presence' | 'reported' | 'result' | 'telemetry' | 'up', Rate>>
  /** How long the bus reads no further from a host while its message is being handled. */
  readonly messageMs: number
  /** A host that takes no data for so long is let go. */
  readonly drainMs: number
  /** Beyond so much unsent data nothing more is written to a host. */
  readonly unsentBytes: number
  /** Packets to one host that it has not acknowledged. */
  readonly unacknowledged: number
  readonly acknowledgeMs: number
  /** Foreign doors within a minute that make a host suspicious. */
  readonly suspicions: number
  /** How often expired certificates are looked for and repeated refusals are summed up. */
  readonly sweepMs: number
  /** Shares of memory at which telemetry is dropped, hosts are read slowly, new connections are refused, quarantined hosts are shed. */
  readonly memory: { readonly quiet: number; readonly slow: number; readonly refuse: number; readonly shed: number }
  /** How long a host is not read after a message while it is read slowly. */
  readonly slowMs: number
}

export const DEFAULT_BUS_LIMITS: BusLimits = {
  handshakeMs: 20 * SECOND,
  connectMs: 5 * SECOND,
  admitMs: 10 * SECOND,
  connectBytes: 4_096,
  packetBytes: 262_144,
  halfOpen: 200,
  halfOpenPerAddress: 10,
  waiting: 20_000,
  waitMs: MINUTE,
  connections: 20_000,
  connects: { perSecond: 400, burst: 200 },
  connectsPerAddress: { perSecond: 30 / 60, burst: 30 },
  connectsPerHost: { perSecond: 6 / 60, burst: 6 },
  packets: { perSecond: 100, burst: 500 },
  throttledMs: 10 * SECOND,
  keepAliveSeconds: { least: 30, most: 120 },
  subscriptions: 8,
  topicLevels: 8,
  messages: {
    presence: { perSecond: 1 / 10, burst: 5 },
    reported: { perSecond: 1, burst: 20 },
    result: { perSecond: 5, burst: 50 },
    telemetry: { perSecond: 2, burst: 20 },
    up: { perSecond: 100, burst: 500 },
  },
  messageMs: 10 * SECOND,
  drainMs: 20 * SECOND,
  unsentBytes: 1_048_576,
  unacknowledged: 1_000,
  acknowledgeMs: 30 * SECOND,
  suspicions: 3,
  sweepMs: MINUTE / 2,
  memory: { quiet: 0.75, slow: 0.85, refuse: 0.95, shed: 1 },
  slowMs: SECOND,
}
