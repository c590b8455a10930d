// SPDX-License-Identifier: Apache-2.0
/** What to do next about a power order: recomputed from what was done and what is seen. Pure. */
import { type EpochMs, MINUTE, SECOND } from '../../../../plugins/contract/index.ts'
import { POWER_RULES, type PowerAction, type PowerPolicy } from './words.ts'

export type PowerOrder = {
  readonly action: PowerAction
  readonly policy: PowerPolicy
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  /** The last request that was sent, and when. */
  readonly sent: { readonly code: number; readonly at: EpochMs } | undefined
  /** Requests sent. */
  readonly tries: number
}

export type PowerSeen = {
  readonly reachable: boolean
  /** As the firmware tells it; `undefined` when it was not asked or did not say. */
  readonly state: number | undefined
  /** Why the last request was refused. */
  readonly refusal?: string
}

export type PowerNext =
  | { readonly do: 'wait'; readonly forMs: number; readonly says: string }
  | { readonly do: 'read' }
  | { readonly do: 'send'; readonly code: number; readonly says: string }
  | { readonly do: 'finish'; readonly ok: boolean; readonly says: string }

/** The firmware answers with the old state for a while, and some generations drop the tunnel when asked too early. */
export const SETTLE_MS = 5 * SECOND
/** How long the operating system may take when it was asked politely, and a state to follow an act. */
export const GRACE_MS = MINUTE
const LOOK_AGAIN_MS = 5 * SECOND
const TRIES = 3
/** A tunnel that is away wakes the order when it is back; this is only for when that was missed. */
const AWAY_MS = MINUTE

export const NOT_CONNECTED = 'Device not found/connected'

export function nextOfPower(order: PowerOrder, seen: PowerSeen, now: EpochMs): PowerNext {
  const rule = POWER_RULES[order.action]
  const { sent } = order
  const reached = seen.state !== undefined && rule.accepts.includes(seen.state)
  if (sent === undefined) return first(order, seen, now)
  const since = now - sent.at
  if (since < SETTLE_MS) return { do: 'wait', forMs: SETTLE_MS - since, says: rule.progress }
  if (!seen.reachable) {
    // Off takes the tunnel down on some generations: that it went is then all there is to see, until it is back.
    if (now >= order.expiresAt) return { do: 'finish', ok: false, says: `${NOT_CONNECTED} since it was asked` }
    return { do: 'wait', forMs: Math.min(AWAY_MS, order.expiresAt - now), says: rule.progress }
  }
  if (seen.state === undefined) return { do: 'read' }
  if (reached) return { do: 'finish', ok: true, says: rule.done }
  if (since < GRACE_MS) return { do: 'wait', forMs: LOOK_AGAIN_MS, says: rule.progress }
  if (sent.code !== rule.code) return { do: 'send', code: rule.code, says: rule.progress }
  if (order.tries < TRIES && now < order.expiresAt) return { do: 'send', code: rule.code, says: rule.progress }
  return { do: 'finish', ok: false, says: 'mismatch between desired and current power state' }
}

function first(order: PowerOrder, seen: PowerSeen, now: EpochMs): PowerNext {
  const rule = POWER_RULES[order.action]
  if (now >= order.expiresAt) return { do: 'finish', ok: false, says: `${NOT_CONNECTED} until the deadline` }
  if (!seen.reachable) return { do: 'wait', forMs: Math.min(AWAY_MS, order.expiresAt - now), says: NOT_CONNECTED }
  if (seen.state === undefined) return { do: 'read' }
  if (rule.settles && rule.accepts.includes(seen.state)) return { do: 'finish', ok: true, says: rule.done }
  const isOn = seen.state === 2
  if (!isOn && order.action !== 'on') {
    if (order.action === 'off') return { do: 'send', code: rule.code, says: rule.progress }
    return { do: 'finish', ok: false, says: 'Device must be powered on first' }
  }
  const polite = order.policy === 'ordered' ? rule.polite : undefined
  return { do: 'send', code: polite ?? rule.code, says: rule.progress }
}
