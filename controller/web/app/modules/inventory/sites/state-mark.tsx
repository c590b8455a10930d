// SPDX-License-Identifier: Apache-2.0
/** The state of a place: its own shape and hue, and a word. */
import { Check, CircleDashed, CircleSlash, Moon, OctagonX, Triangle } from 'lucide-react'
import type { ComponentType } from 'react'
import { spoken } from '../../../kit/age.ts'
import { useNow } from '../../../kit/now.ts'
import { t } from '../../../words/inventory/places.ts'
import type { PlaceState, Tally } from './state.ts'

type Look = {
  readonly hue: string
  readonly icon: ComponentType<{ size?: number; x?: number; y?: number; 'aria-hidden'?: boolean }>
}

export const LOOKS: Readonly<Record<PlaceState, Look>> = {
  ok: { hue: 'ok', icon: Check },
  trouble: { hue: 'degraded', icon: Triangle },
  dark: { hue: 'failing', icon: OctagonX },
  asleep: { hue: 'unknown', icon: Moon },
  waiting: { hue: 'unknown', icon: CircleDashed },
  empty: { hue: 'unknown', icon: CircleSlash },
}

/** The state in words, with the age of what is dark. */
export function stateWords(state: PlaceState, tally: Tally, now: number): string {
  const { hosts, online, lost, failing, never, lostSince } = tally
  if (state === 'ok') return t.state.ok(online)
  // A host that says it is failing may be among those that are lost.
  if (state === 'trouble') return t.state.trouble(Math.min(hosts, lost + failing), hosts)
  if (state === 'dark')
    return lostSince === undefined ? t.state.darkNow : t.state.dark(spoken(now - Date.parse(lostSince)))
  if (state === 'waiting') return t.state.waiting(never)
  return t.state[state]
}

/** Everything there is to say of the hosts of a place. */
export function tallyWords({ online, offline, asleep, never, failing }: Tally): string {
  const parts = { online, offline, asleep, never, failing }
  return Object.entries(parts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => t.part[name as keyof typeof parts](count)) // the names of parts
    .join(', ')
}

export function StateMark({ state, tally }: { readonly state: PlaceState; readonly tally: Tally }) {
  const now = useNow()
  const { hue, icon: Icon } = LOOKS[state]
  return (
    <span className={`mu-chip mu-${hue}`} title={tallyWords(tally)}>
      <Icon size={14} aria-hidden />
      <span>{stateWords(state, tally, now)}</span>
    </span>
  )
}
