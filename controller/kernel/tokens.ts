// SPDX-License-Identifier: Apache-2.0
/** API tokens: how they are written, kept and narrowed to a part of what their maker may do. */
import { formatTime, newUlid } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import { type Narrowing, narrowed } from './access.ts'
import { type Grant, type HostSelector, isRole, PERMISSIONS, type Permission, ROLES } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { KernelTables, TokenRow } from './tables/tables.ts'

const PREFIX = 'muster_pat_'
const BODY = 43
const CHECKSUM = 6

export type Token = {
  readonly id: string
  readonly name: string
  readonly principal: string
  readonly role: string
  readonly permissions?: readonly Permission[]
  readonly project?: string
  readonly hosts?: HostSelector
  readonly networks?: readonly string[]
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt?: string
}

export type NewToken = {
  readonly principal: string
  readonly name: string
  /** A built-in role, or `custom` with `permissions`. */
  readonly role: string
  readonly lifeMs: number
  readonly permissions?: readonly Permission[] | undefined
  readonly project?: string | undefined
  readonly hosts?: HostSelector | undefined
  /** Address ranges it may come from; any where left out. */
  readonly networks?: readonly string[] | undefined
}

/**
 * Whether a text can be one of our tokens. It ends in a checksum, so that a mistyped or made-up one is refused without
 * a look into the database; those made before there were checksums are shorter.
 */
export function isTokenText(text: string, digest: Surroundings['digest']): boolean {
  const body = text.slice(PREFIX.length)
  if (!text.startsWith(PREFIX) || !/^[\w-]+$/.test(body)) return false
  if (body.length === BODY) return true
  return body.length === BODY + CHECKSUM && checksumOf(body.slice(0, BODY), digest) === body.slice(BODY)
}

/** Makes a token; its secret is returned once and never kept. */
export async function createToken({ clock, random, digest }: Surroundings, tx: Tx, fresh: NewToken) {
  const now = clock.now()
  const body = Buffer.from(random(32)).toString('base64url')
  const secret = `${PREFIX}${body}${checksumOf(body, digest)}`
  const row: TokenRow = {
    id: newUlid(now, random),
    principal: fresh.principal,
    name: fresh.name,
    digest: digest(secret),
    role: fresh.role,
    created_at: formatTime(now),
    expires_at: formatTime(now + fresh.lifeMs),
    last_used_at: null,
    permissions: jsonOf(fresh.permissions),
    project: fresh.project ?? '',
    hosts: jsonOf(fresh.hosts),
    networks: jsonOf(fresh.networks),
  }
  await tx.installation<KernelTables>().insertInto('kernel_tokens').values(row).execute()
  return { token: tokenOf(row), secret }
}

/** All tokens, or those of one principal. */
export async function listTokens(db: Db, principal?: string): Promise<readonly Token[]> {
  let rows = db.installation<KernelTables>().selectFrom('kernel_tokens').selectAll().orderBy('id')
  if (principal !== undefined) rows = rows.where('principal', '=', principal)
  return (await rows.execute()).map(tokenOf)
}

/** Throws `not-found`. */
export async function revokeToken(tx: Tx, id: string): Promise<Token> {
  const row = await tx
    .installation<KernelTables>()
    .deleteFrom('kernel_tokens')
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw problem('not-found', `token ${id.slice(0, 40)}`)
  return tokenOf(row)
}

/** What is left of its maker's grants in the hands of a token. */
export function lentTo(row: TokenRow, grants: readonly Grant[]): readonly Grant[] {
  return narrowed(grants, narrowingOf(tokenOf(row)))
}

/** What a token may do at most. */
export function narrowingOf({
  permissions,
  role,
  project,
  hosts,
}: Omit<NewToken, 'principal' | 'name' | 'lifeMs'>): Narrowing {
  const asked: readonly Permission[] = permissions ?? (isRole(role) ? ROLES[role] : [])
  return {
    permissions: new Set(asked),
    scope: { ...(project === undefined ? {} : { project }), ...(hosts === undefined ? {} : { hosts }) },
  }
}

function checksumOf(body: string, digest: Surroundings['digest']): string {
  return digest(`${PREFIX}${body}`).slice(0, CHECKSUM)
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** Rows were written by this file, so their JSON has these shapes. */
export function tokenOf(row: TokenRow): Token {
  const listed = row.permissions === null ? undefined : (JSON.parse(row.permissions) as Permission[])
  return {
    id: row.id,
    name: row.name,
    principal: row.principal,
    role: row.role,
    ...(listed === undefined ? {} : { permissions: listed.filter(each => PERMISSIONS.includes(each)) }),
    ...(row.project === '' ? {} : { project: row.project }),
    ...(row.hosts === null ? {} : { hosts: JSON.parse(row.hosts) as HostSelector }),
    ...(row.networks === null ? {} : { networks: JSON.parse(row.networks) as string[] }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  }
}
