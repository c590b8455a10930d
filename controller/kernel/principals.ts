// SPDX-License-Identifier: Apache-2.0
/** People and services, the tokens they carry, and the one-time link that makes the first of them. */
import { formatTime, HOUR, newUlid } from '../../plugins/contract/index.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import { type Audit, INSTALLATION_CHAIN } from './audit.ts'
import { type Grant, isRole, type Permission, type Principal, ROLES } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { KernelTables, TokenRow } from './tables/tables.ts'

/** How long a one-time link is good. */
export const SETUP_LIFE_MS = HOUR
const TOKEN_PREFIX = 'muster_pat_'
/** A use is written down at most this often, so that reading costs no write. */
const USE_EVERY_MS = 60_000

export type Token = {
  readonly id: string
  readonly name: string
  readonly principal: string
  readonly role: string
  readonly createdAt: string
  readonly expiresAt: string
  readonly lastUsedAt?: string
}

export type NewToken = {
  readonly principal: string
  readonly name: string
  readonly role: string
  readonly lifeMs: number
}

export interface Principals {
  /** Who a bearer token stands for; `undefined` for anything that is not a living token. */
  recognise(token: string, address: string): Promise<Principal | undefined>
  /** Makes a token; its secret is returned once and never kept. */
  createToken(tx: Tx, fresh: NewToken): Promise<{ token: Token; secret: string }>
  listTokens(db: Db): Promise<readonly Token[]>
  revokeToken(tx: Tx, id: string): Promise<Token>
  /** Makes the secret of a one-time link. */
  createSetup(): Promise<string>
  /** Uses a one-time link: makes an administrator and their first token. Throws `setup-refused`. */
  useSetup(
    secret: string,
    person: { readonly name: string; readonly address: string },
  ): Promise<{ token: Token; secret: string; principal: Principal }>
  hasAdministrator(): Promise<boolean>
}

export type PrincipalParts = Surroundings & {
  readonly store: Store
  readonly audit: Audit
  /** Where modules keep more grants of somebody, such as bindings. */
  readonly grants: () => readonly ((principal: string) => Promise<readonly Grant[]>)[]
}

export function createPrincipals(parts: PrincipalParts): Principals {
  return {
    recognise: (token, address) => recognise(parts, token, address),
    createToken: (tx, fresh) => createToken(parts, tx, fresh),
    listTokens: async db => {
      const rows = await db.installation<KernelTables>().selectFrom('kernel_tokens').selectAll().orderBy('id').execute()
      return rows.map(tokenOf)
    },
    revokeToken: (tx, id) => revokeToken(tx, id),
    createSetup: () => makeSetup(parts),
    useSetup: (secret, person) => useSetup(parts, secret, person),
    hasAdministrator: async () => {
      const row = await parts.store
        .installation<KernelTables>()
        .selectFrom('kernel_principals')
        .select('id')
        .where('role', '=', 'admin')
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

async function recognise(parts: PrincipalParts, token: string, address: string): Promise<Principal | undefined> {
  if (!token.startsWith(TOKEN_PREFIX) || token.length > 100) return undefined
  const now = parts.clock.now()
  const row = await parts.store
    .installation<KernelTables>()
    .selectFrom('kernel_tokens')
    .innerJoin('kernel_principals', 'kernel_principals.id', 'kernel_tokens.principal')
    .selectAll('kernel_tokens')
    .select(['kernel_principals.kind', 'kernel_principals.name as person', 'kernel_principals.disabled_at'])
    .where('kernel_tokens.digest', '=', parts.digest(token))
    .executeTakeFirst()
  if (row === undefined || row.disabled_at !== null || Date.parse(row.expires_at) <= now) return undefined
  await noteUse(parts, row, now)
  const role = isRole(row.role) ? row.role : 'viewer'
  return {
    id: row.principal,
    kind: row.kind,
    name: row.person,
    role,
    via: 'token',
    address,
    permissions: new Set<Permission>(ROLES[role]),
  }
}

async function noteUse({ store }: PrincipalParts, row: TokenRow, now: number): Promise<void> {
  if (row.last_used_at !== null && now - Date.parse(row.last_used_at) < USE_EVERY_MS) return
  await store
    .installation<KernelTables>()
    .updateTable('kernel_tokens')
    .set({ last_used_at: formatTime(now) })
    .where('id', '=', row.id)
    .execute()
}

async function createToken({ clock, random, digest }: PrincipalParts, tx: Tx, fresh: NewToken) {
  const now = clock.now()
  const secret = `${TOKEN_PREFIX}${Buffer.from(random(32)).toString('base64url')}`
  const row: TokenRow = {
    id: newUlid(now, random),
    principal: fresh.principal,
    name: fresh.name,
    digest: digest(secret),
    role: fresh.role,
    created_at: formatTime(now),
    expires_at: formatTime(now + fresh.lifeMs),
    last_used_at: null,
  }
  await tx.installation<KernelTables>().insertInto('kernel_tokens').values(row).execute()
  return { token: tokenOf(row), secret }
}

async function revokeToken(tx: Tx, id: string): Promise<Token> {
  const row = await tx
    .installation<KernelTables>()
    .deleteFrom('kernel_tokens')
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw problem('not-found', `token ${id.slice(0, 40)}`)
  return tokenOf(row)
}

/** Writes a one-time link's digest and returns its secret; works beside a running controller. */
export async function makeSetup({
  store,
  clock,
  random,
  digest,
}: Omit<PrincipalParts, 'audit' | 'grants' | 'log'>): Promise<string> {
  const secret = Buffer.from(random(24)).toString('base64url')
  const expires = formatTime(clock.now() + SETUP_LIFE_MS)
  await store
    .installation<KernelTables>()
    .insertInto('kernel_setup')
    .values({ digest: digest(secret), expires_at: expires, used_at: null })
    .execute()
  return secret
}

const FIRST_TOKEN_LIFE_MS = 90 * 24 * HOUR

async function useSetup(parts: PrincipalParts, secret: string, person: { name: string; address: string }) {
  const { store, clock, random, digest, audit } = parts
  const now = clock.now()
  return store.change(async tx => {
    const used = await tx
      .installation<KernelTables>()
      .updateTable('kernel_setup')
      .set({ used_at: formatTime(now) })
      .where('digest', '=', digest(secret))
      .where('used_at', 'is', null)
      .where('expires_at', '>', formatTime(now))
      .executeTakeFirst()
    if (used.numUpdatedRows !== 1n) throw problem('setup-refused')
    const id = `person-${newUlid(now, random).toLowerCase()}`
    await tx
      .installation<KernelTables>()
      .insertInto('kernel_principals')
      .values({ id, kind: 'person', name: person.name, role: 'admin', created_at: formatTime(now), disabled_at: null })
      .execute()
    const made = await createToken(parts, tx, {
      principal: id,
      name: 'first sign-in',
      role: 'admin',
      lifeMs: FIRST_TOKEN_LIFE_MS,
    })
    const principal: Principal = {
      id,
      kind: 'person',
      name: person.name,
      role: 'admin',
      via: 'setup-link',
      address: person.address,
      permissions: new Set<Permission>(ROLES.admin),
    }
    await audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal,
      action: 'person.create',
      target: id,
      outcome: 'done',
      detail: { name: person.name, role: 'admin' },
    })
    return { ...made, principal }
  })
}

function tokenOf(row: TokenRow): Token {
  return {
    id: row.id,
    name: row.name,
    principal: row.principal,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  }
}
