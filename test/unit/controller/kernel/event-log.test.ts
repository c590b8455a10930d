// SPDX-License-Identifier: Apache-2.0
/** What is kept of events: by age, by number, and with a gap that shows. */
import { describe, expect, it } from 'vitest'
import { fitsType, joinEventTypes, KERNEL_EVENTS } from '../../../../controller/kernel/event-types.ts'
import { createEvents } from '../../../../controller/kernel/events.ts'
import { formatTime } from '../../../../plugins/contract/index.ts'
import { kernelStore, surroundings } from '../../../support/kernel.ts'

async function open() {
  const store = await kernelStore()
  const around = surroundings()
  const events = createEvents(store, around)
  const emit = (subject: string, data = {}) =>
    store.change(tx => events.emit(tx, { project: 'default', type: 'host.changed', subject, data }))
  return { ...around, store, events, emit }
}

describe('pruning', () => {
  it('forgets by age and remembers that it did, even when nothing is left', async () => {
    const { events, emit, clock, store } = await open()
    for (let count = 0; count < 5; count++) await emit('host-00000001')
    await clock.advance(1_000)
    await events.prune(formatTime(clock.now()))

    expect(await events.span()).toEqual({ oldest: 5, newest: 5 })
    await emit('host-00000001')
    expect(await events.span()).toEqual({ oldest: 5, newest: 6 })
    await store.close()
  })

  it('forgets all but the newest when there are too many', async () => {
    const { events, emit, clock, store } = await open()
    for (let count = 0; count < 20; count++) await emit('host-00000001')
    await events.prune(formatTime(clock.now() - 1_000), 5)

    expect(await events.span()).toEqual({ oldest: 15, newest: 20 })
    expect((await events.since(0, 100)).map(({ id }) => id)).toEqual([16, 17, 18, 19, 20])
    await store.close()
  })
})

describe('reading', () => {
  it('finds events of a host by subject and by what they mention', async () => {
    const { events, emit, store } = await open()
    await emit('host-00000001')
    await emit('01KB', { host: 'host-00000001' })
    await emit('host-00000002')

    expect((await events.since(0, 10, { host: 'host-00000001' })).map(({ id }) => id)).toEqual([1, 2])
    expect(await events.since(0, 10, { types: ['hos', 'host.change'] })).toEqual([])
    expect(await events.since(0, 10, { types: ['host'] })).toHaveLength(3)
    await store.close()
  })
})

describe('hooks', () => {
  it('stand in the transaction: what they throw undoes the change', async () => {
    const { store, ...around } = await open()
    const refuse = async () => {
      throw new Error('no')
    }
    const events = createEvents(store, { ...around, hooks: () => [refuse] })
    const change = store.change(tx =>
      events.emit(tx, { project: 'default', type: 'host.changed', subject: 'host-00000001', data: {} }),
    )

    await expect(change).rejects.toThrow('no')
    expect(await events.since(0, 10)).toEqual([])
    await store.close()
  })
})

describe('types', () => {
  it('are asked for by whole words', () => {
    expect(['host', 'host.online', 'hos', 'host.on'].map(asked => fitsType('host.online', asked))).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('are described once', () => {
    expect(() => joinEventTypes(KERNEL_EVENTS, KERNEL_EVENTS)).toThrow('two describe')
  })
})
