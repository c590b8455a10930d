// SPDX-License-Identifier: Apache-2.0
/** A project with a thousand hosts, deleted by a controller that is killed three times on the way: nothing of it is left. */
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Store } from '../../controller/store/store.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { type ControllerProcess, controllerProcess, freePort } from '../support/process.ts'
import { type Ground, groundOf, rowsOf } from '../support/projects.ts'

const HOSTS = 1_000
const DOOMED = 'doomed'

let seed: TestController
let doomed: Ground
let kept: Awaited<ReturnType<typeof rowsOf>>
let controller: ControllerProcess

beforeAll(async () => {
  seed = await startTestController()
  doomed = await groundOf(seed, DOOMED)
  await groundOf(seed, 'kept')
  await seed.controller.stop()
  await multiply(HOSTS - 1)
  kept = await rowsOf(seed, 'kept')
  const cira = { listen: `127.0.0.1:${await freePort()}` }
  controller = await controllerProcess({ dataDir: seed.dir, modules: { ...DEFAULT_MODULES, oob: { cira } } })
})
afterAll(async () => {
  await controller?.remove()
  await seed?.stop().catch(() => undefined)
})

const opened = async <R>(act: (store: Store) => Promise<R>): Promise<R> => {
  const store = openSqlite(join(seed.dir, 'controller.db'))
  try {
    return await act(store)
  } finally {
    await store.close()
  }
}

/** Copies of every row of the project in every table, each under keys of its own. */
function multiply(copies: number): Promise<void> {
  return opened(async store => {
    const all = await rowsOf(seed, DOOMED)
    for (const [table, rows] of Object.entries(all)) {
      const columns = await sql<{ name: string; pk: number; type: string }>`
        select name, pk, type from pragma_table_info(${table})`.execute(store.installation())
      const keys = columns.rows.filter(({ pk, name }) => pk > 0 && name !== 'project')
      await store.change(async tx => {
        for (let copy = 1; copy <= copies; copy++) {
          for (const row of rows as Record<string, unknown>[]) {
            const changed = Object.fromEntries(keys.map(({ name }) => [name, keyOf(row[name], copy, keys.length)]))
            await tx
              .installation<Record<string, object>>()
              .insertInto(table)
              .values({ ...row, ...changed })
              .onConflict(clash => clash.doNothing())
              .execute()
          }
        }
      })
    }
  })
}

/** Ids keep their form; a number that is the whole key is given anew by the database. */
function keyOf(value: unknown, copy: number, keys: number): unknown {
  if (typeof value !== 'string') return keys === 1 ? undefined : value
  const digits = copy.toString(16).padStart(8, '0')
  return /[0-9a-f]{8}$/.test(value) ? value.slice(0, -8) + digits : `${value}-${copy}`
}

it('goes on after each end of the process, and leaves nothing but the audit', async () => {
  const before = await rowsOf(seed, DOOMED)
  const filled = Object.values(before).filter(rows => rows.length >= HOSTS - 1)
  expect(filled.length).toBeGreaterThan(15)

  const status = async (): Promise<{ code: number; says: string }> => {
    const { status: code, body } = await controller.call('GET', `/v1/projects/${DOOMED}`)
    return { code, says: body?.status?.projectStatus?.message ?? '' }
  }
  expect((await controller.call('DELETE', `/v1/projects/${DOOMED}`)).status).toBe(200)
  const marks = [/removed \d{2,3} of 1,\d{3} hosts/, /removed [4-9]\d\d of 1,\d{3} hosts/, /hosts and [\d,]+ records/]
  for (const mark of marks) {
    const { says } = await until(status, now => mark.test(now.says) || now.code === 404, 60_000)
    expect(says).toMatch(mark)
    await controller.kill('SIGKILL')
    expect(Object.values(await rowsOf(seed, DOOMED)).flat().length).toBeGreaterThan(0)
    await controller.start()
    expect((await controller.call('GET', `/v1/projects/${DOOMED}/compute/hosts`)).status).toBe(404)
  }
  await until(status, ({ code }) => code === 404, 60_000)
  await controller.kill('SIGTERM')

  const left = Object.entries(await rowsOf(seed, DOOMED)).filter(([, rows]) => rows.length > 0)
  expect(left).toEqual([])
  expect(await rowsOf(seed, 'kept')).toEqual(kept)
  expect(await mentions(doomed)).toEqual(['kernel_audit', 'kernel_checkpoints', 'kernel_events'])
  expect(await lastEntry()).toMatchObject({
    action: 'project.delete',
    target: DOOMED,
    detail: { uuid: doomed.uuid, hosts: expect.any(Number), removed: { kernel_hosts: expect.any(Number) } },
  })
  expect((await lastEntry()).detail.removed.kernel_hosts).toBeGreaterThanOrEqual(HOSTS)
}, 240_000)

/** Tables that name the project or anything that was in it, in any column. */
function mentions({ name, uuid, ids }: Ground): Promise<readonly string[]> {
  return opened(async store => {
    const tables = await sql<{ name: string }>`select name from sqlite_schema where type = 'table'`.execute(
      store.installation(),
    )
    const found: string[] = []
    for (const { name: table } of tables.rows) {
      const rows = await store.installation<Record<string, object>>().selectFrom(table).selectAll().execute()
      const text = JSON.stringify(rows)
      if ([`"${name}"`, `project:${name}`, uuid, ids.host!, ids.guid!, ids.regions!].some(each => text.includes(each)))
        found.push(table)
    }
    return found.sort()
  })
}

function lastEntry(): Promise<any> {
  return opened(async store => {
    const row = await store
      .installation<{ kernel_audit: { chain: string; n: number; entry: string } }>()
      .selectFrom('kernel_audit')
      .select('entry')
      .where('chain', '=', 'installation')
      .where('entry', 'like', '%project.delete%')
      .orderBy('n', 'desc')
      .executeTakeFirstOrThrow()
    return JSON.parse(row.entry)
  })
}
