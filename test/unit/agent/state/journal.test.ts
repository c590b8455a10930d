// SPDX-License-Identifier: Apache-2.0
/** The tables of the agent's journal, in memory. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Journal, openJournal } from '../../../../agent/state/journal.ts'
import type { CommandMessage, DesiredMessage, ResultMessage } from '../../../../plugins/contract/index.ts'

let journal: Journal

beforeEach(() => {
  journal = openJournal(':memory:', { now: () => 0 })
})

afterEach(() => journal.close())

const desired = (revision: number, content: unknown = {}) => ({
  section: 'power',
  epoch: 0,
  revision,
  message: { head: { section: 'power', revision }, content } as unknown as DesiredMessage,
})

const command = (id: string, startedAt = 5) => ({
  id,
  startedAt,
  bootId: 'boot-1',
  message: { head: { section: 'power', id }, input: { delay: 1 } } as unknown as CommandMessage,
})

const result = (id: string) => ({ id: `r-${id}`, command: id, status: 'succeeded' }) as unknown as ResultMessage

describe('desired documents', () => {
  it('keeps the one that was put last', () => {
    journal.desired.put(desired(1))
    journal.desired.put(desired(2, { on: true }))

    expect(journal.desired.get('power')).toEqual(desired(2, { on: true }))
    expect(journal.desired.list()).toHaveLength(1)
  })

  it('keeps the message that says to stop managing', () => {
    journal.desired.put(desired(3, null))

    expect(journal.desired.get('power')?.message.content).toBeNull()
  })

  it('holds nothing of a section that was never put', () => {
    expect(journal.desired.get('os')).toBeUndefined()
  })
})

describe('reports', () => {
  it('remembers the digest until it is removed', () => {
    journal.reported.put('power', 'one', '{}')
    journal.reported.put('power', 'two', '{}')
    expect(journal.reported.digestOf('power')).toBe('two')

    journal.reported.remove('power')

    expect(journal.reported.digestOf('power')).toBeUndefined()
  })
})

describe('commands', () => {
  it('begins an id once only', () => {
    expect(journal.commands.begin(command('a'), 100)).toBe(true)
    expect(journal.commands.begin(command('a'), 100)).toBe(false)
  })

  it('answers with the stored result once it is done', () => {
    journal.commands.begin(command('a'), 100)
    expect(journal.commands.get('a')).toEqual({ state: 'begun' })

    journal.commands.finish('a', result('a'))

    expect(journal.commands.get('a')).toEqual({ state: 'done', result: result('a') })
  })

  it('lists those without a result, oldest first', () => {
    journal.commands.begin(command('late', 9), 100)
    journal.commands.begin(command('early', 3), 100)
    journal.commands.begin(command('done', 1), 100)
    journal.commands.finish('done', result('done'))

    expect(journal.commands.unfinished()).toEqual([command('early', 3), command('late', 9)])
  })

  it('forgets finished ones only, and only when their time is over', () => {
    for (const id of ['over', 'kept', 'unfinished']) journal.commands.begin(command(id), id === 'kept' ? 200 : 100)
    journal.commands.finish('over', result('over'))
    journal.commands.finish('kept', result('kept'))

    journal.commands.forgetBefore(150)

    expect(['over', 'kept', 'unfinished'].map(id => journal.commands.get(id)?.state)).toEqual([
      undefined,
      'done',
      'begun',
    ])
  })
})

describe('the outbox', () => {
  const put = (id: string, kind: 'reported' | 'result' | 'telemetry', key: string): unknown =>
    journal.outbox.put({ id, kind, key, payload: `{"of":"${id}"}` })

  it('keeps the newest report of a section', () => {
    put('1', 'reported', 'power')
    put('2', 'reported', 'os')
    put('3', 'reported', 'power')

    expect(journal.outbox.list(10).map(each => each.id)).toEqual(['2', '3'])
  })

  it('keeps the results of different commands in the order they came', () => {
    put('1', 'result', 'a')
    put('2', 'result', 'b')

    expect(journal.outbox.list(1).map(each => each.id)).toEqual(['1'])
    expect(journal.outbox.list(10).map(each => each.id)).toEqual(['1', '2'])
  })

  it('piles telemetry up, apart from what needs a receipt', () => {
    put('1', 'telemetry', 'temperature')
    put('2', 'telemetry', 'temperature')
    put('3', 'result', 'a')

    expect(journal.outbox.list(10).map(each => each.id)).toEqual(['3'])
    expect(journal.outbox.listTelemetry(10).map(each => each.id)).toEqual(['1', '2'])
  })

  it('makes room from the oldest telemetry', () => {
    for (const id of ['1', '2', '3']) put(id, 'telemetry', 'temperature')

    expect(journal.outbox.dropTelemetry(2)).toBe(2)
    expect(journal.outbox.listTelemetry(10).map(each => each.id)).toEqual(['3'])
  })

  it('makes room from telemetry, then reports, then results, and says what went', () => {
    const small = openJournal(':memory:', { now: () => 0, maxEntries: 2 })
    const add = (id: string, kind: 'reported' | 'result' | 'telemetry') =>
      small.outbox.put({ id, kind, key: id, payload: '{}' })?.id

    const gone = [
      add('1', 'result'),
      add('2', 'reported'),
      add('3', 'telemetry'),
      add('4', 'telemetry'),
      add('5', 'result'),
      add('6', 'result'),
    ]

    expect(gone).toEqual([undefined, undefined, '2', '3', '4', '1'])
    expect(small.outbox.list(10).map(each => each.id)).toEqual(['5', '6'])
    small.close()
  })

  it('counts how often an entry broke the link, and nothing for one that is gone', () => {
    put('1', 'result', 'a')

    expect([journal.outbox.blame('1'), journal.outbox.blame('1'), journal.outbox.blame('gone')]).toEqual([1, 2, 0])
  })

  it('removes what a receipt names and ignores what it does not know', () => {
    put('1', 'result', 'a')
    put('2', 'result', 'b')

    journal.outbox.remove(['1', 'unknown'])

    expect(journal.outbox.list(10).map(each => each.id)).toEqual(['2'])
  })
})

describe('values', () => {
  it('are replaced and removed by name', () => {
    journal.values.put('ticket', 'one')
    journal.values.put('ticket', 'two')
    expect(journal.values.get('ticket')).toBe('two')

    journal.values.remove('ticket')

    expect(journal.values.get('ticket')).toBeUndefined()
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when it fails, also of the ones inside it', () => {
    const act = (): void =>
      journal.atomically(() => {
        journal.values.put('ticket', 'new')
        journal.atomically(() => journal.outbox.put({ id: '1', kind: 'result', key: 'a', payload: '{}' }))
        throw new Error('in the middle')
      })

    expect(act).toThrow('in the middle')
    expect(journal.values.get('ticket')).toBeUndefined()
    expect(journal.outbox.count()).toBe(0)
  })
})
