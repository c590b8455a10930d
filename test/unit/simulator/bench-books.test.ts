// SPDX-License-Identifier: Apache-2.0
/** The check by which the bench says that no report was lost: it must be able to say that one was. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentLog } from '../../../agent/log.ts'
import { createReporter } from '../../../agent/reconcile/reporter.ts'
import type { Unit } from '../../../agent/reconcile/unit.ts'
import { type Journal, openJournal } from '../../../agent/state/journal.ts'
import { systemRandom } from '../../../agent/system/random.ts'
import { createFakeClock } from '../../../simulator/clock.ts'
import { type Books, compareBooks, openBooks } from '../../bench/scale-store.ts'

let dir: string
let journal: Journal
let controller: Database.Database
let books: Books

const unit = { section: { name: 'os' }, plugin: { name: 'os', version: '1' } } as unknown as Unit

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'muster-test-'))
  journal = openJournal(join(dir, 'journal.db'), { now: () => 0, exclusive: true })
  journal.values.put('owner', 'inst-1/default/host-0a1b2c3d')
  controller = new Database(join(dir, 'controller.db'))
  controller.exec('create table kernel_reported (host, section, revision, status, observed, problem, step, plugin)')
  books = openBooks(join(dir, 'controller.db'))
})

afterEach(() => {
  books.close()
  controller.close()
  journal.close()
  rmSync(dir, { recursive: true })
})

/** As the agent says it; the receipt empties its outbox. */
function said(revision: number, observed: unknown, { receipted }: { receipted: boolean }): void {
  const clock = createFakeClock(0)
  const reporter = createReporter({ clock, random: systemRandom, journal, log: silentLog(), flush: () => undefined })
  reporter.report(unit, { revision, status: 'settled', observed })
  if (receipted) journal.outbox.remove(journal.outbox.heads(10).map(({ id }) => id))
}

function stored(revision: number, observed: unknown): void {
  controller
    .prepare('insert into kernel_reported values (?, ?, ?, ?, ?, null, null, ?)')
    .run('host-0a1b2c3d', 'os', revision, 'settled', JSON.stringify(observed), '{"version":"1","name":"os"}')
}

const compare = () => compareBooks([join(dir, 'journal.db')], books, 0)

it('finds nothing lost when the controller holds what the agent said last', async () => {
  said(3, { name: 'a' }, { receipted: true })
  stored(3, { name: 'a' })

  expect(await compare()).toEqual({ reports: 1, lost: [], waiting: 0 })
})

it.each([
  ['nothing', () => undefined],
  ['an older revision', () => stored(2, { name: 'a' })],
  ['another content', () => stored(3, { name: 'b' })],
])('says that a report is lost when the controller holds %s and has sent a receipt', async (_, store) => {
  said(3, { name: 'a' }, { receipted: true })
  store()

  expect(await compare()).toEqual({ reports: 1, lost: ['host-0a1b2c3d/os'], waiting: 0 })
})

it('counts one that the agent still means to send as waiting', async () => {
  said(3, { name: 'a' }, { receipted: false })

  expect(await compare()).toEqual({ reports: 1, lost: [], waiting: 1 })
})
