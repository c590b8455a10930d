// SPDX-License-Identifier: Apache-2.0
/** What requests record at one moment shares a transaction, and nobody suffers from another's failure. */
import { describe, expect, it } from 'vitest'
import { grouped } from '../../../../../../controller/modules/oob/mps/grouped.ts'
import type { Store, Tx } from '../../../../../../controller/store/store.ts'

/** Counts transactions, and keeps what the ones that succeeded wrote. */
function ledger() {
  const kept: string[] = []
  let transactions = 0
  const change: Store['change'] = async act => {
    transactions++
    const wrote: string[] = []
    const result = await act({ note: (text: string) => wrote.push(text) } as unknown as Tx)
    kept.push(...wrote)
    return result
  }
  return { change, kept, transactions: () => transactions }
}
const note = (text: string) => async (tx: Tx) => void (tx as unknown as { note(text: string): void }).note(text)
const fail = async (): Promise<void> => {
  throw new Error('a full disk')
}

describe('acts that are recorded', () => {
  it('in one turn share a transaction, in their order', async () => {
    const { change, kept, transactions } = ledger()
    const write = grouped({ change })

    await Promise.all(['a', 'b', 'c'].map(each => write(note(each))))

    expect({ kept, transactions: transactions() }).toEqual({ kept: ['a', 'b', 'c'], transactions: 1 })
  })

  it('later have a transaction of their own', async () => {
    const { change, transactions } = ledger()
    const write = grouped({ change })

    await write(note('a'))
    await write(note('b'))

    expect(transactions()).toBe(2)
  })

  it('are written also when the one beside them cannot be', async () => {
    const { change, kept } = ledger()
    const write = grouped({ change })

    const ends = await Promise.allSettled([write(note('a')), write(fail), write(note('b'))])

    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(kept).toEqual(['a', 'b'])
  })

  it('alone tell why they were not written', async () => {
    await expect(grouped(ledger())(fail)).rejects.toThrow('a full disk')
  })
})
