// SPDX-License-Identifier: Apache-2.0
/** A device that has logged in, as the rest of out-of-band management uses it. */
import type { Duplex } from 'node:stream'
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Tunnel, TunnelEnd } from '../ports.ts'
import { problem } from '../problems.ts'
import { type ChannelMessage, Channels } from './channels.ts'
import type { CiraLimits } from './limits.ts'
import type { Line } from './line.ts'

export type TunnelParts = {
  readonly guid: string
  readonly project: string
  readonly generation: number
  readonly address: string
  readonly clock: Clock
  readonly limits: CiraLimits
  readonly line: Line
  readonly window: number
  /** When the device was last heard of, monotonic, and how many bytes it sent. */
  heard(): { readonly at: number; readonly bytes: number }
  close(reason: TunnelEnd['reason'], detail: string): void
  /** How long it may still be before the device has named all its ports; 0 once it has. */
  namingMs(): number
}

export class DeviceTunnel implements Tunnel {
  readonly since: number
  readonly ports: Set<number> = new Set()
  readonly #parts: TunnelParts
  /** Address strings as the device gave them; nearly always all the same. */
  #addresses: Map<number, string> | undefined
  #address = ''
  #channels: Channels | undefined
  #end: TunnelEnd | undefined

  constructor(parts: TunnelParts) {
    this.#parts = parts
    this.since = parts.clock.now()
  }

  get guid(): string {
    return this.#parts.guid
  }

  get project(): string {
    return this.#parts.project
  }

  get generation(): number {
    return this.#parts.generation
  }

  get address(): string {
    return this.#parts.address
  }

  get lastSeen(): number {
    const { clock, heard } = this.#parts
    return clock.now() - Math.round(clock.monotonic() - heard().at)
  }

  // Some firmware takes a channel that is opened between two of its forwards for an error, and hangs up.
  readonly dial = async (port: number, signal: AbortSignal): Promise<Duplex> => {
    for (let rest = this.#namingMs(); rest > 0; rest = this.#namingMs()) await this.#parts.clock.sleep(rest, signal)
    if (this.#end !== undefined) throw gone(this.#end)
    return this.#opened().dial(port, signal)
  }

  #namingMs(): number {
    return this.#end === undefined ? this.#parts.namingMs() : 0
  }

  stats(): { readonly received: number; readonly sent: number; readonly channels: number } {
    const { heard, line } = this.#parts
    return { received: heard().bytes, sent: line.sent, channels: this.#channels?.size ?? 0 }
  }

  close(reason: TunnelEnd['reason'], detail: string): void {
    this.#parts.close(reason, detail)
  }

  /** Channels, once somebody dialled. */
  get channels(): Channels | undefined {
    return this.#channels
  }

  /** The device forwards a port; once more replaces what it said before. */
  forwards(port: number, address: string): void {
    this.ports.add(port)
    if (this.ports.size === 1) this.#address = address
    if (address === this.#address) {
      this.#addresses?.delete(port)
      return
    }
    this.#addresses ??= new Map()
    this.#addresses.set(port, address)
  }

  forwardsNoMore(port: number): void {
    this.ports.delete(port)
    this.#addresses?.delete(port)
  }

  /** Takes a message for a channel; before anybody dialled there is none it could be for. */
  routed(message: ChannelMessage): void {
    this.#opened().take(message)
  }

  ended(end: TunnelEnd): void {
    this.#end = end
    this.#channels?.lose(gone(end))
  }

  #opened(): Channels {
    this.#channels ??= new Channels({ ...this.#parts, addressOf: port => this.#addressOf(port) })
    return this.#channels
  }

  #addressOf(port: number): string {
    return this.#addresses?.get(port) ?? this.#address
  }
}

function gone({ reason, detail }: TunnelEnd): Error {
  return problem('amt-not-connected', `the tunnel ended: ${detail}`, { reason })
}
