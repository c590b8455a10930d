// SPDX-License-Identifier: Apache-2.0
/** What is to be said of a host's firmware, from what was asked of it and what is seen of it. Pure. */
import type { Indicator } from './words.ts'

export type AmtIntent = {
  readonly want: 'provisioned' | 'unprovisioned' | undefined
  readonly attempt: number
  /** The control mode that was asked for; any when it was left out. */
  readonly mode?: 'acm' | 'ccm' | undefined
}

export type AmtSeen = {
  readonly sku: 'amt' | 'ism' | 'none' | 'unknown' | undefined
  /** Why the detection says so. */
  readonly why: string
  readonly activated: boolean
  /** The control mode it is in, as far as known. */
  readonly mode?: 'acm' | 'ccm' | undefined
  readonly connected: boolean
  /** What the host's agent does about it, if it has one that reported. */
  readonly agent:
    | { readonly status: string; readonly attempt: number; readonly message: string; readonly recoveries: number }
    | undefined
  /** Why no profile fits. */
  readonly noProfile?: string
}

export type AmtStatement = {
  readonly current: 'UNSPECIFIED' | 'PROVISIONED' | 'UNPROVISIONED' | 'DISCONNECTED'
  readonly says: string
  readonly indicator: Indicator
}

const WORKING = new Set(['waiting', 'activating', 'settling', 'recovering'])

export function stateOfAmt(intent: AmtIntent, seen: AmtSeen): AmtStatement {
  const current = currentOf(seen)
  const say = (says: string, indicator: Indicator): AmtStatement => ({ current, says, indicator })
  if (intent.want === undefined) return say(restingText(seen), seen.activated && !seen.connected ? 'ERROR' : 'IDLE')
  if (intent.want === 'provisioned') return provisioning(intent, seen, say)
  if (!seen.activated) return say('AMT deactivated', 'IDLE')
  if (seen.agent?.status === 'failed' && seen.agent.attempt === intent.attempt)
    return say(withReason('AMT deactivation failed', seen.agent.message), 'ERROR')
  return say('AMT deactivation in progress', 'IN_PROGRESS')
}

type Say = (says: string, indicator: Indicator) => AmtStatement

function provisioning(intent: AmtIntent, seen: AmtSeen, say: Say): AmtStatement {
  if (seen.sku === 'none' || seen.sku === 'unknown') return say(withReason('AMT is not available', seen.why), 'ERROR')
  const fits = intent.mode === undefined || seen.mode === undefined || seen.mode === intent.mode
  if (seen.activated && seen.connected && fits) return say('AMT Activation Done', 'IDLE')
  if (seen.noProfile !== undefined) return say(withReason('AMT Activation Failed', seen.noProfile), 'ERROR')
  const { agent } = seen
  if (agent !== undefined && agent.attempt === intent.attempt) {
    if (agent.status === 'failed') return say(withReason('AMT Activation Failed', agent.message), 'ERROR')
    if (agent.status === 'recovering')
      return say(`AMT Activation In Progress (recovery ${agent.recoveries})`, 'IN_PROGRESS')
    if (WORKING.has(agent.status)) return say('AMT Activation In Progress', 'IN_PROGRESS')
  }
  if (seen.activated && !fits) return say('AMT Activation requested', 'IN_PROGRESS')
  if (seen.activated) return say('AMT is activated and not connected', 'IN_PROGRESS')
  return say(seen.sku === undefined ? 'Waiting for the host to report' : 'AMT Activation requested', 'IN_PROGRESS')
}

function currentOf({ sku, activated, connected }: AmtSeen): AmtStatement['current'] {
  if (activated) return connected ? 'PROVISIONED' : 'DISCONNECTED'
  return sku === 'amt' || sku === 'ism' ? 'UNPROVISIONED' : 'UNSPECIFIED'
}

function restingText({ sku, why, activated, connected }: AmtSeen): string {
  if (activated) return connected ? 'Provisioned' : 'Provisioned, not connected'
  return sku === 'amt' || sku === 'ism' ? 'Unprovisioned' : why
}

function withReason(what: string, why: string): string {
  return why === '' ? what : `${what}: ${why}`.slice(0, 1_000)
}
