// SPDX-License-Identifier: Apache-2.0
/** How much devices may take of us, and how long they may let us wait. */
import { MINUTE, SECOND } from '../../../../plugins/contract/index.ts'

export type CiraLimits = {
  /** Devices connected, logging in and waiting for it, altogether. */
  readonly connections: number
  /** The same for one address; a site behind NAT has hundreds. */
  readonly connectionsPerAddress: number
  /** Connections that may wait for their handshake to begin. */
  readonly waiting: number
  /** Connections between the begin of their handshake and their login. */
  readonly unauthenticated: number
  /** Handshakes begun in a second. */
  readonly handshakesPerSecond: number
  /** From the begin of the handshake to the login, and from there to the first forwarded port. */
  readonly loginMs: number
  /** Bytes before the login. */
  readonly loginBytes: number
  readonly attemptsPerConnection: number
  /** Failed logins within a minute. */
  readonly failuresPerGuid: number
  readonly failuresPerAddress: number
  /** When a failed login is answered, whatever the reason, so that the time tells nothing of it. */
  readonly failureAfterMs: number
  /** Silence after which the device is asked whether it is there. */
  readonly probeAfterMs: number
  /** How long the answer to that may take; with the one above and two sweeps it stays within 45 s. */
  readonly probeAnswerMs: number
  readonly sweepMs: number
  /** Time without a further forward after which the device has said all, when it does not forward its WSMAN port. */
  readonly quietMs: number
  /** Channels open to one device, and callers that wait for one of them to close. */
  readonly channels: number
  readonly channelQueue: number
  /** How long the device may take to open a channel. */
  readonly openMs: number
  /** Messages for channels that do not exist after which the device has lost its way. */
  readonly strayMessages: number
}

/**
 * A device needs about a second of its own for a handshake, and a restart of the controller brings all of them at once:
 * nobody is refused then, they wait for their turn. 500 handshakes a second are more than one core can do.
 */
export const CIRA_LIMITS: CiraLimits = {
  connections: 20_000,
  connectionsPerAddress: 20_000,
  waiting: 20_000,
  unauthenticated: 200,
  handshakesPerSecond: 500,
  loginMs: 20 * SECOND,
  loginBytes: 4_096,
  attemptsPerConnection: 3,
  failuresPerGuid: 5,
  failuresPerAddress: 30,
  failureAfterMs: 250,
  probeAfterMs: 31 * SECOND,
  probeAnswerMs: 8 * SECOND,
  sweepMs: 2 * SECOND,
  quietMs: 300,
  channels: 16,
  channelQueue: 32,
  openMs: 10 * SECOND,
  strayMessages: 100,
}

/** What failed logins are counted within. */
export const FAILURES_WITHIN_MS = MINUTE

/** Bytes a device may send on a channel before it must wait for us. */
export const WINDOW = { default: 81_920, min: 32_768, max: 1_048_576 } as const

/** What every device is told: say you are there each 30 s, and hold us for dead after 90 s without an answer. */
export const KEEPALIVE_OPTIONS = { interval: 30, timeout: 90 } as const
