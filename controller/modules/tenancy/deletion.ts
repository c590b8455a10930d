// SPDX-License-Identifier: Apache-2.0
/** Removes closed projects step by step, and goes on where it was cut off. */
import { formatTime } from '../../../plugins/contract/index.ts'
import type { Blobs } from '../../blobs/blobs.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../kernel/audit.ts'
import { revokeAll } from '../../kernel/certificates.ts'
import { dropCommands } from '../../kernel/commands.ts'
import { countHosts } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Principal, SYSTEM } from '../../kernel/permissions.ts'
import { closeProject, findProject, listProjects, removeProject, reportProgress } from '../../kernel/projects.ts'
import type { KernelTables } from '../../kernel/tables/tables.ts'
import type { Tx } from '../../store/store.ts'
import { type Removed, recordOf, startRecord, writeRemoved } from './deletion-record.ts'
import type { TenancyTables } from './tables.ts'

export type Close = {
  readonly project: string
  readonly by: Principal
  readonly request: string
  readonly reason?: string | undefined
}

export interface Deletions {
  /** Closes a project within a transaction; once that is durable, the rest goes on by itself. */
  close(tx: Tx, act: Close): Promise<void>
  /** Goes on with everything that was cut off. */
  resume(): Promise<void>
  /** Resolves when nothing is being removed any more; what is not finished goes on after the next start. */
  stop(): Promise<void>
}

type Parts = { readonly kernel: Kernel; readonly blobs: Blobs | undefined }

const HOSTS_AT_ONCE = 25
const ROWS_AT_ONCE = 500
const ALL = 2 ** 31 - 1
/** Between two batches, so that everybody else gets their turn. */
const BREATH_MS = 2
const AGAIN_MS = 30_000

export function createDeletions(parts: Parts): Deletions {
  const { kernel } = parts
  const { store, clock, log } = kernel
  const stopping = new AbortController()
  const { signal } = stopping
  const running = new Map<string, Promise<void>>()
  const later = new Set<() => void>()
  const start = (project: string): void => {
    if (running.has(project) || signal.aborted) return
    const work = remove(parts, project, signal)
      .catch(thrown => {
        if (signal.aborted) return
        log.error('a project was not removed; it is tried again', { project, error: String(thrown) })
        later.add(clock.after(AGAIN_MS, () => start(project)))
      })
      .finally(() => running.delete(project))
    running.set(project, work)
  }
  return {
    close: async (tx, { project, by, request, reason }) => {
      const hosts = await countHosts(tx, project)
      await startRecord(tx, { name: project, started_at: formatTime(clock.now()), hosts })
      for (const chain of [projectChain(project), INSTALLATION_CHAIN]) {
        await kernel.audit.append(tx, {
          chain,
          principal: by,
          action: 'project.close',
          target: project,
          outcome: 'done',
          request,
          ...(reason === undefined ? {} : { reason }),
          detail: { hosts },
        })
      }
      // Last, because nobody writes into a closed project.
      await closeProject(tx, project)
      tx.afterCommit(() => start(project))
    },
    resume: async () => {
      for (const { name, state } of await listProjects(store)) if (state === 'deleting') start(name)
    },
    stop: async () => {
      stopping.abort()
      for (const forget of later) forget()
      await Promise.all(running.values())
    },
  }
}

async function remove(parts: Parts, project: string, signal: AbortSignal): Promise<void> {
  const { kernel } = parts
  await partFromHosts(kernel, project, signal)
  for (const leave of kernel.leaving) await leave(project, signal)
  await removeHosts(kernel, project, signal)
  await removeBlobs(parts, project, signal)
  for (const table of await tablesInOrder(kernel)) await removeRows(kernel, { project, table }, signal)
  await kernel.audit.checkpoint()
  await finish(kernel, project)
  kernel.log.info('a project was removed', { project })
}

/** Nobody of a closed project is let in again; those that are there are sent away first. */
async function partFromHosts({ store, bus, clock }: Kernel, project: string, signal: AbortSignal): Promise<void> {
  const there = await store
    .of<KernelTables>(project)
    .select('kernel_presence')
    .select('host')
    .where('online', '=', 1)
    .execute()
  for (const [at, { host }] of there.entries()) {
    bus.disconnect(host, 'project-closed')
    if (at % ROWS_AT_ONCE === 0) await clock.sleep(BREATH_MS, signal)
  }
}

async function removeHosts(kernel: Kernel, project: string, signal: AbortSignal): Promise<void> {
  const { store, clock, bus } = kernel
  for (;;) {
    const count = await store.change(async tx => {
      const hosts = tx.of<KernelTables>(project)
      const batch = await hosts
        .select('kernel_hosts')
        .select('id')
        .where('state', '!=', 'deleted')
        .orderBy('id')
        .limit(HOSTS_AT_ONCE)
        .execute()
      if (batch.length === 0) return 0
      const ids = batch.map(({ id }) => id)
      for (const id of ids) {
        await revokeAll(tx, project, id)
        await dropCommands(tx, project, id, clock.now())
        tx.afterCommit(() => bus.disconnect(id, 'project-closed'))
      }
      await hosts.update('kernel_hosts', { state: 'deleted' }).where('id', 'in', ids).execute()
      const { hosts: all } = await recordOf(tx, project)
      const left = await countHosts(tx, project)
      await reportProgress(tx, project, `removed ${grouped(Math.max(0, all - left))} of ${grouped(all)} hosts`)
      return batch.length
    })
    if (count === 0) return
    await clock.sleep(BREATH_MS, signal)
  }
}

/** A blob belongs to the project its second folder is named after. */
async function removeBlobs({ kernel, blobs }: Parts, project: string, signal: AbortSignal): Promise<void> {
  const all = (await blobs?.list('')) ?? []
  const own = all.filter(({ name }) => {
    const folders = name.split('/')
    return folders.length > 2 && folders[1] === project
  })
  for (const { name } of own) {
    await blobs?.remove(name)
    await kernel.store.change(tx => writeRemoved(tx, project, { files: 1 }))
    await kernel.clock.sleep(BREATH_MS, signal)
  }
}

/** Secrets go first, then what modules keep, then the kernel's own. */
async function tablesInOrder({ store }: Kernel): Promise<readonly string[]> {
  const rank = (table: string): number => (table.startsWith('secrets_') ? 0 : table.startsWith('kernel_') ? 2 : 1)
  const tables = await store.projectRows.tables()
  return [...tables].sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1))
}

type Part = { readonly project: string; readonly table: string }

async function removeRows({ store, clock }: Kernel, { project, table }: Part, signal: AbortSignal): Promise<void> {
  for (;;) {
    const count = await store.change(async tx => {
      const removed = await store.projectRows.clear(tx, project, { table, atMost: ROWS_AT_ONCE })
      if (removed === 0) return 0
      const { hosts } = await recordOf(tx, project)
      const all = await writeRemoved(tx, project, { [table]: removed })
      const rows = Object.values(all).reduce((sum, each) => sum + each, 0)
      await reportProgress(tx, project, `removed ${grouped(hosts)} hosts and ${grouped(rows)} records`)
      return removed
    })
    if (count < ROWS_AT_ONCE) return
    await clock.sleep(BREATH_MS, signal)
  }
}

/** In one transaction: what may have been written meanwhile, the record of the deletion, and the project itself. */
async function finish(kernel: Kernel, project: string): Promise<void> {
  const { store, audit, events } = kernel
  const tables = await tablesInOrder(kernel)
  await store.change(async tx => {
    const row = await findProject(tx, project)
    if (row === undefined) return
    const late: Record<string, number> = {}
    for (const table of tables) {
      const removed = await store.projectRows.clear(tx, project, { table, atMost: ALL })
      if (removed > 0) late[table] = removed
    }
    const removed: Removed = await writeRemoved(tx, project, late)
    const { hosts, started_at: since } = await recordOf(tx, project)
    await tx.installation<TenancyTables>().deleteFrom('tenancy_deletions').where('name', '=', project).execute()
    await removeProject(tx, project)
    await audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: SYSTEM,
      action: 'project.delete',
      target: project,
      outcome: 'done',
      detail: { uuid: row.uuid, since, hosts, removed: { ...removed } },
    })
    await events.emit(tx, {
      project: '',
      type: 'project.deleted',
      subject: project,
      data: { uuid: row.uuid, hosts },
    })
  })
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
