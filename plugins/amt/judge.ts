// SPDX-License-Identifier: Apache-2.0
/** Draws the conclusions from what the firmware shows: the whole behaviour of an activation, without effects. */
import { DAY, type EpochMs, HOUR, MINUTE, SECOND } from '../contract/index.ts'
import type { ActivationOrder, Firmware } from './contract.ts'
import { isOpen, type Ledger, leftMs } from './ledger.ts'
import type { RunOutcome } from './outcome.ts'

/** An attempt ends as failed when another recovery than these would be needed. */
const MAX_RECOVERIES = 3
/** The n-th look after a run comes n times this after the one before. */
const SETTLE_MS = 30 * SECOND
/** So many looks take three minutes; a tunnel comes up within one. */
const MAX_LOOKS = 3
const FIRST_BACKOFF_MS = 2 * MINUTE
const LAST_BACKOFF_MS = HOUR
/** A run whose agent died may go on by itself for as long as a run may take. */
const ORPHAN_MS = 7 * MINUTE

/** How the firmware and the clock stand. */
export type Seen = {
  /** `undefined` when it could not be asked. */
  readonly firmware: Firmware | undefined
  readonly now: EpochMs
  readonly boot: string
}

/** Begins an attempt. */
export function accept(order: ActivationOrder, former: Ledger | undefined, now: EpochMs): Ledger {
  return {
    format: 1,
    goal: order.state,
    attempt: order.attempt,
    phase: 'ordered',
    act: order.state === 'activated' ? 'activate' : 'deactivate',
    recovering: false,
    recoveries: 0,
    tries: 0,
    runs: 0,
    looks: 0,
    losses: 0,
    since: now,
    message: 'ordered',
    tunnel: true,
    wasThere: false,
    first: former === undefined,
    server: URL.parse(order.server)?.hostname.toLowerCase() ?? '',
  }
}

/** What was ordered is no longer wanted. */
export function withdraw(ledger: Ledger, now: EpochMs): Ledger {
  const { next: _, ...rest } = ledger
  return { ...rest, phase: 'withdrawn', since: now, message: 'no longer ordered' }
}

/** A run is about to begin. */
export function begin(ledger: Ledger, { firmware, now, boot }: Seen): Ledger {
  const { next: _, verdict: __, exit: ___, ...rest } = ledger
  return {
    ...rest,
    phase: ledger.act === 'activate' ? 'activating' : 'deactivating',
    runs: ledger.runs + 1,
    looks: 0,
    since: now,
    message: ledger.recovering ? ledger.message : `rpc ${ledger.act} is running`,
    run: { at: now, boot },
    // A deactivation on the way to an activation leaves open whether that was reached before.
    wasThere: isDetour(ledger) ? ledger.wasThere : isReached({ ...ledger, tunnel: true }, firmware),
  }
}

function isDetour({ goal, act }: Ledger): boolean {
  return goal === 'activated' && act === 'deactivate'
}

/** A run has ended. */
export function ended(ledger: Ledger, { verdict, message, exit, tunnel }: RunOutcome, now: EpochMs): Ledger {
  const about = ledger.act === 'activate' && verdict === 'ok' && tunnel !== undefined ? { tunnel } : {}
  return { ...ledger, ...about, phase: 'settling', looks: 0, since: now, message, exit, verdict }
}

/** What follows from the firmware as it is; the same ledger when nothing does. */
export function judge(ledger: Ledger, seen: Seen): Ledger {
  if (ledger.phase === 'activated') return lossOf(ledger, seen)
  if (ledger.phase === 'ordered') return reachedUnawares(ledger, seen)
  if (!isOpen(ledger) || leftMs(ledger, seen.now) > 0) return ledger
  if (ledger.verdict === undefined || ledger.phase !== 'settling') return judge(interrupted(ledger, seen), seen)
  return ledger.act === 'activate' ? afterActivation(ledger, seen) : afterDeactivation(ledger, seen)
}

function interrupted(ledger: Ledger, { now }: Seen): Ledger {
  const message = 'the agent was stopped while rpc was running'
  return { ...ledger, phase: 'settling', verdict: 'transient', looks: 0, since: now, message }
}

function modeOf(firmware: Firmware | undefined): Firmware['controlMode'] {
  return firmware?.controlMode ?? 'unknown'
}

function isActivated(firmware: Firmware | undefined): boolean {
  return modeOf(firmware) === 'ccm' || modeOf(firmware) === 'acm'
}

function mpsOf(firmware: Firmware | undefined): string | undefined {
  return firmware?.ras?.mpsHostname?.toLowerCase()
}

/** Whether the firmware is as the next act is to make it. */
function isReached({ act, tunnel }: Pick<Ledger, 'act' | 'tunnel'>, firmware: Firmware | undefined): boolean {
  if (act === 'deactivate') return modeOf(firmware) === 'none'
  if (!isActivated(firmware)) return false
  return firmware?.ras?.remote === 'connected' || (!tunnel && mpsOf(firmware) === undefined)
}

function afterActivation(ledger: Ledger, seen: Seen): Ledger {
  const { firmware } = seen
  const { verdict } = ledger
  if (isReached(ledger, firmware) && (verdict === 'ok' || !ledger.wasThere)) return activated(ledger, seen)
  if (verdict === 'refused') return failed(ledger, ledger.message, seen)
  if (verdict === 'auth') return recover(ledger, ledger.message, seen)
  if (modeOf(firmware) === 'unknown') return unread(ledger, seen)
  if (!isActivated(firmware)) {
    if (verdict === 'transient') return retry(ledger, ledger.message, seen)
    if (verdict === 'ok' && ledger.looks === 0) return lookAgain(ledger, seen)
    const why = verdict === 'ok' ? 'rpc said that it is done, but the firmware is not activated' : ledger.message
    return recover(ledger, why, seen)
  }
  const isConfigured = mpsOf(firmware) !== undefined || verdict === 'ok'
  if (firmware?.ras?.remote !== 'connected' && isConfigured) {
    if (ledger.looks < MAX_LOOKS) return lookAgain(ledger, seen)
    return recover(ledger, `the tunnel of the firmware is ${remoteOf(firmware)} three minutes after rpc ended`, seen)
  }
  return verdict === 'transient' ? retry(ledger, ledger.message, seen) : recover(ledger, ledger.message, seen)
}

function remoteOf(firmware: Firmware | undefined): string {
  return firmware?.ras?.remote === 'connecting' ? 'still connecting' : 'not connected'
}

function afterDeactivation(ledger: Ledger, seen: Seen): Ledger {
  const mode = modeOf(seen.firmware)
  if (mode === 'none') return deactivated(ledger, seen)
  if (ledger.verdict === 'refused') return failed(ledger, ledger.message, seen)
  if (mode === 'unknown') return unread(ledger, seen)
  if (ledger.verdict === 'transient') return retry(ledger, ledger.message, seen)
  if (ledger.verdict === 'ok' && ledger.looks < MAX_LOOKS) return lookAgain(ledger, seen)
  const why = ledger.verdict === 'ok' ? 'rpc said that it is done, but the firmware is still activated' : ledger.message
  return recover(ledger, why, seen)
}

/** The firmware cannot be asked just now: some looks later that is one more passing failure. */
function unread(ledger: Ledger, seen: Seen): Ledger {
  if (ledger.looks < MAX_LOOKS) return lookAgain(ledger, seen)
  return retry(ledger, `the firmware cannot be read back: ${ledger.message}`, seen)
}

function lookAgain(ledger: Ledger, { now }: Seen): Ledger {
  const looks = ledger.looks + 1
  return { ...ledger, phase: 'settling', looks, next: after(now, looks * SETTLE_MS) }
}

function activated(ledger: Ledger, { firmware, now }: Seen): Ledger {
  const { next: _, ...rest } = ledger
  const mps = mpsOf(firmware)
  const way = firmware?.ras?.remote === 'connected' ? 'its tunnel is connected' : 'without a tunnel'
  const message = `activated in ${modeOf(firmware) === 'acm' ? 'admin' : 'client'} control mode, ${way}`
  return { ...rest, phase: 'activated', recovering: false, tries: 0, since: now, message, ...(mps ? { mps } : {}) }
}

function deactivated(ledger: Ledger, { now }: Seen): Ledger {
  const { next: _, verdict: __, mps: ___, ...rest } = ledger
  if (ledger.goal === 'deactivated') {
    return { ...rest, phase: 'deactivated', recovering: false, tries: 0, since: now, message: 'deactivated' }
  }
  const next = after(now, backoff(ledger.recoveries))
  return { ...rest, phase: 'ordered', act: 'activate', tries: 0, looks: 0, since: now, next }
}

function failed(ledger: Ledger, why: string, { now }: Seen): Ledger {
  const { next: _, ...rest } = ledger
  return { ...rest, phase: 'failed', recovering: false, since: now, message: why.slice(0, 500) }
}

function retry(ledger: Ledger, why: string, seen: Seen): Ledger {
  const { now, boot } = seen
  const tries = ledger.tries + 1
  const isOrphan = ledger.exit === undefined && ledger.run?.boot === boot && boot !== ''
  const orphanMs = isOrphan && ledger.run !== undefined ? ledger.run.at + ORPHAN_MS - now : 0
  const waitMs = Math.max(spread(backoff(tries), seen), Math.min(ORPHAN_MS, orphanMs))
  const next = after(now, waitMs)
  return { ...ledger, phase: 'ordered', tries, looks: 0, since: now, next, message: why.slice(0, 500) }
}

/** Takes back what is there, when anything is, and begins again. */
function recover(ledger: Ledger, why: string, seen: Seen): Ledger {
  if (ledger.recoveries >= MAX_RECOVERIES) {
    return failed(ledger, `given up after ${MAX_RECOVERIES} recoveries: ${why}`, seen)
  }
  const { verdict: _, ...rest } = ledger
  const recoveries = ledger.recoveries + 1
  const act = ledger.goal === 'activated' && modeOf(seen.firmware) === 'none' ? 'activate' : 'deactivate'
  const waitMs = ledger.act === 'activate' && act === 'deactivate' ? recoveries * SETTLE_MS : backoff(recoveries)
  const next = after(seen.now, waitMs)
  const message = why.slice(0, 500)
  return {
    ...rest,
    phase: 'ordered',
    act,
    recovering: true,
    recoveries,
    tries: 0,
    looks: 0,
    since: seen.now,
    next,
    message,
  }
}

/** Before a run: it may not be needed. */
function reachedUnawares(ledger: Ledger, seen: Seen): Ledger {
  const { firmware } = seen
  if (ledger.act === 'deactivate' && isReached(ledger, firmware)) return deactivated(ledger, seen)
  if (ledger.goal === 'deactivated' || !isReached({ ...ledger, act: 'activate' }, firmware)) return ledger
  if (ledger.runs > 0) return ledger.wasThere ? ledger : activated({ ...ledger, act: 'activate' }, seen)
  // An operating system that was installed anew on a machine that is ours already.
  return ledger.first && mpsOf(firmware) === ledger.server ? activated(ledger, seen) : ledger
}

/** What was set up is gone from the firmware: it is set up again, the more slowly the more often that happens. */
function lossOf(ledger: Ledger, { firmware, now }: Seen): Ledger {
  const mode = modeOf(firmware)
  const lost =
    mode === 'none'
      ? 'the firmware is no longer activated'
      : isActivated(firmware) &&
          ledger.mps !== undefined &&
          firmware?.ras !== undefined &&
          mpsOf(firmware) === undefined
        ? 'the firmware has lost the configuration of its tunnel'
        : undefined
  if (lost === undefined) return ledger
  const { verdict: _, mps: __, ...rest } = ledger
  const losses = now - ledger.since > DAY ? 1 : ledger.losses + 1
  return {
    ...rest,
    phase: 'ordered',
    act: 'activate',
    recoveries: 0,
    tries: 0,
    runs: 0,
    looks: 0,
    losses,
    first: false,
    since: now,
    next: after(now, Math.min(DAY, FIRST_BACKOFF_MS * 4 ** Math.min(losses - 1, 8))),
    message: lost,
  }
}

function backoff(count: number): number {
  return Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** Math.min(Math.max(0, count - 1), 10))
}

/** Up to a quarter longer, by the machine: a fleet that was turned away together does not come back together. */
function spread(waitMs: number, { firmware }: Seen): number {
  let hash = 0
  for (const character of firmware?.uuid ?? '') hash = (hash * 31 + character.charCodeAt(0)) % 1_000
  return waitMs + Math.round((waitMs / 4) * (hash / 1_000))
}

function after(now: EpochMs, waitMs: number): NonNullable<Ledger['next']> {
  return { at: now + waitMs, waitMs }
}
