// SPDX-License-Identifier: Apache-2.0
/** People as rows: who there is, and how they sign in. */
import { formatTime, newUlid } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { KernelTables, PrincipalRow } from '../../../kernel/tables/tables.ts'
import type { Secrets } from '../../../secrets/secrets.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { problem } from '../problems.ts'
import type { AccessTables, AccountRow } from '../tables.ts'

export type Person = PrincipalRow & { readonly account: AccountRow | undefined }

/** What is typed to sign in, as it is compared: names that look alike are one. */
export function loginOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

export async function listPeople(db: Db): Promise<readonly Person[]> {
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .selectAll()
    .orderBy('name')
    .orderBy('id')
    .execute()
  const accounts = await db.installation<AccessTables>().selectFrom('access_accounts').selectAll().execute()
  const byId = new Map(accounts.map(account => [account.principal, account]))
  return rows.map(row => ({ ...row, account: byId.get(row.id) }))
}

/** By id, by the name they sign in with, or by the name of whoever came with the one-time link and has no other. */
export async function findPerson(db: Db, idOrLogin: string): Promise<Person | undefined> {
  const account = await accountBy(db, 'login', loginOf(idOrLogin))
  const row = (await principalBy(db, account?.principal ?? idOrLogin)) ?? (await administratorCalled(db, idOrLogin))
  if (row === undefined) return undefined
  return { ...row, account: account ?? (await accountBy(db, 'principal', row.id)) }
}

async function principalBy(db: Db, id: string): Promise<PrincipalRow | undefined> {
  return db
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
}

/**
 * Names of others may be chosen by an identity provider, so that they are no way to name somebody; that of an
 * administrator was given with the link.
 */
async function administratorCalled(db: Db, name: string): Promise<PrincipalRow | undefined> {
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .selectAll()
    .where('kind', '=', 'person')
    .where('role', '=', 'admin')
    .where('name', '=', name)
    .execute()
  return rows.length === 1 ? rows[0] : undefined
}

/** Throws `not-found`. */
export async function personNamed(db: Db, idOrLogin: string): Promise<Person> {
  const person = await findPerson(db, idOrLogin)
  if (person === undefined) throw kernelProblem('not-found', `person ${idOrLogin.slice(0, 80)}`)
  return person
}

export async function accountBy(db: Db, column: 'login' | 'principal', value: string): Promise<AccountRow | undefined> {
  return db
    .installation<AccessTables>()
    .selectFrom('access_accounts')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst()
}

export type NewPerson = {
  readonly id?: string
  readonly name: string
  /** Without one they come through an identity provider only. */
  readonly login?: string | undefined
}

/** Makes somebody who may do nothing yet. Throws `name-taken`. */
export async function addPerson({ clock, random }: Pick<Kernel, 'clock' | 'random'>, tx: Tx, fresh: NewPerson) {
  const now = clock.now()
  const id = fresh.id ?? `person-${newUlid(now, random).toLowerCase()}`
  await tx
    .installation<KernelTables>()
    .insertInto('kernel_principals')
    .values({ id, kind: 'person', name: fresh.name, role: 'none', created_at: formatTime(now), disabled_at: null })
    .execute()
  if (fresh.login !== undefined) await ensureAccount(tx, id, fresh.login)
  return id
}

/** Gives somebody a name to sign in with, unless they have one. Throws `name-taken`. */
export async function ensureAccount(tx: Tx, principal: string, name: string): Promise<AccountRow> {
  const present = await accountBy(tx, 'principal', principal)
  if (present !== undefined) return present
  const login = loginOf(name)
  if ((await accountBy(tx, 'login', login)) !== undefined) throw problem('name-taken', login.slice(0, 60))
  const row: AccountRow = { principal, login, password: null, totp: 'off', totp_step: 0, signed_in_at: null }
  await tx.installation<AccessTables>().insertInto('access_accounts').values(row).execute()
  return row
}

export async function changeAccount(tx: Tx, principal: string, change: Partial<AccountRow>): Promise<void> {
  await tx
    .installation<AccessTables>()
    .updateTable('access_accounts')
    .set(change)
    .where('principal', '=', principal)
    .execute()
}

/** `undefined` lets them in again. */
export async function disablePerson(tx: Tx, id: string, at: string | undefined): Promise<void> {
  await tx
    .installation<KernelTables>()
    .updateTable('kernel_principals')
    .set({ disabled_at: at ?? null })
    .where('id', '=', id)
    .execute()
  // Tokens in hands that nobody watches meanwhile do not come back to life with the account.
  if (at !== undefined)
    await tx.installation<KernelTables>().deleteFrom('kernel_tokens').where('principal', '=', id).execute()
}

/** Forgets somebody with everything they could come in by. What they did stays in the audit. */
export async function removePerson(secrets: Secrets, tx: Tx, id: string): Promise<void> {
  const rows = tx.installation<AccessTables & KernelTables>()
  await rows.deleteFrom('kernel_tokens').where('principal', '=', id).execute()
  await rows.deleteFrom('access_bindings').where('subject_kind', '=', 'principal').where('subject', '=', id).execute()
  for (const table of ['access_accounts', 'access_sessions', 'access_invites', 'access_recovery'] as const)
    await rows.deleteFrom(table).where('principal', '=', id).execute()
  await secrets.remove(tx, totpSecret(id))
  await rows.deleteFrom('kernel_principals').where('id', '=', id).execute()
}

/** Where the secret of somebody's authenticator is sealed. */
export function totpSecret(principal: string) {
  return { project: '', kind: 'totp', owner: principal }
}
