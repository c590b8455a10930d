// SPDX-License-Identifier: Apache-2.0
/** What is reported of an order: the ledger, seen in the light of what the machine is and what time it is. */
import { type EpochMs, formatTime } from '../contract/index.ts'
import type { ActivationObserved, ActivationStatus, AmtObserved, Blocker } from './contract.ts'
import { judge } from './judge.ts'
import { isOpen, type Ledger, leftMs } from './ledger.ts'

export type Circumstances = {
  readonly observed: AmtObserved
  /** Why nothing can be run on this machine just now. */
  readonly blocker: Blocker | undefined
  /** Whether this life of the agent wrote down the run that the ledger speaks of, and may therefore start it. */
  readonly announced: boolean
  readonly now: EpochMs
}

const BLOCKED: Readonly<Record<Blocker, string>> = {
  'no-amt': 'this machine has no AMT',
  'bad-uuid': 'this machine has no UUID of its own: its firmware states none, or one that many machines share',
  'switched-off': 'AMT is switched off in the BIOS',
  'no-rpc': 'rpc is not installed',
  'no-driver': 'the management engine has no driver',
  'no-root': 'rpc needs root to reach the management engine',
  busy: 'the management engine is busy or not ready',
}

/** Reports without effects; the same circumstances give the same report. */
export function progressOf(ledger: Ledger, given: Circumstances): ActivationObserved {
  const { now, blocker, observed } = given
  const status = statusOf(ledger, given)
  const isBlocked = blocker !== undefined && ledger.phase === 'ordered'
  const isWaiting = !isBlocked && isOpen(ledger) && leftMs(ledger, now) > 0 && ledger.next !== undefined
  const why = status === 'unsupported' || isBlocked ? blocked(blocker, observed) : ledger.message
  return {
    status,
    goal: ledger.goal,
    attempt: ledger.attempt,
    recoveries: ledger.recoveries,
    since: formatTime(ledger.since),
    ...(isWaiting && ledger.next !== undefined ? { nextTryAt: formatTime(ledger.next.at) } : {}),
    message: why,
    ...(ledger.exit === undefined ? {} : { lastExit: ledger.exit }),
    ...(isBlocked ? { blocker } : {}),
  }
}

function blocked(blocker: Blocker | undefined, { why }: AmtObserved): string {
  const what = blocker === undefined ? '' : BLOCKED[blocker]
  return blocker === 'busy' || blocker === 'no-driver' ? `${what}: ${why}`.slice(0, 500).toWellFormed() : what
}

function statusOf(ledger: Ledger, { blocker, announced, observed, now }: Circumstances): ActivationStatus {
  switch (ledger.phase) {
    case 'withdrawn':
      return 'idle'
    case 'failed':
    case 'deactivated':
      return ledger.phase
    case 'activated':
      // Not as it was left: that has to be judged.
      return judge(ledger, { firmware: observed.firmware, now, boot: '' }) === ledger ? 'activated' : 'settling'
    case 'settling':
      return 'settling'
    case 'activating':
    case 'deactivating':
      return announced ? ledger.phase : 'settling'
    case 'ordered':
      if (blocker === 'no-amt' || blocker === 'bad-uuid') return 'unsupported'
      if (blocker !== undefined) return 'waiting'
      if (ledger.recovering) return 'recovering'
      return leftMs(ledger, now) > 0 ? 'waiting' : 'idle'
  }
}

/** UUIDs that boards carry whose makers never set one; zeros count as none at all. */
const SHARED_UUIDS: ReadonlySet<string> = new Set([
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '03000200-0400-0500-0006-000700080009',
])

/** What a definite look at the firmware says against running anything. */
export function firmwareBlocker({ sku, firmware }: AmtObserved): Blocker | undefined {
  if (sku === 'none') return 'no-amt'
  if (sku === 'unknown') return undefined
  if (firmware?.uuid === undefined || SHARED_UUIDS.has(firmware.uuid.toLowerCase())) return 'bad-uuid'
  return firmware.enabled === false && firmware.controlMode === 'none' ? 'switched-off' : undefined
}
