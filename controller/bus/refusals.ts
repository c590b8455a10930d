// SPDX-License-Identifier: Apache-2.0
/** Counts what was refused and tells of it without repeating itself. */
import type { Refusal } from './bus.ts'

/** So many different refusals are told apart between two sweeps; the others by their code alone. */
const MOST_KEYS = 1_000

type Seen = { readonly refusal: Refusal; repeats: number }

export class Refusals {
  readonly #tell: (refusal: Refusal) => void
  readonly #seen = new Map<string, Seen>()
  readonly #counts = new Map<string, number>()

  constructor(tell: (refusal: Refusal) => void) {
    this.#tell = tell
  }

  /** Tells of the first of its kind at once, and counts the others for the next sweep. */
  add(refusal: Refusal): void {
    this.#counts.set(refusal.code, (this.#counts.get(refusal.code) ?? 0) + 1)
    const whole = `${refusal.code} ${refusal.host ?? refusal.address}`
    const key = this.#seen.has(whole) || this.#seen.size < MOST_KEYS ? whole : refusal.code
    const seen = this.#seen.get(key)
    if (seen !== undefined) {
      seen.repeats++
      return
    }
    this.#seen.set(key, { refusal, repeats: 0 })
    this.#tell(refusal)
  }

  /** Tells how often each was repeated, and begins anew. */
  sweep(): void {
    const repeated = [...this.#seen.values()].filter(({ repeats }) => repeats > 0)
    this.#seen.clear()
    for (const { refusal, repeats } of repeated) this.#tell({ ...refusal, detail: `${repeats} more of these` })
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts)
  }
}
