// SPDX-License-Identifier: Apache-2.0
/** Consent of the person at the host: whether a session needs it, and how often a code may be tried. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import { MINUTE } from '../../../../plugins/contract/index.ts'
import type { ConsentGate } from '../ports.ts'
import { numberOf, type Wsman } from '../wsman/wsman.ts'
import type { Mode } from './framing.ts'
import { problem } from './problems.ts'

/** `OptInRequired` of IPS_OptInService: nobody asks, for KVM, for every kind of redirection. */
const REQUIRED = { none: 0, kvm: 1, all: 4_294_967_295 } as const
/** `OptInState`: the code was accepted, or a session that it allowed is going on. */
const GIVEN: readonly number[] = [3, 4]

/** Whether a session of this kind would be refused for want of consent. Rejects as {@link Wsman.get} does. */
export async function consentNeeded(wsman: Wsman, mode: Mode, signal: AbortSignal): Promise<boolean> {
  const { content } = await wsman.get('IPS_OptInService', { signal, deadlineMs: 5_000 })
  const required = numberOf(content.OptInRequired) ?? REQUIRED.none
  if (required === REQUIRED.none || (required === REQUIRED.kvm && mode !== 'kvm')) return false
  return !GIVEN.includes(numberOf(content.OptInState) ?? 0)
}

/** Three tries for a code; while it is exhausted, sessions are refused too. */
export type ConsentTries = ConsentGate

const MAX_TRIES = 3
const MAX_DEVICES = 10_000
/** A code on the screen is good for two minutes, the screen for five. */
const FORGET_MS = 5 * MINUTE

export function createConsentTries(clock: Clock): ConsentTries {
  const wrong = new Map<string, { readonly count: number; readonly at: number }>()
  const exhausted = (guid: string): boolean => {
    const known = wrong.get(guid)
    if (known === undefined || known.count < MAX_TRIES) return false
    if (clock.monotonic() - known.at < FORGET_MS) return true
    wrong.delete(guid)
    return false
  }
  return {
    shown: guid => void wrong.delete(guid),
    allow: guid => {
      if (exhausted(guid)) throw problem('consent-tries-exhausted', guid)
    },
    tried: (guid, right) => {
      const count = (wrong.get(guid)?.count ?? 0) + 1
      wrong.delete(guid)
      if (right) return
      wrong.set(guid, { count, at: clock.monotonic() })
      const [oldest] = wrong.keys()
      if (wrong.size > MAX_DEVICES && oldest !== undefined) wrong.delete(oldest)
    },
    exhausted,
  }
}
