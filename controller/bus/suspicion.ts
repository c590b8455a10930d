// SPDX-License-Identifier: Apache-2.0
/** Remembers which hosts knocked on foreign doors, across their connections. */
import { type Clock, MINUTE } from '../../plugins/contract/index.ts'

export class Suspicion {
  readonly #clock: Clock
  readonly #limit: number
  readonly #knocks = new Map<string, number[]>()

  /** `limit` knocks within a minute are suspicious. */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  /** Notes a knock; true when it is the one that makes the host suspicious. */
  note(host: string): boolean {
    const now = this.#clock.monotonic()
    const recent = (this.#knocks.get(host) ?? []).filter(at => now - at < MINUTE)
    recent.push(now)
    if (recent.length < this.#limit) {
      this.#knocks.set(host, recent)
      return false
    }
    this.#knocks.delete(host)
    return true
  }

  sweep(): void {
    const now = this.#clock.monotonic()
    for (const [host, knocks] of this.#knocks) {
      if (knocks.every(at => now - at >= MINUTE)) this.#knocks.delete(host)
    }
  }
}
