// SPDX-License-Identifier: Apache-2.0
/** What the bus knows of one connection, from its handshake to its end. */
import type { Duplex } from 'node:stream'
import type { Clock, Topic } from '../../plugins/contract/index.ts'
import { Bucket } from './bucket.ts'
import type { Peer, PeerIdentity, Refusal, Standing } from './bus.ts'
import type { Place } from './fences.ts'
import type { Guarded } from './frame-guard.ts'
import type { BusLimits } from './limits.ts'

export type SessionStart = {
  readonly identity: PeerIdentity
  readonly address: string
  readonly transport: Peer['transport']
  readonly guard: Guarded
  readonly place: Place
  readonly connection: number
}

type UpwardKind = keyof BusLimits['messages']

/** The number of an unacknowledged packet is never used for another one (MQTT 3.1.1 §2.3.1). */
const HIGHEST_PACKET_ID = 65_535

export class Session {
  readonly peer: Peer
  readonly stream: Duplex
  readonly place: Place
  standing: Standing = 'active'
  /** Its CONNECT went through and the kernel was told. */
  opened = false
  ended = false
  /** Why it ends, once somebody decided so. */
  ending: string | undefined
  /** Filters it holds, with the QoS granted. */
  readonly filters = new Map<string, 0 | 1>()
  /** The packet id the next delivery is to carry; set for the length of one call into the broker. */
  nextPacketId: number | undefined
  readonly #guard: Guarded
  #handling = 0
  readonly #limits: BusLimits
  readonly #clock: Clock
  readonly #buckets = new Map<UpwardKind, Bucket>()
  readonly #asked = new Set<string>()
  readonly #unacknowledged = new Map<number, (heard: boolean) => void>()
  #lastPacketId = 0

  constructor(
    { identity, address, transport, guard, place, connection }: SessionStart,
    limits: BusLimits,
    clock: Clock,
  ) {
    this.peer = { ...identity, address, transport, connection }
    this.stream = guard.stream
    this.#guard = guard
    this.place = place
    this.#limits = limits
    this.#clock = clock
  }

  refusal(code: string, detail?: string): Refusal {
    const { address, host } = this.peer
    return { code, address, host, ...(detail === undefined ? {} : { detail }) }
  }

  /** Counts one message of a kind; false when there were too many. */
  mayPublish(kind: Topic['kind']): boolean {
    if (!isUpward(kind, this.#limits)) return false
    const now = this.#clock.monotonic()
    const bucket = this.#buckets.get(kind) ?? new Bucket(this.#limits.messages[kind], now)
    this.#buckets.set(kind, bucket)
    return bucket.take(now)
  }

  /** Counts a filter the host asked for; false when it asked for too many different ones. */
  mayAsk(filter: string): boolean {
    if (this.#asked.has(filter)) return true
    if (this.#asked.size >= this.#limits.subscriptions) return false
    this.#asked.add(filter)
    return true
  }

  drop(filter: string): void {
    this.#asked.delete(filter)
    this.filters.delete(filter)
  }

  /** Opens a packet id and calls back once, with true for an acknowledgement; `undefined` when too many are open. */
  openPacket(onHeard: (heard: boolean) => void): number | undefined {
    if (this.#unacknowledged.size >= this.#limits.unacknowledged) return undefined
    do this.#lastPacketId = (this.#lastPacketId % HIGHEST_PACKET_ID) + 1
    while (this.#unacknowledged.has(this.#lastPacketId))
    this.#unacknowledged.set(this.#lastPacketId, onHeard)
    return this.#lastPacketId
  }

  acknowledged(packetId: number): void {
    const heard = this.#unacknowledged.get(packetId)
    this.#unacknowledged.delete(packetId)
    heard?.(true)
  }

  /** Its CONNACK is out: what it said after its CONNECT is read from here on. */
  open(): void {
    this.opened = true
    this.place.leave()
    this.#guard.resume()
  }

  /** Reads nothing more from the host while any of its messages is at work. */
  async whileHandling(work: () => Promise<void>): Promise<void> {
    if (this.#handling++ === 0) this.#guard.pause()
    try {
      await work()
    } finally {
      if (--this.#handling === 0) this.#guard.resume()
    }
  }

  /** Settles what waits for this connection. */
  end(): void {
    this.ended = true
    this.place.leave()
    const waiting = [...this.#unacknowledged.values()]
    this.#unacknowledged.clear()
    for (const heard of waiting) heard(false)
  }
}

function isUpward(kind: Topic['kind'], { messages }: BusLimits): kind is UpwardKind {
  return Object.hasOwn(messages, kind)
}
