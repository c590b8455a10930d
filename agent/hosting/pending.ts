// SPDX-License-Identifier: Apache-2.0
/** The calls to a plugin's process that have no answer yet. */
import type { Problem } from '../../plugins/contract/index.ts'

type Pending = {
  readonly settle: (result: unknown) => void
  readonly fail: (why: Problem) => void
  readonly forgets: (() => void)[]
}

export class PendingCalls {
  readonly #calls = new Map<number, Pending>()
  #lastId = 0

  get size(): number {
    return this.#calls.size
  }

  /** Opens a call under a new id. */
  open(): { readonly id: number; readonly answer: Promise<unknown> } {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#calls.set(id, { settle: resolve, fail: reject, forgets: [] })
    return { id, answer: promise }
  }

  isOpen(id: number): boolean {
    return this.#calls.has(id)
  }

  /** Whether a call of this id was ever opened. */
  isKnown(id: number): boolean {
    return id <= this.#lastId
  }

  /** What to undo once the call is closed. */
  onClose(id: number, forget: () => void): void {
    this.#calls.get(id)?.forgets.push(forget)
  }

  /** Closes a call with its result; a second answer is nothing. */
  settle(id: number, result: unknown): void {
    this.#close(id)?.settle(result)
  }

  fail(id: number, why: Problem): void {
    this.#close(id)?.fail(why)
  }

  failAll(why: Problem): void {
    for (const id of [...this.#calls.keys()]) this.fail(id, why)
  }

  #close(id: number): Pending | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    for (const forget of call?.forgets ?? []) forget()
    return call
  }
}
