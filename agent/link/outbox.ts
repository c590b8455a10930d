// SPDX-License-Identifier: Apache-2.0
/** Carries the outbox over one session: a few at a time, again when no receipt came, and none that breaks the link twice. */
import { asProblem, type Log, MAX_BYTES, SECOND, type TopicOwner, topicOf } from '../../plugins/contract/index.ts'
import type { Journal } from '../state/journal.ts'
import type { OutboxEntry, OutboxHead } from '../state/outbox.ts'
import type { System } from '../system/system.ts'
import type { MqttSession } from './mqtt.ts'
import { problem } from './problems.ts'
import { withoutContent } from './remains.ts'

/** Messages that may be on their way, or wait for their receipt, at once. */
const IN_FLIGHT = 32
const RESEND = { firstMs: 30 * SECOND, maxMs: 300 * SECOND }
/** How often a message may break the link while nothing else is on its way. */
const KILLS = 2
/** A link that breaks later than this after a message went out was not broken by it. */
const BLAME_WITHIN_MS = 5 * SECOND
/** How many entries are considered at a time. */
const LOOK = 1_000
const TELEMETRY = { batches: 10, everyMs: SECOND }

export interface Courier {
  /** Something new lies in the outbox. */
  flush(): void
  /** These are durable at the controller. */
  received(ids: readonly string[]): void
  /** The session is over; `broken` when nobody ended it on purpose. */
  close(broken: boolean): void
}

export type CourierParts = {
  readonly system: Pick<System, 'clock' | 'random'>
  readonly journal: Journal
  readonly log: Log
  readonly owner: TopicOwner
  readonly session: Pick<MqttSession, 'publish'>
}

type Flight = {
  readonly head: OutboxHead
  /** Monotonic. */
  sentAt: number
  /** The broker has acknowledged it. */
  written: boolean
  /** No receipt came in time: it may go again, and others need not wait for it. */
  due: boolean
  waitMs: number
  forget: () => void
}

/** Carries what the journal holds over a session that has begun. Nothing leaves before the first `flush`. */
export function createCourier(parts: CourierParts): Courier {
  const carrier = new Carrier(parts)
  return {
    flush: () => carrier.flush(),
    received: ids => carrier.received(ids),
    close: broken => carrier.close(broken),
  }
}

/**
 * Invariants: at most {@link IN_FLIGHT} entries are on their way and not due; under suspicion at most one is
 * unacknowledged, so that a break of the link has one culprit; what is sent is always read from the journal first, so
 * that nothing older than the journal is ever sent.
 */
class Carrier {
  readonly #parts: CourierParts
  readonly #flights = new Map<string, Flight>()
  #suspicious: boolean
  #open = true
  #forgetTelemetry: (() => void) | undefined

  constructor(parts: CourierParts) {
    this.#parts = parts
    this.#suspicious = parts.journal.values.get('suspicion') !== undefined
  }

  flush(): void {
    this.#unharmed(() => this.#flush())
  }

  #flush(): void {
    if (!this.#open) return
    const heads = this.#parts.journal.outbox.heads(LOOK)
    this.#landWhatIsGone()
    const fresh = heads.filter(({ id }) => !this.#flights.has(id))
    // What was never sent goes before what only waits for its receipt.
    const due = heads.filter(({ id }) => this.#flights.get(id)?.due === true)
    for (const head of [...fresh, ...due]) {
      if (this.#room() <= 0) return
      this.#launch(head)
    }
    this.#settleSuspicion()
    this.#sendTelemetry()
  }

  received(ids: readonly string[]): void {
    this.#unharmed(() => this.#parts.journal.outbox.remove(ids))
    for (const id of ids) this.#land(id)
    this.flush()
  }

  close(broken: boolean): void {
    this.#open = false
    this.#forgetTelemetry?.()
    for (const flight of this.#flights.values()) flight.forget()
    if (broken) this.#unharmed(() => this.#blame())
  }

  /** A journal that cannot be written, as on a full disk, costs neither the session nor the process. */
  #unharmed(act: () => void): void {
    try {
      act()
    } catch (thrown) {
      this.#parts.log.error('the outbox could not be kept up', { problem: asProblem(thrown) })
    }
  }

  #room(): number {
    const flights = [...this.#flights.values()]
    if (this.#suspicious) return 1 - flights.filter(flight => !flight.written).length
    return IN_FLIGHT - flights.filter(flight => !flight.due).length
  }

  #launch(head: OutboxHead): void {
    const entry = this.#parts.journal.outbox.get(head.id)
    if (entry === undefined) {
      this.#land(head.id)
      return
    }
    if (Buffer.byteLength(entry.payload) > MAX_BYTES.document) {
      this.#giveUp(entry, 'message-too-large')
      return
    }
    const { clock } = this.#parts.system
    const before = this.#flights.get(head.id)
    const waitMs = before === undefined ? RESEND.firstMs : Math.min(RESEND.maxMs, before.waitMs * 2)
    const flight: Flight = { head, sentAt: clock.monotonic(), written: false, due: false, waitMs, forget: () => {} }
    this.#flights.set(head.id, flight)
    this.#parts.session.publish(topicFor(this.#parts.owner, entry), entry.payload, { qos: 1 }).then(
      () => this.#written(flight),
      () => undefined, // the end of the session tells everybody
    )
  }

  /** A newer report has taken its place, or a receipt came twice. */
  #landWhatIsGone(): void {
    for (const [id, { due }] of this.#flights) {
      if (due && this.#parts.journal.outbox.get(id) === undefined) this.#land(id)
    }
  }

  #written(flight: Flight): void {
    flight.written = true
    if (!this.#open || this.#flights.get(flight.head.id) !== flight) return
    flight.forget = this.#parts.system.clock.after(flight.waitMs, () => {
      flight.due = true
      this.flush()
    })
    if (this.#suspicious) this.flush()
  }

  #land(id: string): void {
    this.#flights.get(id)?.forget()
    this.#flights.delete(id)
  }

  /** Everything has got through, one by one: whatever broke the link is gone. */
  #settleSuspicion(): void {
    if (!this.#suspicious || this.#room() <= 0) return
    this.#suspicious = false
    this.#parts.journal.values.remove('suspicion')
  }

  #blame(): void {
    const { journal, system } = this.#parts
    const now = system.clock.monotonic()
    const [suspect, ...others] = [...this.#flights.values()].filter(
      ({ written, sentAt }) => !written && now - sentAt < BLAME_WITHIN_MS,
    )
    if (suspect === undefined) return
    journal.values.put('suspicion', 'yes')
    // Only one that was alone on its way can be told to have broken the link.
    if (others.length > 0 || journal.outbox.blame(suspect.head.id) < KILLS) return
    const entry = journal.outbox.get(suspect.head.id)
    if (entry !== undefined) this.#giveUp(entry, 'undeliverable')
  }

  /** Whoever waits for a result or a report still learns that there was one. */
  #giveUp(entry: OutboxEntry, code: 'undeliverable' | 'message-too-large'): void {
    const { journal, log, system } = this.#parts
    const { id, kind, key } = entry
    log.error('gave up a message', { kind, key, why: code })
    const remains = withoutContent(entry, problem(code), system)
    journal.atomically(() => {
      journal.outbox.remove([id])
      if (remains !== undefined) journal.outbox.put(remains)
    })
    this.#land(id)
    if (this.#open && remains !== undefined) this.#launch(remains)
  }

  #sendTelemetry(): void {
    if (this.#forgetTelemetry !== undefined) return
    const { journal, owner, session, system } = this.#parts
    const batches = journal.outbox.listTelemetry(TELEMETRY.batches)
    if (batches.length === 0) return
    journal.outbox.remove(batches.map(({ id }) => id))
    for (const batch of batches) {
      // Without acknowledgement (QoS 0): what is lost with the link is lost.
      session.publish(topicFor(owner, batch), batch.payload, { qos: 0 }).catch(() => undefined)
    }
    this.#forgetTelemetry = system.clock.after(TELEMETRY.everyMs, () => {
      this.#forgetTelemetry = undefined
      if (this.#open) this.#unharmed(() => this.#sendTelemetry())
    })
  }
}

function topicFor(owner: TopicOwner, { kind, key }: OutboxHead): string {
  switch (kind) {
    case 'result':
      return topicOf({ ...owner, kind })
    case 'reported':
      return topicOf({ ...owner, kind, section: key })
    case 'telemetry':
      return topicOf({ ...owner, kind, stream: key })
  }
}
