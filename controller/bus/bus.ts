// SPDX-License-Identifier: Apache-2.0
/** The bus as the controller sees it: sessions of hosts, messages from them, messages to one of them. */
import type { Duplex } from 'node:stream'
import type { EpochMs, Topic } from '../../plugins/contract/index.ts'

/** Who a certificate says is calling. */
export type PeerIdentity = {
  readonly installation: string
  readonly project: string
  readonly host: string
  readonly epoch: number
  /** SHA-256 of the certificate, hexadecimal. */
  readonly fingerprint: string
  readonly serial: string
  readonly notBefore: EpochMs
  readonly notAfter: EpochMs
}

/** One session of a host. */
export type Peer = PeerIdentity & {
  readonly address: string
  readonly transport: 'tls' | 'websocket'
  /** Unique and rising, so that an old session can never be taken for a new one. */
  readonly connection: number
}

export type Standing = 'active' | 'quarantined'

export type Verdict =
  | { readonly allow: true; readonly standing: Standing }
  | { readonly allow: false; readonly code: string }

/** Something that was refused, for counters and the log; never the payload. */
export type Refusal = {
  readonly code: string
  readonly address: string
  readonly host?: string
  readonly detail?: string
}

/** What the bus asks of the kernel, and tells it. */
export interface BusEvents {
  /** Decides on every CONNECT, before an older session of the same host is touched. */
  admit(peer: Peer): Promise<Verdict>
  opened(peer: Peer): void
  closed(peer: Peer, reason: string): void
  /** A message that passed the fences. The bus reads no further from this host until it resolves, up to a bound. */
  message(peer: Peer, topic: Topic, payload: Uint8Array): Promise<void>
  /** Repetitions are summed up: the second and later ones of half a minute come as one, with their number. */
  refused(refusal: Refusal): void
  /** A sign of life that says nothing else (PINGREQ). */
  heard?(peer: Peer): void
  /** A second session of the same host replaced a live one. */
  takenOver(peer: Peer, previous: Peer): void
  /** A host knocked on foreign doors three times in a minute. */
  suspicious(peer: Peer, code: string): void
}

export type BusCounts = {
  readonly connections: number
  readonly halfOpen: number
  readonly connectsTotal: number
  /** Messages that passed the fences. */
  readonly messagesIn: number
  readonly messagesOut: number
  /** What was refused or dropped, by code, since the start. */
  readonly refused: Readonly<Record<string, number>>
}

export type PublishOptions = {
  /** Waits for the host's PUBACK; false when it does not come. Means nothing for what is sent with QoS 0. */
  readonly awaitAck?: boolean
}

export interface Bus {
  /**
   * Writes to a connected host, with QoS 1 but for streams; false when it is not connected, has not subscribed yet, may
   * not hear this in its standing, or reads too slowly. Unless told to wait, it resolves once the packet was handed to
   * the connection, not when the host acknowledged it: results and receipts are what counts.
   */
  publish(topic: Topic, payload: Uint8Array, options?: PublishOptions): Promise<boolean>
  isConnected(host: string): boolean
  /** Closes a host's session, if it has one. */
  disconnect(host: string, reason: string): void
  setStanding(host: string, standing: Standing): void
  counts(): BusCounts
  /** Takes over the stream of an accepted WebSocket. */
  accept(stream: Duplex, identity: PeerIdentity, address: string): void
  readonly port: number
  close(): Promise<void>
}
