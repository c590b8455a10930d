// SPDX-License-Identifier: Apache-2.0
/** The filter language over a real database: it means what it means in memory, and pages lose nothing. */
import fc from 'fast-check'
import { type Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { matches } from '../../controller/query/evaluate.ts'
import { keysetOf, type Position, type Positioned } from '../../controller/query/keyset.ts'
import { parseOrder } from '../../controller/query/order.ts'
import { filterSql } from '../../controller/query/sql.ts'
import { textOf } from '../../controller/query/text.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { FIELDS, filters, type Row, resourceOf, type Thing, things } from '../support/filters.ts'

type Tables = {
  things: Row
  tags: { thing: string; tag: string }
  labels: { thing: string; key: string; value: string }
}

let store: Store
let db: Kysely<Tables>

beforeAll(async () => {
  store = openSqlite(':memory:')
  db = store.installation<Tables>()
  await sql`create table things (id text primary key, name text, note text, state text, size integer, flag integer, at text, place text)`.execute(
    db,
  )
  await sql`create table tags (thing text, tag text)`.execute(db)
  await sql`create table labels (thing text, key text, value text)`.execute(db)
})
afterAll(() => store.close())

async function keep(all: readonly Thing[]): Promise<void> {
  for (const table of ['things', 'tags', 'labels'] as const) await db.deleteFrom(table).execute()
  for (const { tags, labels, ...row } of all) {
    await db.insertInto('things').values(row).execute()
    for (const tag of tags) await db.insertInto('tags').values({ thing: row.id, tag }).execute()
    for (const label of labels)
      await db
        .insertInto('labels')
        .values({ thing: row.id, ...label })
        .execute()
  }
}

describe('a filter as SQL', () => {
  it('selects what it selects in memory, with absent members, wildcards and letters of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(things, fc.array(filters, { minLength: 5, maxLength: 10 }), async (all, asked) => {
        await keep(all)
        for (const filter of asked) {
          const condition = filterSql(filter, FIELDS)
          const { rows } = await sql<{ id: string }>`select id from things where ${condition} order by id`.execute(db)
          const expected = all.filter(thing => matches(filter, resourceOf(thing), FIELDS))
          expect(
            rows.map(row => row.id),
            textOf(filter),
          ).toEqual(expected.map(thing => thing.id))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is never NULL, so that NOT of it selects exactly the rest', async () => {
    await fc.assert(
      fc.asyncProperty(things, filters, async (all, filter) => {
        await keep(all)
        const count = async (condition: ReturnType<typeof filterSql>) =>
          (await sql<{ n: number }>`select count(*) as n from things where ${condition}`.execute(db)).rows[0]?.n ?? 0
        const not = filterSql({ kind: 'not', part: filter, at: 0 }, FIELDS)
        expect((await count(filterSql(filter, FIELDS))) + (await count(not))).toBe(all.length)
      }),
      { numRuns: 150 },
    )
  })
})

const ORDERS = [
  '',
  'name',
  'name desc',
  'size desc, name',
  'state, flag desc, size',
  'createdAt desc, resourceId',
  'resourceId desc',
]

async function pageAfter(order: string, after: Position | undefined, limit: number) {
  const keyset = keysetOf(parseOrder(order), FIELDS, sql.ref('things.id'))
  const behind = after === undefined ? sql`1 = 1` : keyset.after(after)
  const { rows } = await sql<Positioned & { id: string }>`select things.id as id, ${keyset.columns} from things
    where ${behind} order by ${keyset.orderBy} limit ${limit}`.execute(db)
  const last = rows.at(-1)
  return { ids: rows.map(row => row.id), end: last === undefined ? undefined : keyset.positionOf(last) }
}

async function walk(order: string, limit: number, between: (page: number) => Promise<void> = async () => {}) {
  const seen: string[] = []
  let after: Position | undefined
  for (let page = 0; page < 10_000; page++) {
    const { ids, end } = await pageAfter(order, after, limit)
    seen.push(...ids)
    if (ids.length < limit) return seen
    after = end
    await between(page)
  }
  throw new Error('the walk does not end')
}

describe('pages by position', () => {
  it.each(ORDERS)('give the whole order, page by page: "%s"', async order => {
    await fc.assert(
      fc.asyncProperty(things, fc.integer({ min: 1, max: 5 }), async (all, limit) => {
        await keep(all)
        const { ids } = await pageAfter(order, undefined, 1_000)
        expect(ids).toHaveLength(all.length)
        expect(await walk(order, limit)).toEqual(ids)
      }),
      { numRuns: 60 },
    )
  })

  it('sort as memory does: by value, absent ones first, then by id', async () => {
    await fc.assert(
      fc.asyncProperty(things, fc.boolean(), async (all, descending) => {
        await keep(all)
        const sign = descending ? -1 : 1
        const sorted = [...all].sort(
          (one, other) =>
            sign * ((one.size ?? Number.NEGATIVE_INFINITY) - (other.size ?? Number.NEGATIVE_INFINITY) || 0) ||
            sign * (one.id < other.id ? -1 : 1),
        )
        expect(await walk(descending ? 'size desc' : 'size', 3)).toEqual(sorted.map(thing => thing.id))
      }),
      { numRuns: 100 },
    )
  })

  it('lose and repeat none of 20,000 rows while others come and go', async () => {
    await keep([])
    await sql`insert into things (id, name, size) with recursive n(i) as (select 0 union all select i + 1 from n where i < 19999)
      select printf('stays-%05d', i), case when i % 7 = 0 then null else 'n' || (i % 100) end, i % 50 from n`.execute(
      db,
    )

    for (const order of ['name desc, size', 'size']) {
      const seen = await walk(order, 500, async page => {
        const passing = { note: null, state: null, flag: null, at: null, place: null }
        const id = `passes-${order}-${page}`
        await db
          .insertInto('things')
          .values({ id, name: `n${page}`, size: page % 50, ...passing })
          .execute()
        if (page % 2 === 1)
          await db
            .deleteFrom('things')
            .where('id', '=', `passes-${order}-${page - 1}`)
            .execute()
      })
      const stayed = seen.filter(id => id.startsWith('stays-'))
      expect(stayed).toHaveLength(20_000)
      expect(new Set(seen).size).toBe(seen.length)
    }
  })
})
