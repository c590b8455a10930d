// SPDX-License-Identifier: Apache-2.0
/** What can be made to go wrong with a simulated management engine; WS-Management messages are counted from 1. */

/**
 * Where a message is cut off: `before` it is carried out, `after` it is but before the reply leaves, or right behind
 * the `reply`.
 */
export type CutPoint = 'before' | 'after' | 'reply'

export interface AmtFaults {
  /** Messages that logged in, on whatever path; a method call and its 401 count once. */
  readonly messages: number
  /** What each of them was: its action's last word and its class, `Get AMT_GeneralSettings`. */
  readonly seen: readonly string[]
  /** Tears down the stream of the n-th message: the whole tunnel for CIRA, the connection for LMS. */
  cut(n: number, when: CutPoint): void
  /** The n-th message is carried out, its reply is never sent, the stream stays open. */
  loseReply(n: number): void
  /** The next `count` messages that `matches` accepts are answered with HTTP 500 and a fault, and not carried out. */
  fail(count: number, matches?: (what: string) => boolean): void
  /** Every reply takes this long; 0 ends it. */
  slow(ms: number): void
  /** The next `count` channels are refused with this reason. */
  refuseChannels(count: number, reason: number): void
  /** Channels the server closes are echoed this much later. */
  closeLate(ms: number): void
  /** The next tunnel logs in with a wrong password. */
  badPasswordOnce(): void
  /** The next challenge's nonce is stale at once. */
  staleOnce(): void
  /** `AdminSetup` on an activated engine never answers, as some firmware does. */
  hangSecondSetup(hang: boolean): void
  /** `CommitChanges` restarts the local ports before its reply has left. */
  loseCommitReply(lose: boolean): void
  /** For the parts of the machine: what is to happen to the message that just came. */
  readonly plan: FaultPlan
}

export type FaultPlan = {
  message(what: string): {
    readonly n: number
    readonly cut?: CutPoint
    readonly lost: boolean
    readonly failed: boolean
  }
  delayMs(): number
  channel(): number | undefined
  closeDelayMs(): number
  spoilPassword(): boolean
  stale(): boolean
  hangs(): boolean
  commitReplyLost(): boolean
}

/** Nothing goes wrong, and nothing is counted. */
export const NO_FAULTS: FaultPlan = {
  message: () => ({ n: 0, lost: false, failed: false }),
  delayMs: () => 0,
  channel: () => undefined,
  closeDelayMs: () => 0,
  spoilPassword: () => false,
  stale: () => false,
  hangs: () => false,
  commitReplyLost: () => false,
}

/** Remembers that many names of messages, so that a long run does not fill the memory. */
const SEEN = 2000

/** Makes a set of faults, none of them in force. */
export function createAmtFaults(): AmtFaults {
  const cuts = new Map<number, CutPoint>()
  const lost = new Set<number>()
  const seen: string[] = []
  let messages = 0
  let failing = { count: 0, matches: (_what: string): boolean => true }
  let slowMs = 0
  let closeMs = 0
  let refused = { count: 0, reason: 0 }
  const once = { badPassword: false, stale: false }
  const lasting = { hang: false, commit: false }

  const plan: FaultPlan = {
    message(what) {
      messages += 1
      if (seen.length < SEEN) seen.push(what)
      const failed = failing.count > 0 && failing.matches(what)
      if (failed) failing.count -= 1
      const cut = cuts.get(messages)
      return { n: messages, lost: lost.has(messages), failed, ...(cut === undefined ? {} : { cut }) }
    },
    delayMs: () => slowMs,
    channel() {
      if (refused.count === 0) return undefined
      refused.count -= 1
      return refused.reason
    },
    closeDelayMs: () => closeMs,
    spoilPassword: () => take(once, 'badPassword'),
    stale: () => take(once, 'stale'),
    hangs: () => lasting.hang,
    commitReplyLost: () => lasting.commit,
  }
  return {
    get messages() {
      return messages
    },
    seen,
    cut: (n, when) => void cuts.set(n, when),
    loseReply: n => void lost.add(n),
    fail(count, matches = () => true) {
      failing = { count, matches }
    },
    slow(ms) {
      slowMs = ms
    },
    refuseChannels(count, reason) {
      refused = { count, reason }
    },
    closeLate(ms) {
      closeMs = ms
    },
    badPasswordOnce() {
      once.badPassword = true
    },
    staleOnce() {
      once.stale = true
    },
    hangSecondSetup(hang) {
      lasting.hang = hang
    },
    loseCommitReply(lose) {
      lasting.commit = lose
    },
    plan,
  }
}

function take<K extends string>(flags: Record<K, boolean>, name: K): boolean {
  const was = flags[name]
  flags[name] = false
  return was
}
