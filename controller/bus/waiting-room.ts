// SPDX-License-Identifier: Apache-2.0
/** Connections that came faster than they can be shaken hands with wait here, unread, instead of being sent away. */
import type { Socket } from 'node:net'
import type { Clock } from '../../plugins/contract/index.ts'
import type { Entry, Place } from './fences.ts'

export type WaitingRoomParts = {
  readonly clock: Clock
  /** How many may wait, and for how long; whoever waited longer has given up by itself. */
  readonly most: number
  readonly waitMs: number
  enter(address: string): Entry
  onPlace(socket: Socket, place: Place): void
  onRefused(socket: Socket, code: string): void
}

export interface WaitingRoom {
  /** Lets a connection in, has it wait, or sends it away. */
  arrive(socket: Socket): void
  readonly waiting: number
  close(): void
}

type Waiting = { readonly socket: Socket; readonly address: string; readonly since: number }

/** What passes by itself when others are through; what is counted by address does not. */
const PASSING: ReadonlySet<string> = new Set(['half-open', 'connect-rate'])
const PUMP_MS = 20

/** First come, first served: nobody who comes later is let in while others wait. */
export function createWaitingRoom(parts: WaitingRoomParts): WaitingRoom {
  const { clock, most, waitMs, enter, onPlace, onRefused } = parts
  let queue: Waiting[] = []
  let forget: (() => void) | undefined
  const pump = (): void => {
    forget = undefined
    let served = 0
    for (const { socket, address, since } of queue) {
      const isLate = clock.monotonic() - since > waitMs
      const entry = socket.destroyed || isLate ? undefined : enter(address)
      if (entry !== undefined && 'refused' in entry && PASSING.has(entry.refused)) break
      served++
      if (entry === undefined || 'refused' in entry) onRefused(socket, entry?.refused ?? 'connect-wait')
      else onPlace(socket, entry.place)
    }
    queue = queue.slice(served)
    if (queue.length > 0) forget = clock.after(PUMP_MS, pump)
  }
  return {
    arrive: socket => {
      const address = socket.remoteAddress ?? ''
      const entry = queue.length > 0 ? { refused: 'connect-rate' } : enter(address)
      if ('place' in entry) return onPlace(socket, entry.place)
      if (!PASSING.has(entry.refused) || queue.length >= most) return onRefused(socket, entry.refused)
      queue.push({ socket, address, since: clock.monotonic() })
      forget ??= clock.after(PUMP_MS, pump)
    },
    get waiting() {
      return queue.length
    },
    close: () => {
      forget?.()
      queue = []
    },
  }
}
