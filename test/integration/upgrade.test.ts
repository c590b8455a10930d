// SPDX-License-Identifier: Apache-2.0
/** The way back from an upgrade: a copy before tables change, a refusal to run on newer ones, and a restore at rest. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { resolveConfig } from '../../controller/config.ts'
import { createLogs } from '../../controller/log.ts'
import { restoreOffline } from '../../controller/restore-offline.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import type { Migrations } from '../../controller/store/store.ts'
import { realClock, realRandom, sha256 } from '../../controller/system/clock.ts'
import { openFolder } from '../../controller/system/folder.ts'
import { keepBefore } from '../../controller/upgrade.ts'
import { startTestController } from '../support/controller.ts'

const made: string[] = []
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

const first: Migrations = {
  '01': { up: async db => void (await db.schema.createTable('thing_a').addColumn('x', 'text').execute()) },
}
const second: Migrations = {
  ...first,
  '02': { up: async db => void (await db.schema.createTable('thing_b').execute()) },
}

async function installation() {
  const dir = mkdtempSync(join(tmpdir(), 'muster-upgrade-'))
  made.push(dir)
  const file = join(dir, 'controller.db')
  const store = openSqlite(file)
  await store.migrate('thing', first)
  const keep = (migrations: Migrations, now = Date.UTC(2026, 0, 1)) =>
    keepBefore({ store, folder: openFolder(dir), ledgers: [['thing', migrations]], file, now })
  return { dir, store, keep }
}

describe('before tables change', () => {
  it('keeps a private copy as it was, and none when nothing changes', async () => {
    const { dir, store, keep } = await installation()

    const [none, copy = ''] = [await keep(first), await keep(second)]

    expect(none).toBeUndefined()
    expect(statSync(join(dir, 'backups')).mode & 0o077).toBe(0)
    const kept = openSqlite(copy)
    expect(await kept.lacking('thing', second)).toEqual(['02'])
    await Promise.all([kept.close(), store.close()])
  })

  it('keeps none for an owner that is new, and refuses tables of a newer program before it changes any', async () => {
    const { store, keep } = await installation()

    expect(await store.lacking('other', first)).toEqual([])
    await expect(keep({})).rejects.toMatchObject({ code: 'schema-newer' })
    await store.close()
  })

  it('keeps the last three', async () => {
    const { dir, store, keep } = await installation()

    for (let day = 1; day <= 5; day++) await keep(second, Date.UTC(2026, 0, day))

    const kept = readdirSync(join(dir, 'backups')).sort()
    expect(kept.map(name => name.slice(0, 10))).toEqual(['2026-01-03', '2026-01-04', '2026-01-05'])
    await store.close()
  })
})

describe('going back', () => {
  it('refuses the database of a newer program, and runs on the copy that is restored at rest, in a higher epoch', async () => {
    const test = await startTestController()
    const logs = createLogs('silent')
    const config = resolveConfig({ dataDir: test.dir })
    const before = (await test.call('GET', '/v1/system')).body.epoch
    const copy = join(test.dir, 'copy.db')
    const store = openSqlite(config.storeFile)
    await store.backup(copy)
    await store
      .installation<{ kernel_migrations: { name: string; timestamp: string } }>()
      .insertInto('kernel_migrations')
      .values({ name: '9999-of-a-newer-program', timestamp: '2026-01-01' })
      .execute()
    await store.close()

    await expect(test.restart()).rejects.toMatchObject({ code: 'schema-newer' })
    const surroundings = { clock: realClock, random: realRandom, digest: sha256 }
    await restoreOffline({ config, surroundings, logs, file: copy })
    const { takeRestored } = await import('../../controller/restore.ts')
    expect(takeRestored(openFolder(test.dir), config, Date.now())).toBe(true)
    await test.restart()

    // A start on a busy machine may count as overload for a moment.
    await expect
      .poll(async () => (await test.call('GET', '/v1/system')).body.epoch, { timeout: 20_000 })
      .toBe(before + 1)
    expect(readdirSync(test.dir).some(name => name.includes('before-restore'))).toBe(true)
    await test.stop()
  })
})
