// SPDX-License-Identifier: Apache-2.0
/** What is not as it should be with the controller itself, in the words that page, API and command line share. Pure. */
import { DAY, type EpochMs, HOUR } from '../../plugins/contract/index.ts'
import type { MemoryState } from './ports.ts'
import type { JobRun } from './schedule.ts'

export type Concern = {
  /** Kebab-case and stable. */
  readonly code: string
  readonly severity: 'failing' | 'degraded'
  /** One sentence for people. */
  readonly title: string
  readonly next: string
}

export type Condition = {
  readonly now: EpochMs
  readonly eventLoopDelayMs: number
  readonly underPressure: boolean
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined
  readonly databaseBytes: number
  readonly walBytes: number
  readonly installedAt: EpochMs | undefined
  readonly lastBackup: EpochMs | undefined
  readonly jobs: readonly JobRun[]
  readonly memory?: MemoryState
  readonly certificates: readonly { readonly title: string; readonly notAfter: EpochMs }[]
}

export const BACKUP_DUE_MS = 7 * DAY
const SLOW_LOOP_MS = 500
const WAL_LARGE = 256 * 2 ** 20
const FREE_LITTLE = 0.1
const FREE_HARDLY = 0.03

/** The worst first. */
export function concernsOf(condition: Condition): readonly Concern[] {
  const found = [
    ...pressure(condition),
    ...shortage(condition),
    ...space(condition),
    ...expiry(condition),
    ...failedJobs(condition),
    ...backups(condition),
  ]
  return [
    ...found.filter(({ severity }) => severity === 'failing'),
    ...found.filter(({ severity }) => severity === 'degraded'),
  ]
}

function* pressure({ underPressure, eventLoopDelayMs }: Condition): Iterable<Concern> {
  const delay = `${Math.round(eventLoopDelayMs)} ms`
  const next = 'look for what keeps it busy: exports, large lists, many hosts at once; give it a faster processor'
  if (underPressure)
    yield {
      code: 'overloaded',
      severity: 'failing',
      title: `Requests are refused because everything waits ${delay}`,
      next,
    }
  else if (eventLoopDelayMs > SLOW_LOOP_MS)
    yield { code: 'slow', severity: 'degraded', title: `Everything waits ${delay} before it is looked at`, next }
}

function* shortage({ memory }: Condition): Iterable<Concern> {
  if (memory === undefined || memory.level === 'normal') return
  const used = `${Math.round(memory.rssBytes / 2 ** 20)} MB of memory are in use`
  const next = 'give the controller more memory, raise `memory` in its configuration, or spread the hosts'
  yield memory.level === 'hard'
    ? { code: 'memory-full', severity: 'failing', title: `${used}, and no host is let in`, next }
    : { code: 'memory-low', severity: 'degraded', title: `${used}, and no new host enrolls`, next }
}

function* space({ disk, databaseBytes, walBytes }: Condition): Iterable<Concern> {
  const next = 'make room on the disk of the data folder'
  if (disk !== undefined && disk.totalBytes > 0) {
    const part = disk.freeBytes / disk.totalBytes
    const left = `${Math.floor(part * 100)} % of the disk are free`
    // The next backup and the next migration write the database a second time.
    const isTight = disk.freeBytes < databaseBytes * 2
    if (part < FREE_HARDLY) yield { code: 'disk-full', severity: 'failing', title: `Only ${left}`, next }
    else if (part < FREE_LITTLE || isTight)
      yield {
        code: 'disk-low',
        severity: 'degraded',
        title: isTight ? 'There is no room on the disk for a backup and a migration' : `Only ${left}`,
        next,
      }
  }
  if (walBytes > WAL_LARGE)
    yield {
      code: 'wal-large',
      severity: 'degraded',
      title: 'The journal of the database has grown large',
      next: 'something reads for a very long time; a restart folds the journal in',
    }
}

function* expiry({ certificates, now }: Condition): Iterable<Concern> {
  for (const { title, notAfter } of certificates) {
    if (notAfter > now + 14 * DAY) continue
    const days = Math.floor((notAfter - now) / DAY)
    yield {
      code: notAfter <= now ? 'certificate-over' : 'certificate-ending',
      severity: notAfter <= now ? 'failing' : 'degraded',
      title: notAfter <= now ? `${title} has expired` : `${title} expires in ${days} days`,
      next: 'the controller renews its own by itself, so look into its log; renew one of yours where it came from',
    }
  }
}

function* failedJobs({ jobs }: Condition): Iterable<Concern> {
  for (const { name, error } of jobs)
    if (error !== undefined)
      yield {
        code: 'job-failed',
        severity: 'degraded',
        title: `The job "${name}" failed when it last ran: ${error}`,
        next: 'look into the log of the controller; it is tried again at its next time',
      }
}

function* backups({ lastBackup, installedAt, now }: Condition): Iterable<Concern> {
  const since = lastBackup ?? installedAt
  if (since === undefined || now - since <= BACKUP_DUE_MS) return
  const days = Math.floor((now - since) / (24 * HOUR))
  yield {
    code: lastBackup === undefined ? 'backup-none' : 'backup-old',
    severity: 'degraded',
    title:
      lastBackup === undefined
        ? `No backup was taken in the ${days} days since the controller was installed`
        : `The last backup is ${days} days old`,
    next: 'take one, and keep it on another machine: muster system backup -f muster.db',
  }
}
