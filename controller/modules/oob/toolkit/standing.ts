// SPDX-License-Identifier: Apache-2.0
/** What a toolkit token rests on, and whether that still stands: a token lives no longer than what it was given for. */

import type { Kernel } from '../../../kernel/kernel.ts'
import { isRole, type Permission, type Principal, ROLES, type Role } from '../../../kernel/permissions.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import { accountOf, type ToolkitAccount } from './accounts.ts'

/** An account of the configuration, an API token of ours, or a person who came with another credential. */
export type Grounds = { readonly kind: 'account' | 'token' | 'person'; readonly id: string }

export type StandingParts = {
  readonly kernel: Pick<Kernel, 'store' | 'digest' | 'principals'>
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
  const { principals } = parts.kernel
  const how = { via: 'toolkit', address }
  return grounds.kind === 'token' ? principals.findToken(grounds.id, how) : principals.find(grounds.id, how)
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

type Named = Pick<Principal, 'id' | 'kind' | 'name' | 'role'>

function named({ id, kind, name, role }: Named, address: string): Principal {
  const known: Role = isRole(role) ? role : 'viewer'
  return { id, kind, name, role: known, via: 'toolkit', address, permissions: new Set<Permission>(ROLES[known]) }
}
