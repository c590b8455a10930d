// SPDX-License-Identifier: Apache-2.0
/** Decides when a host may be disturbed: inside its windows, and by one act at a time. */

import type { Clock } from '../../plugins/contract/index.ts'
import {
  formatTime,
  type Impact,
  isOpen,
  isTimeZone,
  nextOpening,
  type Step,
  type Windows,
} from '../../plugins/contract/index.ts'

export type Hold = {
  readonly code: 'held-window' | 'held-busy' | 'held-link' | 'held-policy'
  readonly why: string
  /** When asking again may help, in milliseconds from now; otherwise the gate says so through `onFree`. */
  readonly againInMs?: number
}

export type GateParts = {
  readonly clock: Clock
  /** The windows in force, all of which must be open. */
  readonly windows: () => readonly Windows[]
  readonly linkIsUp: () => boolean
}

export interface Gate {
  /** Lets a step of a section pass, keeping others out until `leave`; or says why it is held. */
  enter(section: string, step: Step): Hold | undefined
  leave(section: string): void
  /** For commands, which people ask for: waits its turn, whatever the windows say. Returns what gives it back. */
  take(section: string, impact: Impact, signal: AbortSignal): Promise<() => void>
  /** Calls back whenever a disturbing act has ended; the returned function forgets it. */
  onFree(listener: () => void): () => void
}

export function createGate({ clock, windows, linkIsUp }: GateParts): Gate {
  let holder: string | undefined
  const listeners = new Set<() => void>()
  const free = (): void => {
    holder = undefined
    for (const listener of [...listeners]) listener()
  }
  return {
    enter: (section, step) => {
      if (step.impact === 'none') return undefined
      const hold = step.impact === 'connectivity' ? linkHold(linkIsUp()) : windowHold(windows(), clock.now())
      if (hold !== undefined) return hold
      if (holder !== undefined && holder !== section)
        return { code: 'held-busy', why: `${holder} is disturbing the host just now` }
      holder = section
      return undefined
    },
    leave: section => {
      if (holder === section) free()
    },
    take: async (section, impact, signal) => {
      if (impact === 'none') return () => undefined
      while (holder !== undefined) await nextFree(listeners, signal)
      const mine = `${section} (command)`
      holder = mine
      return () => {
        if (holder === mine) free()
      }
    },
    onFree: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function linkHold(up: boolean): Hold | undefined {
  if (up) return undefined
  return {
    code: 'held-link',
    why: 'the controller cannot be reached, so a change of the way to it could not be confirmed',
  }
}

function windowHold(all: readonly Windows[], now: number): Hold | undefined {
  for (const windows of all) {
    // Better undisturbed than disturbed at the wrong time.
    if (!isTimeZone(windows.timeZone)) {
      return { code: 'held-window', why: `this host knows no time zone ${windows.timeZone}` }
    }
    if (isOpen(windows, now)) continue
    const opens = nextOpening(windows, now)
    const when = opens === undefined ? 'none opens within eight days' : `opens ${formatTime(opens)}`
    return {
      code: 'held-window',
      why: `outside the maintenance window (${when})`,
      ...(opens === undefined ? {} : { againInMs: opens - now }),
    }
  }
  return undefined
}

function nextFree(listeners: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const settle = (act: () => void) => () => {
      listeners.delete(woken)
      signal.removeEventListener('abort', cancelled)
      act()
    }
    const woken = settle(resolve)
    const cancelled = settle(() => reject(signal.reason))
    listeners.add(woken)
    signal.addEventListener('abort', cancelled, { once: true })
  })
}
