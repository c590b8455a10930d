// SPDX-License-Identifier: Apache-2.0
/** Projects: the units of tenancy, by name in addresses and by UUID for clients that were made for EIM. */
import { formatTime } from '../../plugins/contract/index.ts'
import type { Db, Store } from '../store/store.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { KernelTables, ProjectRow } from './tables/tables.ts'

export type Project = {
  readonly name: string
  readonly uuid: string
  readonly description: string
  readonly state: ProjectRow['state']
  readonly auditFrom: number
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
  const { name, uuid, description, state, audit_from: auditFrom, created_at: createdAt } = row
  return { name, uuid, description, state, auditFrom, createdAt }
}
