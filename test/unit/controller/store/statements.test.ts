// SPDX-License-Identifier: Apache-2.0
/** Compiled statements are used again, bounded in number, and never over a change of tables. */
import { describe, expect, it } from 'vitest'
import { openSqlite } from '../../../../controller/store/sqlite.ts'
import { keepingStatements } from '../../../../controller/store/statements.ts'

function counting() {
  const compiled: string[] = []
  const database = keepingStatements({
    prepare: text => {
      compiled.push(text)
      return { text }
    },
    close: () => undefined,
  })
  return { database, compiled }
}

describe('statements', () => {
  it('are compiled once', () => {
    const { database, compiled } = counting()

    expect(database.prepare('select 1')).toBe(database.prepare('select 1'))
    expect(compiled).toEqual(['select 1'])
  })

  it('are forgotten in the order of their last use', () => {
    const { database, compiled } = counting()
    database.prepare('select 0')
    for (let at = 1; at <= 400; at++) {
      database.prepare('select 0')
      database.prepare(`select ${at}`)
    }
    compiled.length = 0
    database.prepare('select 0')
    database.prepare('select 1')

    expect(compiled).toEqual(['select 1'])
  })

  it.each(['create table a (b)', ' ALTER TABLE a ADD c', 'drop table a'])('are compiled anew after: %s', text => {
    const { database, compiled } = counting()
    database.prepare('select 1')
    database.prepare(text)
    database.prepare('select 1')

    expect(compiled).toEqual(['select 1', text, 'select 1'])
  })

  it('see columns that were added after they were used', async () => {
    const store = openSqlite(':memory:')
    type Tables = { things: { project: string; a: string; b?: string } }
    await store.migrate('test', {
      '1': {
        up: db => db.schema.createTable('things').addColumn('project', 'text').addColumn('a', 'text').execute(),
      },
    })
    await store.of<Tables>('p').insert('things', { a: '1' }).execute()
    const read = () => store.of<Tables>('p').select('things').selectAll().execute()
    expect(await read()).toEqual([{ project: 'p', a: '1' }])
    await store.migrate('more', {
      '1': {
        up: db =>
          db.schema
            .alterTable('things')
            .addColumn('b', 'text', each => each.defaultTo('2'))
            .execute(),
      },
    })

    expect(await read()).toEqual([{ project: 'p', a: '1', b: '2' }])
    await store.close()
  })
})
