// SPDX-License-Identifier: Apache-2.0
/** Projects: the units of tenancy, by name in addresses and by UUID for clients that were made for EIM. */
import { formatTime } from '../../plugins/contract/index.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import { projectChain } from './audit.ts'
import type { Events } from './events.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { KernelTables, ProjectRow } from './tables/tables.ts'

export type Project = {
  readonly name: string
  readonly uuid: string
  readonly description: string
  readonly state: ProjectRow['state']
  readonly auditFrom: number
  /** How far its deletion has come; empty for one that is not deleted. */
  readonly progress: string
  readonly createdAt: string
}

/** Finds a project in any state. */
export async function findProject(db: Db, name: string): Promise<Project | undefined> {
  const row = await db
    .installation<KernelTables>()
    .selectFrom('kernel_projects')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? undefined : projectOf(row)
}

/** Throws `not-found`, the same for a project that is being deleted. */
export async function getProject(db: Db, name: string): Promise<Project> {
  const project = await findProject(db, name)
  if (project === undefined || project.state === 'deleting') throw problem('not-found', `project ${name.slice(0, 80)}`)
  return project
}

export async function listProjects(db: Db): Promise<readonly Project[]> {
  const rows = await db.installation<KernelTables>().selectFrom('kernel_projects').selectAll().orderBy('name').execute()
  return rows.map(projectOf)
}

/** Makes a project if it is not there, and gives one that was made before UUIDs its own. */
export async function ensureProject(
  store: Store,
  name: string,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
): Promise<void> {
  const rows = store.installation<KernelTables>()
  const created_at = formatTime(clock.now())
  const uuid = newUuid(random)
  await rows
    .insertInto('kernel_projects')
    .values({ name, created_at, uuid, description: '', state: 'active', audit_from: 0 })
    .onConflict(clash => clash.column('name').doNothing())
    .execute()
  await rows.updateTable('kernel_projects').set({ uuid }).where('name', '=', name).where('uuid', '=', '').execute()
}

/** A random UUID (RFC 9562 §5.4, version 4) from the given source. */
export function newUuid(random: Surroundings['random']): string {
  const bytes = Uint8Array.from(random(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Buffer.from(bytes).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function projectOf(row: ProjectRow): Project {
  const { name, uuid, description, state, progress, audit_from: auditFrom, created_at: createdAt } = row
  return { name, uuid, description, state, auditFrom, progress, createdAt }
}

export type NewProject = { readonly name: string; readonly description: string }

/**
 * Makes a project with a UUID of its own. What an earlier project of that name left in the audit stays out of its
 * sight. The name must be free.
 */
export async function addProject(
  tx: Tx,
  { name, description }: NewProject,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
): Promise<Project> {
  const last = await tx
    .installation<KernelTables>()
    .selectFrom('kernel_audit')
    .select(each => each.fn.max('n').as('n'))
    .where('chain', '=', projectChain(name))
    .executeTakeFirst()
  const row: ProjectRow = {
    name,
    created_at: formatTime(clock.now()),
    uuid: newUuid(random),
    description,
    state: 'active',
    audit_from: Number(last?.n ?? 0),
    progress: '',
  }
  await tx.installation<KernelTables>().insertInto('kernel_projects').values(row).execute()
  return projectOf(row)
}

/** Changes what people may change of a project. */
export async function describeProject(tx: Tx, name: string, description: string): Promise<void> {
  await tx
    .installation<KernelTables>()
    .updateTable('kernel_projects')
    .set({ description })
    .where('name', '=', name)
    .execute()
}

/** Closes a project for good: nobody enters it any more. */
export async function closeProject(tx: Tx, name: string): Promise<void> {
  await tx
    .installation<KernelTables>()
    .updateTable('kernel_projects')
    .set({ state: 'deleting' })
    .where('name', '=', name)
    .execute()
}

/** Says how far the deletion of a closed project has come. */
export async function reportProgress(tx: Tx, name: string, progress: string): Promise<void> {
  await tx
    .installation<KernelTables>()
    .updateTable('kernel_projects')
    .set({ progress })
    .where('name', '=', name)
    .execute()
}

/** Removes the row of a closed project, which is the last thing that is left of it. */
export async function removeProject(tx: Tx, name: string): Promise<void> {
  await tx
    .installation<KernelTables>()
    .deleteFrom('kernel_projects')
    .where('name', '=', name)
    .where('state', '=', 'deleting')
    .execute()
}

/** Finds names by UUID in memory, for the moment before anything of a request may wait. */
export async function projectNames({ store, events }: { readonly store: Store; readonly events: Events }): Promise<{
  nameOf(uuid: string): string | undefined
}> {
  const byUuid = new Map<string, string>()
  events.watch(({ type, subject, data }) => {
    const { uuid } = (data ?? {}) as { uuid?: unknown } // what the tenancy module emits
    if (typeof uuid !== 'string') return
    if (type === 'project.created') byUuid.set(uuid, subject)
    if (type === 'project.deleted') byUuid.delete(uuid)
  })
  for (const { uuid, name } of await listProjects(store)) byUuid.set(uuid, name)
  return { nameOf: uuid => byUuid.get(uuid) }
}
