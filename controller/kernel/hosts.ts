// SPDX-License-Identifier: Apache-2.0
/** The registry of hosts: who exists, under which name, with which labels. */

import { sql } from 'kysely'
import { formatTime, type HostFacts, type HostId, newHostId } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { HostRow, KernelTables } from './tables/tables.ts'

export type Label = { readonly key: string; readonly value: string }

export type Host = {
  readonly project: string
  readonly id: HostId
  readonly name: string
  readonly hostname: string | undefined
  readonly uuid: string | undefined
  readonly serial: string | undefined
  readonly state: HostRow['state']
  readonly simulated: boolean
  readonly labels: readonly Label[]
  readonly site: string | undefined
  readonly note: string
  readonly facts: HostFacts
  readonly epoch: number
  readonly createdAt: string
  readonly updatedAt: string
}

export type NewHost = {
  readonly name: string
  readonly facts: HostFacts
  readonly labels: readonly Label[]
  readonly state: 'registered' | 'onboarded'
}

export type HostQuery = {
  readonly ids?: readonly string[] | undefined
  /** Matched against name, hostname, id and serial, case-insensitively. */
  readonly search?: string | undefined
  readonly labels?: readonly Label[]
  readonly online?: boolean | undefined
  readonly limit: number
  /** The id after which to go on. */
  readonly after?: string | undefined
  readonly offset?: number | undefined
  readonly orderBy?: { readonly column: 'id' | 'name' | 'created_at'; readonly descending: boolean }
}

export type HostPage = { readonly hosts: readonly Host[]; readonly total: number; readonly hasNext: boolean }

/** Adds a host under a fresh id; ids collide at some 65,000 hosts, so it tries again on a clash. */
export async function addHost(tx: Tx, project: string, fresh: NewHost & Surroundings): Promise<Host> {
  const now = formatTime(fresh.clock.now())
  for (let attempt = 0; attempt < 8; attempt++) {
    const id = newHostId(fresh.random)
    if (await idTaken(tx, id)) continue
    await tx
      .of<KernelTables>(project)
      .insert('kernel_hosts', hostRow(id, fresh, now))
      .execute()
    return getHost(tx, project, id)
  }
  throw problem('conflict', 'no free host id was found')
}

function hostRow(id: HostId, { name, facts, labels, state }: NewHost, now: string): Omit<HostRow, 'project'> {
  return {
    id,
    name: name === '' ? (facts.hostname ?? id) : name,
    hostname: facts.hostname ?? null,
    uuid: facts.uuid?.toLowerCase() ?? null,
    serial: facts.serial ?? null,
    state,
    simulated: facts.simulated === true ? 1 : 0,
    labels: JSON.stringify(labels),
    note: '',
    facts: JSON.stringify(facts),
    epoch: 1,
    sequence: 0,
    created_at: now,
    updated_at: now,
    site: null,
  }
}

async function idTaken(db: Db, id: string): Promise<boolean> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_hosts')
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

/** Throws `not-found`; the same for a host of another project. Tombstones are not found. */
export async function getHost(db: Db, project: string, id: string): Promise<Host> {
  const host = await findHost(db, project, id)
  if (host === undefined || host.state === 'deleted') throw problem('not-found', `host ${id.slice(0, 80)}`)
  return host
}

/** Finds a host in any state, deleted ones too. */
export async function findHost(db: Db, project: string, id: string): Promise<Host | undefined> {
  const row = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : hostOf(row)
}

/** Finds the living host of a machine by its UUID or, where it has none, its serial number. */
export async function findByFacts(db: Db, project: string, facts: HostFacts): Promise<Host | undefined> {
  const uuid = facts.uuid?.toLowerCase()
  if (uuid === undefined && facts.serial === undefined) return undefined
  const row = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .selectAll()
    .where('state', '!=', 'deleted')
    .where(each => (uuid === undefined ? each('serial', '=', facts.serial ?? '') : each('uuid', '=', uuid)))
    .executeTakeFirst()
  return row === undefined ? undefined : hostOf(row)
}

export async function listHosts(db: Db, project: string, query: HostQuery): Promise<HostPage> {
  const matching = matchingHosts(db, project, query)
  const { total } = await matching
    .clearSelect()
    .select(each => each.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const { column, descending } = query.orderBy ?? { column: 'id', descending: false }
  let page = matching.orderBy(`kernel_hosts.${column}`, descending ? 'desc' : 'asc').limit(query.limit + 1)
  if (column !== 'id') page = page.orderBy('kernel_hosts.id')
  if (query.after !== undefined) page = page.where('kernel_hosts.id', '>', query.after)
  if (query.offset !== undefined) page = page.offset(query.offset)
  const rows = await page.execute()
  return { hosts: rows.slice(0, query.limit).map(hostOf), total: Number(total), hasNext: rows.length > query.limit }
}

function matchingHosts(db: Db, project: string, { ids, search, labels = [], online }: HostQuery) {
  let rows = db
    .installation<KernelTables>()
    .selectFrom('kernel_hosts')
    .selectAll('kernel_hosts')
    .where('kernel_hosts.project', '=', project)
    .where('kernel_hosts.state', '!=', 'deleted')
  if (ids !== undefined) rows = rows.where('kernel_hosts.id', 'in', ids.length === 0 ? [''] : [...ids])
  if (search !== undefined && search !== '') {
    rows = rows.where(each => each.or(SEARCHED.map(column => contains(column, search.toLowerCase()))))
  }
  for (const { key, value } of labels) {
    // Labels are stored as {"key","value"} objects in this order, so one of them is a substring of the text.
    rows = rows.where(contains('labels', JSON.stringify({ key, value })))
  }
  if (online !== undefined) {
    rows = rows.where(each => {
      const present = each.exists(
        each
          .selectFrom('kernel_presence')
          .select('kernel_presence.host')
          .whereRef('kernel_presence.host', '=', 'kernel_hosts.id')
          .where('kernel_presence.online', '=', 1),
      )
      return online ? present : each.not(present)
    })
  }
  return rows
}

const SEARCHED = ['name', 'hostname', 'id', 'serial'] as const

function contains(column: (typeof SEARCHED)[number] | 'labels', text: string) {
  const pattern = `%${text.replace(/[\\%_]/g, match => `\\${match}`)}%`
  return sql<boolean>`lower(${sql.ref(`kernel_hosts.${column}`)}) like ${pattern.toLowerCase()} escape '\\'`
}

export type HostChange = {
  readonly name?: string | undefined
  readonly note?: string | undefined
  readonly labels?: readonly Label[] | undefined
  /** `null` takes it from its site. */
  readonly site?: string | null | undefined
  readonly hostname?: string | undefined
  readonly state?: HostRow['state'] | undefined
  readonly epoch?: number | undefined
  readonly facts?: HostFacts | undefined
}

/** Changes some columns of a host; absent members stay as they are. */
export async function changeHost(tx: Tx, host: Host, change: HostChange & { readonly clock: Surroundings['clock'] }) {
  const { name, note, labels, site, hostname, state, epoch, facts } = change
  await tx
    .of<KernelTables>(host.project)
    .update('kernel_hosts', {
      updated_at: formatTime(change.clock.now()),
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(labels === undefined ? {} : { labels: JSON.stringify(labels) }),
      ...(site === undefined ? {} : { site }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(state === undefined ? {} : { state }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(facts === undefined ? {} : factColumns(facts)),
    })
    .where('id', '=', host.id)
    .execute()
}

function factColumns(facts: HostFacts) {
  return {
    facts: JSON.stringify(facts),
    hostname: facts.hostname ?? null,
    uuid: facts.uuid?.toLowerCase() ?? null,
    serial: facts.serial ?? null,
    simulated: facts.simulated === true ? 1 : 0,
  }
}

/** The next number of the host's commands: rising, without gaps that matter. */
export async function nextSequence(tx: Tx, project: string, id: string): Promise<number> {
  const row = await tx
    .of<KernelTables>(project)
    .update('kernel_hosts', {})
    .set(each => ({ sequence: each('sequence', '+', 1) }))
    .where('id', '=', id)
    .returning('sequence')
    .executeTakeFirstOrThrow()
  return row.sequence
}

/** Rows were written by this file, so their JSON has these shapes. */
function hostOf(row: HostRow): Host {
  return {
    project: row.project,
    id: row.id as HostId,
    name: row.name,
    hostname: row.hostname ?? undefined,
    uuid: row.uuid ?? undefined,
    serial: row.serial ?? undefined,
    state: row.state,
    simulated: row.simulated === 1,
    labels: JSON.parse(row.labels) as Label[],
    site: row.site ?? undefined,
    note: row.note,
    facts: JSON.parse(row.facts) as HostFacts,
    epoch: row.epoch,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

export async function countHosts(db: Db): Promise<number> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_hosts')
    .select(each => each.fn.countAll<number>().as('total'))
    .where('state', '!=', 'deleted')
    .executeTakeFirstOrThrow()
  return Number(row.total)
}
