// SPDX-License-Identifier: Apache-2.0
/** What a toolkit token rests on, and whether that still stands: a token lives no longer than what it was given for. */

import type { Kernel } from '../../../kernel/kernel.ts'
import { isRole, type Permission, type Principal, ROLES, type Role } from '../../../kernel/permissions.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import { accountOf, type ToolkitAccount } from './accounts.ts'

/** An account of the configuration, an API token of ours, or a person who came with another credential. */
export type Grounds = { readonly kind: 'account' | 'token' | 'person'; readonly id: string }

export type StandingParts = {
  readonly kernel: Pick<Kernel, 'store' | 'clock' | 'digest'>
  readonly accounts: readonly ToolkitAccount[]
}

export function groundsText({ kind, id }: Grounds): string {
  return `${kind}:${id}`
}

export function parseGrounds(text: unknown): Grounds | undefined {
  const [, kind, id] = typeof text === 'string' ? (/^(account|token|person):(.{1,100})$/.exec(text) ?? []) : []
  return kind === undefined || id === undefined ? undefined : { kind: kind as Grounds['kind'], id } // as the pattern says
}

/** Who the grounds stand for at this moment; `undefined` when they are gone, revoked, expired or disabled. */
export async function standingOf(
  parts: StandingParts,
  grounds: Grounds,
  address: string,
): Promise<Principal | undefined> {
  if (grounds.kind === 'account') {
    const account = accountOf(parts.accounts, grounds.id)
    return account === undefined ? undefined : accountPrincipal(account, address)
  }
  return grounds.kind === 'token'
    ? tokenPrincipal(parts, grounds.id, address)
    : personPrincipal(parts, grounds.id, address)
}

/** The API token a secret belongs to, with the names its bearer may sign in under. */
export async function apiToken(
  { kernel }: StandingParts,
  secret: string,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  return kernel.store
    .installation<KernelTables>()
    .selectFrom('kernel_tokens')
    .select(['id', 'name'])
    .where('digest', '=', kernel.digest(secret))
    .executeTakeFirst()
}

export function accountPrincipal({ username, role }: ToolkitAccount, address: string): Principal {
  return named({ id: `toolkit-${username.toLowerCase()}`, kind: 'service', name: username, role }, address)
}

async function tokenPrincipal({ kernel }: StandingParts, id: string, address: string): Promise<Principal | undefined> {
  const row = await kernel.store
    .installation<KernelTables>()
    .selectFrom('kernel_tokens')
    .innerJoin('kernel_principals', 'kernel_principals.id', 'kernel_tokens.principal')
    .select([
      'kernel_principals.id',
      'kernel_principals.kind',
      'kernel_principals.name',
      'kernel_principals.disabled_at',
    ])
    .select(['kernel_tokens.role', 'kernel_tokens.expires_at'])
    .where('kernel_tokens.id', '=', id)
    .executeTakeFirst()
  if (row === undefined || row.disabled_at !== null || Date.parse(row.expires_at) <= kernel.clock.now())
    return undefined
  return named(row, address)
}

async function personPrincipal({ kernel }: StandingParts, id: string, address: string): Promise<Principal | undefined> {
  const row = await kernel.store
    .installation<KernelTables>()
    .selectFrom('kernel_principals')
    .select(['id', 'kind', 'name', 'role', 'disabled_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined || row.disabled_at !== null ? undefined : named(row, address)
}

type Named = Pick<Principal, 'id' | 'kind' | 'name' | 'role'>

function named({ id, kind, name, role }: Named, address: string): Principal {
  const known: Role = isRole(role) ? role : 'viewer'
  return { id, kind, name, role: known, via: 'toolkit', address, permissions: new Set<Permission>(ROLES[known]) }
}
