// SPDX-License-Identifier: Apache-2.0
/** What every store must do, run over each kind of it. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import { inspectSqlite, openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { kernelStore } from '../support/kernel.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-store-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const kinds: [string, () => Promise<Store>][] = [
  ['SQLite in memory', () => kernelStore()],
  ['SQLite in a file', () => kernelStore(join(dir, 'a.db'))],
]

const desired = (host: string, revision = 1) => ({
  host,
  section: 'os',
  revision,
  content: '{}',
  updated_at: 't',
  updated_by: 'p',
})

describe.each(kinds)('%s', (_, open) => {
  let store: Store
  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  it('shows a project its own rows and nobody else’s, whatever is asked', async () => {
    const [a, b] = [store.of<KernelTables>('a'), store.of<KernelTables>('b')]
    await a.insert('kernel_desired', desired('host-1')).execute()
    await b.insert('kernel_desired', desired('host-1', 7)).execute()

    expect(await a.select('kernel_desired').select(['project', 'revision']).execute()).toEqual([
      { project: 'a', revision: 1 },
    ])
    await a.update('kernel_desired', { revision: 2 }).execute()
    await a.remove('kernel_desired').where('revision', '>', 100).execute()
    expect(await b.select('kernel_desired').select('revision').executeTakeFirst()).toEqual({ revision: 7 })
    await b.remove('kernel_desired').execute()
    expect(await a.select('kernel_desired').select('revision').execute()).toEqual([{ revision: 2 }])
  })

  it('lets others go first between acts that can wait, and keeps their order whatever becomes of one', async () => {
    const order: string[] = []
    const says = (name: string) => async (): Promise<void> => void order.push(name)
    const patient = [
      store.patiently(says('patient 1')),
      store.patiently(async () => {
        throw new Error('wrong')
      }),
      store.patiently(says('patient 2')),
    ]
    const other = store.change(says('other'))
    const outcomes = await Promise.allSettled(patient)
    await other

    expect(order).toEqual(['other', 'patient 1', 'patient 2'])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('writes a row into the project it was asked for, even when the row names another', async () => {
    const row = { ...desired('host-1'), project: 'b' }
    await store.of<KernelTables>('a').insert('kernel_desired', row).execute()
    expect(await store.of<KernelTables>('b').select('kernel_desired').selectAll().execute()).toEqual([])
  })

  it('keeps all of a change or none of it, and tells of it only when it is kept', async () => {
    const told: string[] = []
    await store.change(async tx => {
      await tx.of<KernelTables>('a').insert('kernel_desired', desired('host-1')).execute()
      tx.afterCommit(() => told.push('kept'))
    })
    await expect(
      store.change(async tx => {
        await tx.of<KernelTables>('a').insert('kernel_desired', desired('host-2')).execute()
        tx.afterCommit(() => told.push('lost'))
        throw new Error('cut')
      }),
    ).rejects.toThrow('cut')
    expect(told).toEqual(['kept'])
    expect(await store.of<KernelTables>('a').select('kernel_desired').select('host').execute()).toEqual([
      { host: 'host-1' },
    ])
  })

  it('lets changes take turns', async () => {
    await store.of<KernelTables>('a').insert('kernel_desired', desired('host-1', 0)).execute()
    await Promise.all(
      Array.from({ length: 50 }, () =>
        store.change(async tx => {
          const rows = tx.of<KernelTables>('a')
          const { revision } = await rows.select('kernel_desired').select('revision').executeTakeFirstOrThrow()
          await rows.update('kernel_desired', { revision: revision + 1 }).execute()
        }),
      ),
    )
    expect(await store.of<KernelTables>('a').select('kernel_desired').select('revision').execute()).toEqual([
      { revision: 50 },
    ])
  })

  it('does not let the audit be rewritten', async () => {
    const db = store.installation<KernelTables>()
    await db
      .insertInto('kernel_audit')
      .values({ chain: 'c', n: 1, at: 't', entry: '{}', prev: '0', hash: 'h' })
      .execute()
    await expect(db.updateTable('kernel_audit').set({ entry: 'x' }).execute()).rejects.toThrow('append-only')
    await expect(db.deleteFrom('kernel_audit').execute()).rejects.toThrow('append-only')
  })

  it('migrates each owner once, and refuses to run on what a newer program wrote', async () => {
    const first = {
      '0001-a': { up: async (db: any) => void (await sql`create table owner_a (project text)`.execute(db)) },
    }
    await store.migrate('owner', first)
    await store.migrate('owner', first)
    await store.migrate('owner', {
      ...first,
      '0002-b': { up: async (db: any) => void (await sql`create table owner_b (project text)`.execute(db)) },
    })
    await expect(store.migrate('owner', first)).rejects.toMatchObject({
      code: 'schema-newer',
      detail: expect.stringContaining('0002-b'),
    })
  })

  it('has a project column in every table that belongs to projects', async () => {
    const installation = [
      'kernel_settings',
      'kernel_projects',
      'kernel_principals',
      'kernel_tokens',
      'kernel_setup',
      'kernel_audit',
      'kernel_checkpoints',
      'kernel_idempotency',
      'kernel_migrations',
      'kernel_migrations_lock',
    ]
    const tables = await store.installation<any>().introspection.getTables({ withInternalKyselyTables: true })
    for (const { name, columns } of tables) {
      if (!installation.includes(name))
        expect([name, columns.some(column => column.name === 'project')]).toEqual([name, true])
    }
  })

  it('copies itself while it is being written', async () => {
    const rows = store.of<KernelTables>('a')
    let going = true
    const writing = (async () => {
      for (let at = 0; going; at++) {
        await rows.insert('kernel_desired', desired(`host-${at}`)).execute()
        if (at % 20 === 0) await new Promise(setImmediate)
      }
    })()
    await store.backup(join(dir, 'copy.db'))
    going = false
    await writing
    expect(inspectSqlite(join(dir, 'copy.db')).tables).toBeGreaterThan(10)
    const copy = openSqlite(join(dir, 'copy.db'))
    expect(
      (await copy.of<KernelTables>('a').select('kernel_desired').selectAll().execute()).length,
    ).toBeGreaterThanOrEqual(0)
    await copy.close()
  })
})

describe('a file that is no database', () => {
  it('is not opened and not restored from, with the reason', async () => {
    const file = join(dir, 'not.db')
    writeFileSync(file, 'this is not a database, and long enough to be looked at. '.repeat(200))
    expect(() => openSqlite(file)).toThrow(expect.objectContaining({ code: 'store-unusable' }))
    expect(() => inspectSqlite(file)).toThrow(expect.objectContaining({ code: 'backup-unusable' }))
    expect(() => inspectSqlite(join(dir, 'absent.db'))).toThrow(expect.objectContaining({ code: 'backup-unusable' }))
    expect(existsSync(join(dir, 'absent.db'))).toBe(false)
  })

  it('of another program is not restored from', async () => {
    const store = openSqlite(join(dir, 'other.db'))
    await store.migrate('someone', {
      '0001-a': { up: async (db: any) => void (await sql`create table x (y text)`.execute(db)) },
    })
    await store.close()
    copyFileSync(join(dir, 'other.db'), join(dir, 'upload.db'))
    expect(() => inspectSqlite(join(dir, 'upload.db'))).toThrow(/holds no Muster installation/)
  })
})
