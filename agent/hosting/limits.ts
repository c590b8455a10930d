// SPDX-License-Identifier: Apache-2.0
/** How much time, memory and noise a plugin is given before it is stopped. */
import { MINUTE, SECOND } from '../../plugins/contract/index.ts'

export type HostingLimits = {
  /** How long each kind of call may take; a command has its own limit in the section. */
  readonly probeMs: number
  readonly observeMs: number
  readonly planMs: number
  readonly applyMs: number
  readonly revertMs: number
  readonly recoverMs: number
  /** How long a cancelled call may go on before the plugin is given up. */
  readonly graceMs: number
  /** How long a plugin may take to stop. */
  readonly stopMs: number
  /** Timers of `wake` a plugin may have at once. */
  readonly timers: number

  /** The rest is for plugins that run as a process. How long one may take to report ready. */
  readonly startMs: number
  /** Calls that may be under way at once. */
  readonly calls: number
  /** Resident memory of the process and what it started, in bytes. */
  readonly memoryBytes: number
  /** Processes: itself and what it started. */
  readonly processes: number
  /** How often memory and processes are looked at. */
  readonly watchMs: number
  readonly heartbeatMs: number
  /** So many pings without an answer mean that it hangs. */
  readonly missedHeartbeats: number
  /** Largest message in either direction, in bytes. */
  readonly messageBytes: number
  /** What it may send within one second; more is read later. */
  readonly messagesPerSecond: number
  readonly bytesPerSecond: number
  /** What it may print within one minute, in bytes. */
  readonly printedBytes: number

  readonly firstRestartMs: number
  readonly lastRestartMs: number
  /** So many crashes within `crashWindowMs` end in quarantine. */
  readonly crashes: number
  readonly crashWindowMs: number
}

const MEBIBYTE = 1_048_576

export const DEFAULT_LIMITS: HostingLimits = {
  probeMs: 30 * SECOND,
  observeMs: MINUTE,
  planMs: 10 * SECOND,
  applyMs: 30 * MINUTE,
  revertMs: 5 * MINUTE,
  recoverMs: MINUTE,
  graceMs: 5 * SECOND,
  stopMs: 5 * SECOND,
  timers: 64,
  startMs: 30 * SECOND,
  calls: 32,
  memoryBytes: 256 * MEBIBYTE,
  processes: 32,
  watchMs: 500,
  heartbeatMs: 10 * SECOND,
  missedHeartbeats: 3,
  messageBytes: MEBIBYTE,
  messagesPerSecond: 1_000,
  bytesPerSecond: 4 * MEBIBYTE,
  printedBytes: MEBIBYTE,
  firstRestartMs: SECOND,
  lastRestartMs: 5 * MINUTE,
  crashes: 5,
  crashWindowMs: 10 * MINUTE,
}
