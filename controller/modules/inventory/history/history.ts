// SPDX-License-Identifier: Apache-2.0
/** Follows the hosts: what the kernel's events and the reports change goes into the history; gaps are closed at the start. */
import { formatTime, isHostId, type Json } from '../../../../plugins/contract/index.ts'
import { desiredOfHosts, findDesired, reportsOf } from '../../../kernel/documents.ts'
import type { EventHook } from '../../../kernel/events.ts'
import { findHost, findHosts } from '../../../kernel/hosts.ts'
import type { ReportHook } from '../../../kernel/ingest.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { presenceOf } from '../../../kernel/presence.ts'
import { listProjects } from '../../../kernel/projects.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Tx } from '../../../store/store.ts'
import type { Kept } from './config.ts'
import { recordOf, reportOf, type Snapshot, standingOf, wishFor } from './parts.ts'
import type { HistoryTables } from './tables.ts'
import { forget, headsOf, headsOfOne, remember } from './write.ts'

export interface History {
  readonly onReport: ReportHook
  readonly onEvent: EventHook
  stop(): Promise<void>
}

const PAGE = 50
/** Going over all hosts leaves others so many times as long as it takes itself. */
const LEAVES = 2
const PRUNE_EVERY_MS = 3_600_000

export function createHistory(kernel: Kernel, kept: Kept): History {
  const over = new AbortController()
  const parts: Parts = { kernel, kept }
  let working: Promise<void> = Promise.resolve()
  let forgetTimer = (): void => {}
  const supervised = (work: () => Promise<void>): void => {
    working = working.then(work).catch(thrown => {
      if (!over.signal.aborted) kernel.log.error('the history was not kept up', { error: String(thrown) })
    })
  }
  const tidy = (): void => {
    supervised(() => prune(parts))
    forgetTimer = kernel.clock.after(PRUNE_EVERY_MS, tidy)
  }
  forgetTimer = kernel.clock.after(PRUNE_EVERY_MS, tidy)
  return {
    onReport: async (tx, { project, host, section, message }) => {
      const at = formatTime(kernel.clock.now())
      await write(parts, tx, { project, host, snapshots: [reportOf(section, message, at)] })
    },
    onEvent: async (tx, { type, project, subject, data }) => {
      if (type === 'system.started') tx.afterCommit(() => supervised(() => catchUp(parts, over.signal)))
      if (type === 'document.desired') return followWish(parts, tx, { project, id: subject, data })
      if (!type.startsWith('host.') || !isHostId(subject)) return
      if (type === 'host.deleted') return forget(tx, project, subject)
      await follow(parts, tx, { project, id: subject, isPresence: PRESENCE.has(type) })
    },
    stop: async () => {
      over.abort()
      forgetTimer()
      await working
    },
  }
}

type Parts = { readonly kernel: Kernel; readonly kept: Kept }
type Following = { readonly project: string; readonly host: string; readonly snapshots: readonly Snapshot[] }

/** What tells of a session leaves the record of the host as it was. */
const PRESENCE: ReadonlySet<string> = new Set(['host.online', 'host.offline'])

type Followed = { readonly project: string; readonly id: string; readonly isPresence?: boolean }

/** Writes what is true of a host now: as of now, because the change is made in this very transaction. */
export async function follow(parts: Parts, tx: Tx, { project, id, isPresence = false }: Followed): Promise<void> {
  const host = await findHost(tx, project, id)
  if (host === undefined || host.state === 'deleted') return
  const presence = (await presenceOf(tx, project, [id])).get(id)
  const heads = headsOfOne(tx, project, id)
  // A host of which nothing is kept yet was made in this very transaction, a moment ago.
  const at = heads.length === 0 ? host.createdAt : formatTime(parts.kernel.clock.now())
  const isRecord = !isPresence || heads.length === 0
  const changed = [...(isRecord ? [recordOf(host)] : []), ...standingOf(host, presence)]
  const snapshots = changed.map(each => ({ ...each, at }))
  remember(tx, project, { host: id, heads, snapshots, kept: parts.kept, digest: parts.kernel.digest })
}

type Wished = { readonly project: string; readonly id: string; readonly data: Json }

/** Writes what is wanted of a section, as the event names it. */
async function followWish(parts: Parts, tx: Tx, { project, id: host, data }: Wished): Promise<void> {
  const { section } = data as { section: string } // as every event of this type has it
  const desired = await findDesired(tx, project, { host, section })
  if (desired !== undefined) await write(parts, tx, { project, host, snapshots: [wishFor(desired)] })
}

async function write({ kernel, kept }: Parts, tx: Tx, { project, host, snapshots }: Following): Promise<void> {
  const heads = headsOfOne(tx, project, host)
  remember(tx, project, { host, heads, snapshots, kept, digest: kernel.digest })
}

/**
 * Goes over all hosts once after a start: what changed without an event, such as that nobody is online after a restart,
 * and hosts that were there before their history was kept.
 */
async function catchUp(parts: Parts, signal: AbortSignal): Promise<void> {
  const { store, clock } = parts.kernel
  for (const { name: project } of await listProjects(store)) {
    for (let after: string | undefined; ; ) {
      if (signal.aborted) return
      const ids = await livingHosts(parts.kernel, project, after)
      if (ids.length === 0) break
      const began = clock.monotonic()
      await store.change(tx => closeGaps(parts, tx, { project, ids }))
      after = ids.at(-1)
      await clock.sleep(LEAVES * (clock.monotonic() - began), signal)
    }
  }
}

async function livingHosts({ store }: Kernel, project: string, after = ''): Promise<readonly string[]> {
  const rows = await store
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .select('id')
    .where('state', '!=', 'deleted')
    .where('id', '>', after)
    .orderBy('id')
    .limit(PAGE)
    .execute()
  return rows.map(({ id }) => id)
}

type Page = { readonly project: string; readonly ids: readonly string[] }

async function closeGaps({ kernel, kept }: Parts, tx: Tx, { project, ids }: Page): Promise<void> {
  const heads = await headsOf(tx, project, ids)
  const known = Map.groupBy(heads, ({ host }) => host)
  const hosts = await findHosts(tx, project, ids)
  const presences = await presenceOf(tx, project, ids)
  const reports = await reportsOf(
    tx,
    project,
    ids.filter(id => !known.has(id)),
  )
  const wishes = await desiredOfHosts(tx, project, ids)
  for (const id of ids) {
    const host = hosts.get(id)
    if (host === undefined || host.state === 'deleted') continue
    const sections = [...(reports.get(id) ?? [])].map(([name, report]) => reportOf(name, report, report.receivedAt))
    const wanted = (wishes.get(id) ?? []).map(wishFor)
    const snapshots = [recordOf(host), ...standingOf(host, presences.get(id)), ...sections, ...wanted]
    remember(tx, project, { host: id, heads: known.get(id) ?? [], snapshots, kept, digest: kernel.digest })
  }
}

/** Forgets what has not held for too long; what still holds stays, however old. */
async function prune({ kernel, kept }: Parts): Promise<void> {
  await kernel.store
    .installation<HistoryTables>()
    .deleteFrom('inventory_history')
    .where('until', '<', formatTime(kernel.clock.now() - kept.ms))
    .execute()
}
