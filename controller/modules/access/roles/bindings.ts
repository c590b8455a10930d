// SPDX-License-Identifier: Apache-2.0
/** Bindings: who has which role where. They become the grants that decisions are made from. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import { decide, type Place } from '../../../kernel/access.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Grant, HostSelector, Permission, Principal, Scope } from '../../../kernel/permissions.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { problem } from '../problems.ts'
import type { AccessTables, BindingRow } from '../tables.ts'
import { listRoles } from './roles.ts'

export type Binding = {
  readonly id: string
  readonly principal?: string
  /** Of the principal, where it was looked up. */
  readonly name?: string
  readonly group?: string
  readonly role: string
  readonly effect: 'allow' | 'deny'
  readonly scope: { readonly project?: string } & HostSelector
  readonly createdAt: string
  readonly createdBy: string
}

export type NewBinding = Omit<Binding, 'id' | 'name' | 'createdAt' | 'createdBy'>

export type Subject = { readonly kind: BindingRow['subject_kind']; readonly names: readonly string[] }

/** The grants of a person, or of groups. */
export async function grantsOfSubject(db: Db, { kind, names }: Subject): Promise<readonly Grant[]> {
  if (names.length === 0) return []
  const rows = await db
    .installation<AccessTables>()
    .selectFrom('access_bindings')
    .selectAll()
    .where('subject_kind', '=', kind)
    .where('subject', 'in', [...names])
    .orderBy('id')
    .execute()
  if (rows.length === 0) return []
  const roles = new Map((await listRoles(db)).map(role => [role.name, role.permissions]))
  return rows.map(row => grantOf(row, roles.get(row.role) ?? []))
}

function grantOf(row: BindingRow, permissions: readonly Permission[]): Grant {
  const { project, ...hosts } = bindingOf(row).scope
  const narrow = hosts.sites !== undefined || hosts.labels !== undefined
  const scope: Scope = { ...(project === undefined ? {} : { project }), ...(narrow ? { hosts } : {}) }
  return { id: row.id, role: row.role, effect: row.effect, permissions: new Set(permissions), scope }
}

/** All bindings, in the order in which they were made. */
export async function listBindings(db: Db, project?: string): Promise<readonly Binding[]> {
  let rows = db
    .installation<AccessTables & Pick<KernelTables, 'kernel_principals'>>()
    .selectFrom('access_bindings')
    .leftJoin('kernel_principals', 'kernel_principals.id', 'access_bindings.subject')
    .selectAll('access_bindings')
    .select('kernel_principals.name as person')
    .orderBy('access_bindings.created_at')
    .orderBy('access_bindings.id')
  if (project !== undefined) rows = rows.where('access_bindings.project', '=', project)
  return (await rows.execute()).map(({ person, ...row }) => ({
    ...bindingOf(row),
    ...(person === null || row.subject_kind === 'group' ? {} : { name: person }),
  }))
}

export async function findBinding(db: Db, id: string): Promise<Binding | undefined> {
  const row = await db
    .installation<AccessTables>()
    .selectFrom('access_bindings')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? undefined : bindingOf(row)
}

/** Makes a binding under a fresh id. Throws `binding-exists`: of two that are alike, one would stay when the other is removed. */
export async function addBinding(
  { clock, random }: Pick<Kernel, 'clock' | 'random'>,
  tx: Tx,
  { fresh, by }: { readonly fresh: NewBinding; readonly by: Principal },
): Promise<Binding> {
  const { project = '', ...hosts } = fresh.scope
  const narrow = hosts.sites !== undefined || hosts.labels !== undefined
  const row: BindingRow = {
    id: await freeId(tx, random),
    project,
    subject_kind: fresh.group === undefined ? 'principal' : 'group',
    subject: fresh.group ?? fresh.principal ?? '',
    role: fresh.role,
    effect: fresh.effect,
    hosts: narrow ? JSON.stringify(hosts) : null,
    created_at: formatTime(clock.now()),
    created_by: by.id,
    created_by_name: by.name,
  }
  const same = await sameBinding(tx, row)
  if (same !== undefined) throw problem('binding-exists', same, { binding: same })
  await tx.installation<AccessTables>().insertInto('access_bindings').values(row).execute()
  return bindingOf(row)
}

async function sameBinding(tx: Tx, row: BindingRow): Promise<string | undefined> {
  const found = await tx
    .installation<AccessTables>()
    .selectFrom('access_bindings')
    .select(['id', 'hosts'])
    .where('project', '=', row.project)
    .where('subject_kind', '=', row.subject_kind)
    .where('subject', '=', row.subject)
    .where('role', '=', row.role)
    .where('effect', '=', row.effect)
    .execute()
  return found.find(({ hosts }) => hosts === row.hosts)?.id
}

async function freeId(tx: Tx, random: Kernel['random']): Promise<string> {
  for (;;) {
    const id = `b-${Buffer.from(random(4)).toString('hex')}`
    if ((await findBinding(tx, id)) === undefined) return id
  }
}

export async function removeBinding(tx: Tx, id: string): Promise<void> {
  await tx.installation<AccessTables>().deleteFrom('access_bindings').where('id', '=', id).execute()
}

/**
 * Whether somebody may make or remove a binding: who says who may do what there, and no more than they may themselves.
 * Those who hold it for the whole installation may in every project, whatever is denied to them in one.
 */
export function checkMayBind(
  by: Principal,
  { project, permissions }: { project?: string | undefined; permissions: readonly Permission[] },
): void {
  const place: Place = project === undefined ? {} : { project }
  const everywhere = decide(by, 'access.write').allowed
  if (!everywhere && !decide(by, 'access.write', place).allowed)
    throw problem('more-than-you-have', 'it needs access.write there', { permission: 'access.write' })
  const missing = permissions.find(
    each => !decide(by, each, place).allowed && !(everywhere && decide(by, each).allowed),
  )
  if (missing !== undefined) throw problem('more-than-you-have', missing, { permission: missing })
}

/** Rows were written by this file. */
function bindingOf(row: BindingRow): Binding {
  return {
    id: row.id,
    ...(row.subject_kind === 'group' ? { group: row.subject } : { principal: row.subject }),
    role: row.role,
    effect: row.effect,
    scope: {
      ...(row.project === '' ? {} : { project: row.project }),
      ...(row.hosts === null ? {} : (JSON.parse(row.hosts) as HostSelector)),
    },
    createdAt: row.created_at,
    createdBy: row.created_by_name,
  }
}
