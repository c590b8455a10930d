// SPDX-License-Identifier: Apache-2.0
/** The registry of hosts: who exists, under which name, with which labels. */

import { type Insertable, type SelectQueryBuilder, sql } from 'kysely'
import { formatTime, type HostFacts, type HostId, newHostId } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import { type HostStatus, writeStatusOf } from './host-status.ts'
import { writeLabels } from './labels.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import { withinQuota } from './quotas.ts'
import type { HostRow, HostState, KernelTables, StatusIndicator } from './tables/tables.ts'

export type Label = { readonly key: string; readonly value: string }

/** One of EIM's three statements about a host: free words, what kind of news they are, and since when (RFC 3339). */
export type Statement = { readonly says: string; readonly indicator: StatusIndicator; readonly at: string }

export type Host = {
  readonly project: string
  readonly id: HostId
  readonly name: string
  readonly hostname: string | undefined
  readonly uuid: string | undefined
  readonly serial: string | undefined
  readonly state: HostState
  /** What it is to come to: the same as `state` when nothing is under way. */
  readonly desired: HostState
  readonly registration: Statement
  readonly onboarding: Statement
  /** What still holds a host that is being deleted, in one sentence. */
  readonly waitingOn: string | undefined
  /** Asked for at registration: the size of the user's volume in GB, and vPro. */
  readonly userLvmSize: number | undefined
  readonly vpro: boolean
  readonly status: HostStatus
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
  readonly desired?: 'onboarded'
  readonly userLvmSize?: number | undefined
  readonly vpro?: boolean | undefined
}

/** What is said of hosts on their way in and out. */
export const STATEMENTS = {
  registered: { says: 'Host is Registered', indicator: 'IDLE' },
  unknown: { says: 'Unknown', indicator: 'UNSPECIFIED' },
  initialized: { says: 'Device initialized', indicator: 'IN_PROGRESS' },
  onboarded: { says: 'Onboarded', indicator: 'IDLE' },
  invalidated: { says: 'Invalidated', indicator: 'IDLE' },
} as const satisfies Readonly<Record<string, Omit<Statement, 'at'>>>

/** Adds a host under a fresh id; ids collide at some 65,000 hosts, so it tries again on a clash. */
export async function addHost(tx: Tx, project: string, fresh: NewHost & Surroundings): Promise<Host> {
  await withinQuota(tx, project, { quota: 'hosts', present: () => countHosts(tx, project) })
  const now = formatTime(fresh.clock.now())
  for (let attempt = 0; attempt < 8; attempt++) {
    const id = newHostId(fresh.random)
    if (await idTaken(tx, id)) continue
    await tx
      .of<KernelTables>(project)
      .insert('kernel_hosts', hostRow(id, fresh, now))
      .execute()
    await writeLabels(tx, { project, host: id, labels: fresh.labels })
    writeStatusOf(tx, { project, host: id })
    return getHost(tx, project, id)
  }
  throw problem('conflict', 'no free host id was found')
}

type Columns = Omit<Insertable<KernelTables['kernel_hosts']>, 'project'>

function hostRow(id: HostId, fresh: NewHost, now: string): Columns {
  const { name, facts, labels, state, desired } = fresh
  return {
    id,
    name: name === '' ? (facts.hostname ?? id) : name,
    state,
    labels: JSON.stringify(labels),
    note: '',
    ...factColumns(facts),
    epoch: 1,
    sequence: 0,
    created_at: now,
    updated_at: now,
    site: null,
    desired: desired === undefined || desired === state ? null : desired,
    ...statementColumns('registration', { ...STATEMENTS.registered, at: now }),
    ...statementColumns('onboarding', { ...STATEMENTS[state === 'onboarded' ? 'onboarded' : 'unknown'], at: now }),
    user_lvm_size: fresh.userLvmSize ?? null,
    vpro: fresh.vpro === true ? 1 : 0,
  }
}

function statementColumns(kind: 'registration' | 'onboarding', { says, indicator, at }: Statement) {
  return kind === 'registration'
    ? { registration_status: says, registration_indicator: indicator, registration_at: at }
    : { onboarding_status: says, onboarding_indicator: indicator, onboarding_at: at }
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

/** Finds many hosts in any state, by id. */
export async function findHosts(db: Db, project: string, ids: readonly string[]): Promise<ReadonlyMap<string, Host>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .of<KernelTables>(project)
    .select('kernel_hosts')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(row => [row.id, hostOf(row)]))
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

/** What tells machines apart: the UUID of the firmware and the serial number. */
export type HostKeys = { readonly uuid?: string | undefined; readonly serial?: string | undefined }

/** Living hosts that have one of these keys; serial numbers are compared without regard to case. */
export async function findKeyed(db: Db, project: string, { uuid, serial }: HostKeys): Promise<readonly Host[]> {
  const keyed = (): SelectQueryBuilder<KernelTables, 'kernel_hosts', HostRow> =>
    db.of<KernelTables>(project).select('kernel_hosts').selectAll().where('state', '!=', 'deleted')
  const byUuid = uuid === undefined ? [] : await keyed().where('uuid', '=', uuid.toLowerCase()).execute()
  const bySerial =
    serial === undefined
      ? []
      : await keyed().where(sql<string>`lower(serial)`, '=', serial.toLowerCase()).limit(16).execute()
  const rows = new Map([...byUuid, ...bySerial].map(row => [row.id, row]))
  return [...rows.values()].map(hostOf)
}

/** Hosts that are being deleted, in all projects. */
export async function leavingHosts(db: Db): Promise<readonly { readonly project: string; readonly id: string }[]> {
  return db
    .installation<KernelTables>()
    .selectFrom('kernel_hosts')
    .select(['project', 'id'])
    .where('desired', '=', 'deleted')
    .where('state', '!=', 'deleted')
    .limit(1_000)
    .execute()
}

export type HostChange = {
  readonly name?: string | undefined
  readonly note?: string | undefined
  readonly labels?: readonly Label[] | undefined
  /** `null` takes it from its site. */
  readonly site?: string | null | undefined
  readonly hostname?: string | undefined
  /** Where it has come to; what it was on its way to is settled with that, unless `desired` is given too. */
  readonly state?: HostState | undefined
  readonly desired?: HostState | undefined
  readonly registration?: Statement | undefined
  readonly onboarding?: Statement | undefined
  /** `null`: nothing any more. */
  readonly waitingOn?: string | null | undefined
  readonly userLvmSize?: number | undefined
  readonly vpro?: boolean | undefined
  readonly epoch?: number | undefined
  readonly facts?: HostFacts | undefined
}

/** Changes some columns of a host; absent members stay as they are. */
export async function changeHost(tx: Tx, host: Host, change: HostChange & { readonly clock: Surroundings['clock'] }) {
  const { name, note, labels, site, hostname, epoch, facts } = change
  await tx
    .of<KernelTables>(host.project)
    .update('kernel_hosts', {
      updated_at: formatTime(change.clock.now()),
      ...(name === undefined ? {} : { name }),
      ...(note === undefined ? {} : { note }),
      ...(labels === undefined ? {} : { labels: JSON.stringify(labels) }),
      ...(site === undefined ? {} : { site }),
      ...(hostname === undefined ? {} : { hostname }),
      ...(epoch === undefined ? {} : { epoch }),
      ...(facts === undefined ? {} : factColumns(facts)),
      ...lifeColumns(host, change),
    })
    .where('id', '=', host.id)
    .execute()
  if (labels !== undefined) await writeLabels(tx, { project: host.project, host: host.id, labels })
  writeStatusOf(tx, { project: host.project, host: host.id })
}

function lifeColumns(host: Host, change: HostChange) {
  const { state, desired, registration, onboarding, waitingOn, userLvmSize, vpro } = change
  const moves = state !== undefined || desired !== undefined
  const wanted = desired ?? state
  return {
    ...(state === undefined ? {} : { state }),
    ...(moves ? { desired: wanted === (state ?? host.state) ? null : (wanted ?? null) } : {}),
    ...(registration === undefined ? {} : statementColumns('registration', registration)),
    ...(onboarding === undefined ? {} : statementColumns('onboarding', onboarding)),
    ...(waitingOn === undefined ? {} : { waiting_on: waitingOn }),
    ...(userLvmSize === undefined ? {} : { user_lvm_size: userLvmSize }),
    ...(vpro === undefined ? {} : { vpro: vpro ? 1 : 0 }),
  }
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
export function hostOf(row: HostRow): Host {
  return {
    project: row.project,
    id: row.id as HostId,
    name: row.name,
    hostname: row.hostname ?? undefined,
    uuid: row.uuid ?? undefined,
    serial: row.serial ?? undefined,
    state: row.state,
    desired: row.desired ?? row.state,
    registration: statementOf(
      row.registration_status,
      row.registration_indicator,
      row.registration_at || row.created_at,
    ),
    onboarding: statementOf(row.onboarding_status, row.onboarding_indicator, row.onboarding_at || row.created_at),
    waitingOn: row.waiting_on ?? undefined,
    userLvmSize: row.user_lvm_size ?? undefined,
    vpro: row.vpro === 1,
    status: { text: row.status, indicator: row.status_indicator, at: row.status_at || row.created_at },
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

function statementOf(says: string, indicator: StatusIndicator, at: string): Statement {
  return { says, indicator, at }
}

/** Hosts of one project, or of all. */
export async function countHosts(db: Db, project?: string): Promise<number> {
  let rows = db.installation<KernelTables>().selectFrom('kernel_hosts').where('state', '!=', 'deleted')
  if (project !== undefined) rows = rows.where('project', '=', project)
  const { total } = await rows.select(each => each.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  return Number(total)
}
