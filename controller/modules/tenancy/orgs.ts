// SPDX-License-Identifier: Apache-2.0
/** Organisations: names under which projects are owned. They separate nothing; projects do that. */
import { formatTime } from '../../../plugins/contract/index.ts'
import type { Surroundings } from '../../kernel/ports.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import { newUuid } from '../../kernel/projects.ts'
import type { Db, Tx } from '../../store/store.ts'
import { problem } from './problems.ts'
import type { OrgRow, TenancyTables } from './tables.ts'

export const FIRST_ORG = 'default'

export type Org = {
  readonly name: string
  readonly uuid: string
  readonly description: string
  readonly createdAt: string
}

/** Makes an organisation if it is not there. */
export async function ensureOrg(
  db: Db,
  { name, description }: Pick<Org, 'name' | 'description'>,
  { clock, random }: Pick<Surroundings, 'clock' | 'random'>,
): Promise<void> {
  await db
    .installation<TenancyTables>()
    .insertInto('tenancy_orgs')
    .values({ name, description, uuid: newUuid(random), created_at: formatTime(clock.now()) })
    .onConflict(clash => clash.column('name').doNothing())
    .execute()
}

export async function findOrg(db: Db, name: string): Promise<Org | undefined> {
  const row = await db
    .installation<TenancyTables>()
    .selectFrom('tenancy_orgs')
    .selectAll()
    .where('name', '=', name)
    .executeTakeFirst()
  return row === undefined ? undefined : orgOf(row)
}

export async function listOrgs(db: Db): Promise<readonly Org[]> {
  const rows = await db.installation<TenancyTables>().selectFrom('tenancy_orgs').selectAll().orderBy('name').execute()
  return rows.map(orgOf)
}

export async function describeOrg(tx: Tx, name: string, description: string): Promise<void> {
  await tx
    .installation<TenancyTables>()
    .updateTable('tenancy_orgs')
    .set({ description })
    .where('name', '=', name)
    .execute()
}

/** Throws `not-found`, `org-kept`, `org-in-use` with how many projects it owns. */
export async function removeOrg(tx: Tx, name: string): Promise<Org> {
  const org = await findOrg(tx, name)
  if (org === undefined) throw kernelProblem('not-found', `organisation ${name}`)
  if (name === FIRST_ORG) throw problem('org-kept')
  const { total } = await tx
    .installation<TenancyTables>()
    .selectFrom('tenancy_owners')
    .select(each => each.fn.countAll<number>().as('total'))
    .where('org', '=', name)
    .executeTakeFirstOrThrow()
  if (Number(total) > 0) throw problem('org-in-use', `${name} owns ${total}`, { projects: Number(total) })
  await tx.installation<TenancyTables>().deleteFrom('tenancy_orgs').where('name', '=', name).execute()
  return org
}

/** Which organisation owns a project. */
export async function ownerOf(db: Db, project: string): Promise<string> {
  const row = await db.of<TenancyTables>(project).select('tenancy_owners').select('org').executeTakeFirst()
  return row?.org ?? FIRST_ORG
}

/** Which organisations own which projects, those without a record left out. */
export async function owners(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.installation<TenancyTables>().selectFrom('tenancy_owners').selectAll().execute()
  return new Map(rows.map(({ project, org }) => [project, org]))
}

/** Throws `not-found` when there is no such organisation. */
export async function setOwner(tx: Tx, project: string, org: string): Promise<void> {
  if ((await findOrg(tx, org)) === undefined) throw kernelProblem('not-found', `organisation ${org}`)
  await tx.of<TenancyTables>(project).remove('tenancy_owners').execute()
  if (org !== FIRST_ORG) await tx.of<TenancyTables>(project).insert('tenancy_owners', { org }).execute()
}

function orgOf({ created_at: createdAt, ...row }: OrgRow): Org {
  return { ...row, createdAt }
}
