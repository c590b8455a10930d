// SPDX-License-Identifier: Apache-2.0
/** Looks past the API into the controller's database and the agents' journals, to tell whether anything was lost. */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { canonical } from '../../plugins/contract/index.ts'

export interface Books {
  /** Hosts whose section is reported as settled in its newest desired revision. */
  settled(section: string): number
  /** Revision last reported as settled, by host. */
  settledRevisions(section: string): ReadonlyMap<string, number>
  /** Rows of the kernel's reports and events, and bytes of the file with its journal. */
  sizes(): { readonly reports: number; readonly events: number; readonly lastEvent: number }
  /** What the controller holds of each report, as the agent would have summed it up. */
  digests(): ReadonlyMap<string, string>
  close(): void
}

/** Opens the database beside the controller that is using it; nothing is changed. */
export function openBooks(file: string): Books {
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 10_000 })
  const one = (sql: string, ...values: string[]): number =>
    Number(
      db
        .prepare<string[], number>(sql)
        .pluck()
        .get(...values) ?? 0,
    )
  return {
    settled: section =>
      one(
        `select count(*) from kernel_desired d join kernel_reported r
           on r.project = d.project and r.host = d.host and r.section = d.section
         where d.section = ? and r.revision = d.revision and r.status = 'settled'`,
        section,
      ),
    settledRevisions: section => {
      const rows = db
        .prepare<string[], { host: string; revision: number }>(
          "select host, revision from kernel_reported where section = ? and status = 'settled'",
        )
        .all(section)
      return new Map(rows.map(({ host, revision }) => [host, revision]))
    },
    sizes: () => ({
      reports: one('select count(*) from kernel_reported'),
      events: one('select count(*) from kernel_events'),
      lastEvent: one('select max(id) from kernel_events'),
    }),
    digests: () => {
      const rows = db
        .prepare<[], ReportedRow>(
          'select host, section, revision, status, observed, problem, step, plugin from kernel_reported',
        )
        .all()
      return new Map(rows.map(row => [`${row.host}/${row.section}`, digestOf(row)]))
    },
    close: () => db.close(),
  }
}

type ReportedRow = {
  host: string
  section: string
  revision: number
  status: string
  observed: string
  problem: string | null
  step: string | null
  plugin: string
}

/** As the agent's reporter sums up what it says, so that it need not say it twice. */
function digestOf({ revision, status, observed, problem, step, plugin }: ReportedRow): string {
  const body = {
    revision,
    status,
    observed: JSON.parse(observed),
    ...(problem === null ? {} : { problem: JSON.parse(problem) }),
    ...(step === null ? {} : { step: JSON.parse(step) }),
    plugin: JSON.parse(plugin),
  }
  return createHash('sha256').update(canonical(body)).digest('base64url')
}

export type Comparison = {
  /** Last reports that the agents' journals hold. */
  readonly reports: number
  /** Of these, not what the controller holds, and not waiting in the agent's outbox either. */
  readonly lost: readonly string[]
  /** Still waiting for a receipt. */
  readonly waiting: number
}

/** How often a difference is looked at again: both sides are in use, and one may be a moment ahead. */
const LOOKS = 4
const BETWEEN_MS = 5_000

/**
 * Compares what each agent last said of each section, by its own journal, with what the controller holds. A report that
 * the controller never stored, or stored older than the agent's last word, has another digest here and keeps it.
 */
export async function compareBooks(
  journals: readonly string[],
  books: Pick<Books, 'digests'>,
  betweenMs = BETWEEN_MS,
): Promise<Comparison> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-books-'))
  const waiting = new Map<string, number>()
  let [reports, differing, left] = [0, new Map<string, readonly string[]>(), journals]
  try {
    for (let look = 0; look < LOOKS && left.length > 0; look++) {
      if (look > 0) await setTimeout(betweenMs)
      differing = new Map()
      const held = books.digests()
      let read = 0
      for (const path of left) {
        const { host, said, unsent } = readCopy(path, join(folder, 'journal.db'))
        if (look === 0) reports += said.length
        waiting.set(path, unsent.size)
        const missing = said.filter(({ section, digest }) => held.get(`${host}/${section}`) !== digest)
        if (missing.length > 0)
          differing.set(
            path,
            missing.flatMap(({ section }) => (unsent.has(section) ? [] : [`${host}/${section}`])),
          )
        if (++read % 100 === 0) await setImmediate()
      }
      left = [...new Set([...differing.keys(), ...left.filter(path => waiting.get(path) !== 0)])]
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    reports,
    lost: [...differing.values()].flat(),
    waiting: [...waiting.values()].reduce((sum, each) => sum + each, 0),
  }
}

type Journal = {
  readonly host: string
  readonly said: readonly { section: string; digest: string }[]
  readonly unsent: ReadonlySet<string>
}

/** The simulator holds the file for itself, so a copy is read, with the log that belongs to it. */
function readCopy(journal: string, copy: string): Journal {
  for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
  copyFileSync(journal, copy)
  if (existsSync(`${journal}-wal`)) copyFileSync(`${journal}-wal`, `${copy}-wal`)
  const db = new Database(copy)
  try {
    const owner = db.prepare<[], string>(`select value from "values" where key = 'owner'`).pluck().get() ?? ''
    return {
      host: owner.split('/').at(-1) ?? '',
      said: db.prepare<[], { section: string; digest: string }>('select section, digest from reported').all(),
      unsent: new Set(db.prepare<[], string>("select key from outbox where kind = 'reported'").pluck().all()),
    }
  } finally {
    db.close()
  }
}
