// SPDX-License-Identifier: Apache-2.0
/** Decides whether a new connection is even listened to: how many are half open, and how often one is tried. */
import { isIPv6 } from 'node:net'
import type { Clock } from '../../plugins/contract/index.ts'
import { Bucket, Buckets } from './bucket.ts'
import type { BusLimits } from './limits.ts'

export type FenceOptions = {
  readonly clock: Clock
  readonly limits: BusLimits
  /** Exempts loopback addresses from what is counted by address. */
  readonly trustLoopback: boolean
}

/** A place among the half-open connections. */
export interface Place {
  /** Gives the place back, when CONNECT is through or the connection is gone; harmless to repeat. */
  leave(): void
}

export type Entry = { readonly place: Place } | { readonly refused: string }

export class Fences {
  readonly #options: FenceOptions
  readonly #everybody: Bucket
  readonly #addresses: Buckets
  readonly #hosts: Buckets
  readonly #halfOpen = new Map<string, number>()
  #halfOpenCount = 0

  constructor(options: FenceOptions) {
    const { clock, limits } = options
    this.#options = options
    this.#everybody = new Bucket(limits.connects, clock.monotonic())
    this.#addresses = new Buckets(limits.connectsPerAddress, clock)
    this.#hosts = new Buckets(limits.connectsPerHost, clock, limits.connections)
  }

  get halfOpen(): number {
    return this.#halfOpenCount
  }

  /** Lets a connection in to say CONNECT, or says why not. What is counted by address is checked first, so that one
   * address at its limit takes nothing from the others. */
  enter(address: string): Entry {
    const { clock, limits, trustLoopback } = this.#options
    const group = groupOf(address)
    const counted = !(trustLoopback && group === 'loopback')
    const beside = this.#halfOpen.get(group) ?? 0
    if (counted && beside >= limits.halfOpenPerAddress) return { refused: 'half-open-address' }
    if (counted && !this.#addresses.take(group)) return { refused: 'connect-rate-address' }
    if (this.#halfOpenCount >= limits.halfOpen) return { refused: 'half-open' }
    if (!this.#everybody.take(clock.monotonic())) return { refused: 'connect-rate' }
    this.#halfOpenCount++
    this.#halfOpen.set(group, beside + 1)
    return { place: { leave: once(() => this.#leave(group)) } }
  }

  /** False when this host has tried too often of late. */
  mayConnect(host: string): boolean {
    return this.#hosts.take(host)
  }

  sweep(): void {
    this.#addresses.sweep()
    this.#hosts.sweep()
  }

  #leave(group: string): void {
    this.#halfOpenCount--
    const left = (this.#halfOpen.get(group) ?? 1) - 1
    if (left > 0) this.#halfOpen.set(group, left)
    else this.#halfOpen.delete(group)
  }
}

/** Whom an address counts for: an IPv4 address for itself, an IPv6 one for its network, which its owner moves in. */
export function groupOf(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (bare === '::1' || bare.startsWith('127.')) return 'loopback'
  if (!isIPv6(bare)) return bare
  const [head = '', tail] = (bare.split('%')[0] ?? '').toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const words = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after]
  return `${words
    .slice(0, 4)
    .map(word => Number.parseInt(word, 16).toString(16))
    .join(':')}::/64`
}

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    act()
  }
}
