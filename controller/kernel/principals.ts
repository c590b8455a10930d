// SPDX-License-Identifier: Apache-2.0
/** People and services, the tokens they carry, and the one-time link that makes the first of them. */
import { formatTime, HOUR, newUlid } from '../../plugins/contract/index.ts'
import type { Db, Store, Tx } from '../store/store.ts'
import { installationPermissions } from './access.ts'
import { type Audit, INSTALLATION_CHAIN } from './audit.ts'
import { isInNetworks } from './networks.ts'
import { type Grant, isRole, type Permission, type Principal, ROLES } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import { problem } from './problems.ts'
import type { KernelTables, TokenRow } from './tables/tables.ts'
import {
  createToken,
  isTokenText,
  lentTo,
  listTokens,
  type NewToken,
  revokeToken,
  type Token,
  tokenOf,
} from './tokens.ts'

/** How long a one-time link is good. */
export const SETUP_LIFE_MS = HOUR
/** A use is written down at most this often, so that reading costs no write. */
const USE_EVERY_MS = 60_000

/** How somebody was recognised. */
export type Recognised = {
  readonly via: string
  readonly address: string
  /** Grants beside those that are kept here, such as those by groups of an identity provider. */
  readonly more?: readonly Grant[]
}

export interface Principals {
  /** Who a bearer token stands for; `undefined` for anything that is not a living token. */
  recognise(token: string, address: string): Promise<Principal | undefined>
  /** Who somebody is at this moment, with all grants; `undefined` when they are gone or disabled. */
  find(id: string, how: Recognised): Promise<Principal | undefined>
  /** Who a token stands for at this moment, by the token's id. */
  findToken(id: string, how: Recognised): Promise<Principal | undefined>
  /** Makes a token; its secret is returned once and never kept. */
  createToken(tx: Tx, fresh: NewToken): Promise<{ token: Token; secret: string }>
  /** All tokens, or those of one principal. */
  listTokens(db: Db, principal?: string): Promise<readonly Token[]>
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
    find: (id, how) => find(parts, id, how),
    findToken: async (id, how) => {
      const row = await tokenRow(parts, 'id', id)
      return row === undefined ? undefined : bearer(parts, row, how)
    },
    createToken: (tx, fresh) => createToken(parts, tx, fresh),
    listTokens,
    revokeToken,
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

/** How principals are called, by id; without those that are gone. */
export async function namesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function recognise(parts: PrincipalParts, token: string, address: string): Promise<Principal | undefined> {
  if (!isTokenText(token, parts.digest)) return undefined
  const row = await tokenRow(parts, 'digest', parts.digest(token))
  if (row === undefined) return undefined
  const principal = await bearer(parts, row, { via: 'token', address })
  if (principal !== undefined) await noteUse(parts, row, parts.clock.now())
  return principal
}

async function tokenRow(
  { store }: PrincipalParts,
  column: 'id' | 'digest',
  value: string,
): Promise<TokenRow | undefined> {
  return store
    .installation<KernelTables>()
    .selectFrom('kernel_tokens')
    .selectAll()
    .where(column, '=', value)
    .executeTakeFirst()
}

/** A token does no more than its maker could at this moment. */
async function bearer(parts: PrincipalParts, row: TokenRow, how: Recognised): Promise<Principal | undefined> {
  if (Date.parse(row.expires_at) <= parts.clock.now()) return undefined
  const { networks } = tokenOf(row)
  if (networks !== undefined && !isInNetworks(how.address, networks)) return undefined
  const maker = await find(parts, row.principal, how)
  if (maker === undefined) return undefined
  const grants = lentTo(row, maker.grants ?? [])
  return { ...maker, role: row.role, permissions: installationPermissions(grants), grants }
}

async function find(
  { store, ...parts }: PrincipalParts,
  id: string,
  { via, address, more = [] }: Recognised,
): Promise<Principal | undefined> {
  const row = await store
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined || row.disabled_at !== null) return undefined
  const kept = await Promise.all(parts.grants().map(read => read(id)))
  const grants = [...roleGrant(row.role), ...kept.flat(), ...more]
  const { kind, name, role } = row
  return { id, kind, name, role, via, address, permissions: installationPermissions(grants), grants }
}

/** What an account carries itself; a role that we do not know carries nothing. */
function roleGrant(role: string): readonly Grant[] {
  if (!isRole(role)) return []
  return [{ id: 'role', role, effect: 'allow', permissions: new Set<Permission>(ROLES[role]), scope: {} }]
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
