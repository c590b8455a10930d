// SPDX-License-Identifier: Apache-2.0
/** Writes what many requests record at the same moment in one transaction: beginning and ending one costs more than a row. */
import type { Store, Tx } from '../../../store/store.ts'

/** Writes in a transaction and resolves when it is durable, or rejects with what the writing threw. */
export type Write = (act: (tx: Tx) => Promise<void>) => Promise<void>

type Waiting = {
  readonly act: (tx: Tx) => Promise<void>
  readonly settle: (written: Promise<void>) => void
}

/** Those that come in one turn of the event loop share a transaction; when one of them fails, each has one of its own. */
export function grouped(store: Pick<Store, 'change'>): Write {
  let waiting: Waiting[] = []
  const flush = async (): Promise<void> => {
    const group = waiting
    waiting = []
    const together = store.change(async tx => {
      for (const { act } of group) await act(tx)
    })
    if (group.length === 1) return group[0]?.settle(together)
    const isWritten = await together.then(
      () => true,
      () => false,
    )
    for (const { act, settle } of group) settle(isWritten ? together : store.change(act))
  }
  return act =>
    new Promise(resolve => {
      if (waiting.push({ act, settle: resolve }) === 1) setImmediate(() => void flush())
    })
}
