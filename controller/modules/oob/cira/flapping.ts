// SPDX-License-Identifier: Apache-2.0
/** Notices that two machines share a GUID: they take each other's place from alternating addresses. */
import { type Clock, MINUTE } from '../../../../plugins/contract/index.ts'

const WITHIN_MS = 10 * MINUTE
/** GUIDs remembered at once; only takeovers from another address are. */
const MOST = 1_000

type Moves = { readonly from: string[]; since: number; told: boolean }

export class Flapping {
  readonly #clock: Clock
  readonly #moves = new Map<string, Moves>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * A device took the place of its living former self. Answers the addresses when it has come back to one it had left
   * shortly before, and then not again for ten minutes.
   */
  takeover(guid: string, from: string, to: string): readonly string[] | undefined {
    if (from === to) return undefined
    const moves = this.#of(guid)
    const known = moves.from.includes(to)
    if (!moves.from.includes(from)) moves.from.push(from)
    if (!known || moves.told) return undefined
    moves.told = true
    return [...moves.from]
  }

  #of(guid: string): Moves {
    const now = this.#clock.monotonic()
    const known = this.#moves.get(guid)
    if (known !== undefined && now - known.since < WITHIN_MS) return known
    this.#moves.delete(guid)
    const [oldest] = this.#moves.keys()
    if (oldest !== undefined && this.#moves.size >= MOST) this.#moves.delete(oldest)
    const fresh = { from: [], since: now, told: false }
    this.#moves.set(guid, fresh)
    return fresh
  }
}
