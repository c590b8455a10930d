// SPDX-License-Identifier: Apache-2.0
/** Carries the outbox over a session: a few at a time, again when no receipt came, and none that breaks the link twice. */
import { type Log, SECOND, type TopicOwner, topicOf } from '../../plugins/contract/index.ts'
import type { Journal } from '../state/journal.ts'
import type { OutboxEntry } from '../state/outbox.ts'
import type { System } from '../system/system.ts'
import type { MqttSession } from './mqtt.ts'

const IN_FLIGHT = 32
const RESEND = { firstMs: 30 * SECOND, maxMs: 300 * SECOND }
const KILLS = 2

export interface Courier {
  /** Something new lies in the outbox. */
  flush(): void
  /** These are durable at the controller. */
  received(ids: readonly string[]): void
  /** The session is over; `broken` when nobody ended it on purpose. */
  close(broken: boolean): void
}

export type CourierParts = {
  readonly system: Pick<System, 'clock'>
  readonly journal: Journal
  readonly log: Log
  readonly owner: TopicOwner
  readonly session: MqttSession
}

type Flight = { readonly entry: OutboxEntry; written: boolean; waitMs: number; forget: () => void }

export function createCourier({ system, journal, log, owner, session }: CourierParts): Courier {
  const flights = new Map<string, Flight>()
  let open = true
  const send = (flight: Flight): void => {
    const { entry } = flight
    session.publish(topicFor(owner, entry), entry.payload, { qos: 1 }).then(
      () => {
        flight.written = true
        flight.forget = system.clock.after(flight.waitMs, () => {
          flight.waitMs = Math.min(RESEND.maxMs, flight.waitMs * 2)
          if (open) send(flight)
        })
      },
      () => undefined, // the session's end tells everybody
    )
  }
  const flush = (): void => {
    if (!open || flights.size >= IN_FLIGHT) return
    for (const entry of journal.outbox.list(IN_FLIGHT)) {
      if (flights.has(entry.id) || flights.size >= IN_FLIGHT) continue
      const flight: Flight = { entry, written: false, waitMs: RESEND.firstMs, forget: () => undefined }
      flights.set(entry.id, flight)
      send(flight)
    }
  }
  return {
    flush,
    received: ids => {
      journal.outbox.remove(ids)
      for (const id of ids) {
        flights.get(id)?.forget()
        flights.delete(id)
      }
      flush()
    },
    close: broken => {
      open = false
      for (const flight of flights.values()) flight.forget()
      const [suspect, ...others] = [...flights.values()].filter(flight => !flight.written)
      // Only when it was alone on its way can it be the one that broke the link.
      if (!broken || suspect === undefined || others.length > 0) return
      if (journal.outbox.blame(suspect.entry.id) < KILLS) return
      journal.outbox.remove([suspect.entry.id])
      log.error('gave up a message that broke the link twice', { kind: suspect.entry.kind, key: suspect.entry.key })
    },
  }
}

function topicFor(owner: TopicOwner, { kind, key }: OutboxEntry): string {
  if (kind === 'result') return topicOf({ ...owner, kind })
  return kind === 'reported' ? topicOf({ ...owner, kind, section: key }) : topicOf({ ...owner, kind, stream: key })
}
