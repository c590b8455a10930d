// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest'
import type { Tx } from '../../../../controller/store/store.ts'
import { createTurns } from '../../../../controller/store/turns.ts'
import { kernelStore } from '../../../support/kernel.ts'

/** A database that keeps what was committed, in order, and how many transactions that took. */
function ledger() {
  const rows: string[] = []
  const state = { transactions: 0 }
  const change = async <R>(act: (tx: Tx) => Promise<R>): Promise<R> => {
    state.transactions++
    const before = rows.length
    try {
      return await act({ write: (row: string) => rows.push(row) } as unknown as Tx)
    } catch (thrown) {
      rows.length = before
      throw thrown
    }
  }
  return { rows, state, change }
}

const writing = (row: string) => async (tx: Tx) => {
  ;(tx as unknown as { write(row: string): void }).write(row)
  return row
}

describe('acts that share transactions', () => {
  it('are written in few transactions, and each gets its own answer', async () => {
    const { rows, state, change } = ledger()
    const turns = createTurns({ change })

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, at) => turns.take(`p${at % 3}`, writing(`${at}`))),
    )

    expect(answers).toEqual(Array.from({ length: 100 }, (_, at) => `${at}`))
    expect(rows).toHaveLength(100)
    expect(state.transactions).toBe(1)
  })

  it('are as many in a transaction when the database had to be waited for', async () => {
    const { state, change } = ledger()
    let now = 0
    const turns = createTurns({
      change: act => {
        now += 10_000 // somebody else was writing
        return change(act)
      },
      monotonic: () => now,
    })

    await Promise.all(Array.from({ length: 100 }, (_, at) => turns.take('p', writing(`${at}`))))

    expect(state.transactions).toBe(1)
  })

  it('keep their order within a lane', async () => {
    const { rows, change } = ledger()
    const turns = createTurns({ change, limits: { batch: 7 } })

    await Promise.all(Array.from({ length: 5_000 }, (_, at) => turns.take(`p${at % 2}`, writing(`${at % 2} ${at}`))))

    for (const lane of ['0', '1']) {
      const order = rows.filter(row => row.startsWith(lane)).map(row => Number(row.split(' ')[1]))
      expect(order).toEqual([...order].sort((a, b) => a - b))
    }
  })

  it('lets one lane wait for one act of each other lane, however much another has brought before it', async () => {
    const { rows, change } = ledger()
    const turns = createTurns({ change, limits: { batch: 10 } })

    const flood = Array.from({ length: 2_000 }, (_, at) => turns.take('noisy', writing(`noisy ${at}`)))
    const other = Array.from({ length: 5 }, (_, at) => turns.take('other', writing(`other ${at}`)))
    const quiet = Array.from({ length: 3 }, (_, at) => turns.take('quiet', writing(`quiet ${at}`)))
    await Promise.all([...flood, ...other, ...quiet])

    // The third act of the quiet lane comes after at most three of each of the others.
    expect(rows.indexOf('quiet 0')).toBeLessThan(3)
    expect(rows.indexOf('quiet 2')).toBeLessThan(9)
    expect(rows.indexOf('other 4')).toBeLessThan(15)
  })

  it('serves a lane that comes late within one transaction, not behind the whole queue', async () => {
    const { rows, change } = ledger()
    const turns = createTurns({ change, limits: { batch: 10 } })

    const flood = Array.from({ length: 500 }, (_, at) => turns.take('noisy', writing(`noisy ${at}`)))
    await flood[25]
    await turns.take('late', writing('late'))

    expect(rows.indexOf('late')).toBeLessThan(60)
    await Promise.all(flood)
  })

  it('are tried one by one when their transaction fails, so that only the culprit fails', async () => {
    const { rows, change } = ledger()
    const turns = createTurns({ change })
    const broken = async (): Promise<never> => {
      throw new Error('broken')
    }

    const answers = await Promise.allSettled([
      turns.take('a', writing('1')),
      turns.take('a', broken),
      turns.take('b', writing('2')),
    ])

    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(rows.toSorted()).toEqual(['1', '2'])
  })

  it('are refused when too many wait, and taken again when there is room', async () => {
    const { change } = ledger()
    const turns = createTurns({ change, limits: { waiting: 3 } })

    const first = Array.from({ length: 3 }, (_, at) => turns.take('a', writing(`${at}`)))
    await expect(turns.take('b', writing('more'))).rejects.toMatchObject({ code: 'writes-waiting' })
    await Promise.all(first)

    expect(await turns.take('b', writing('more'))).toBe('more')
    expect(turns.waiting()).toBe(0)
  })

  it('leave the database to others after a while', async () => {
    const { state, change } = ledger()
    let now = 0
    const turns = createTurns({ change, monotonic: () => now, limits: { longestMs: 20 } })

    await Promise.all(
      Array.from({ length: 8 }, () =>
        turns.take('a', async () => {
          now += 10
        }),
      ),
    )

    expect(state.transactions).toBe(4)
  })

  it('are all committed before the store closes', async () => {
    const store = await kernelStore()
    const { promise, resolve } = Promise.withResolvers<string>()

    void store.together('default', async tx => tx.afterCommit(() => resolve('committed')))
    await store.close()

    expect(await Promise.race([promise, 'lost'])).toBe('committed')
  })
})
