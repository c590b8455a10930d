// SPDX-License-Identifier: Apache-2.0
/** The history on a store in memory: bounds, order, and what makes two values the same. */
import { describe, expect, it } from 'vitest'
import { keptBy } from '../../../../../../controller/modules/inventory/history/config.ts'
import type { Snapshot } from '../../../../../../controller/modules/inventory/history/parts.ts'
import { type HistoryTables, historyMigrations } from '../../../../../../controller/modules/inventory/history/tables.ts'
import { headsOf, remember } from '../../../../../../controller/modules/inventory/history/write.ts'
import { kernelStore, surroundings } from '../../../../../support/kernel.ts'

const HOST = 'host-00000001'

async function open(values = 500) {
  const store = await kernelStore()
  await store.migrate('inventory', historyMigrations)
  const { digest } = surroundings()
  const kept = keptBy({ values })
  const note = (at: string, text: string) =>
    store.change(async tx => {
      const snapshot: Snapshot = { part: 'status', value: { text }, compared: { text }, at }
      const heads = await headsOf(tx, 'default', [HOST])
      await remember(tx, 'default', { host: HOST, heads, snapshots: [snapshot], kept, digest })
    })
  const rows = () => store.of<HistoryTables>('default').select('inventory_history').selectAll().orderBy('n').execute()
  return { store, note, rows }
}

const moment = (second: number) => new Date(Date.parse('2026-11-21T04:00:00Z') + second * 1_000).toISOString()

describe('values', () => {
  it('are written when they differ from the last only', async () => {
    const { note, rows, store } = await open()
    for (const [at, text] of ['Running', 'Running', 'No Connection', 'Running'].entries()) await note(moment(at), text)

    expect((await rows()).map(({ at, until }) => [at, until])).toEqual([
      [moment(0), moment(2)],
      [moment(2), moment(3)],
      [moment(3), null],
    ])
    await store.close()
  })

  it('follow each other without gaps though the clock goes back', async () => {
    const { note, rows, store } = await open()
    await note(moment(10), 'Running')
    await note(moment(3), 'No Connection')
    await note(moment(20), 'Running')

    expect((await rows()).map(({ at, until }) => [at, until])).toEqual([
      [moment(10), moment(10)],
      [moment(10), moment(20)],
      [moment(20), null],
    ])
    await store.close()
  })

  it('of a host that comes and goes 10,000 times stay within the bound, the newest among them', async () => {
    const { note, rows, store } = await open(100)
    for (let round = 0; round < 10_000; round++)
      await note(moment(round), round % 2 === 0 ? 'Running' : 'No Connection')

    const kept = await rows()
    expect(kept).toHaveLength(100)
    expect(kept.at(-1)).toMatchObject({ at: moment(9_999), until: null })
    await store.close()
  }, 30_000)
})
