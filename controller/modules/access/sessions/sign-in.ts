// SPDX-License-Identifier: Apache-2.0
/** Signing in with name, password and code: one answer for whatever is wrong, and as slow for names nobody has. */
import { formatTime, Problem } from '../../../../plugins/contract/index.ts'
import { INSTALLATION_CHAIN } from '../../../kernel/audit.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { accountBy, changeAccount, loginOf } from '../accounts/accounts.ts'
import type { Backoff } from '../accounts/backoff.ts'
import { spendCode } from '../accounts/second-factor.ts'
import type { AccessParts } from '../parts.ts'
import { problem } from '../problems.ts'
import type { AccountRow, SessionRow } from '../tables.ts'

export type Credentials = {
  readonly name: string
  readonly password: string
  readonly totp?: string | undefined
  readonly method: 'password' | 'keycloak'
  readonly client?: string
  readonly lifeMs?: number
  readonly address: string
  readonly agent: string
  readonly request: string
  /** A session the browser still had; it ends, so that nobody is left in one they were given. */
  readonly former?: string | undefined
}

export type SignedIn = { readonly row: SessionRow; readonly secret: string; readonly principal: Principal }

/** Throws `sign-in-refused`, `code-needed`, `sign-in-waits`, `sign-in-busy`. */
export async function signIn(
  parts: AccessParts & { readonly backoff: Backoff },
  given: Credentials,
): Promise<SignedIn> {
  const { kernel, passwords, backoff } = parts
  const login = loginOf(given.name)
  const waitMs = backoff.waitMs(login)
  if (waitMs > 0) throw waiting(waitMs)
  const account = await accountBy(kernel.store, 'login', login)
  const fits = await passwords.verify(account?.password ?? undefined, given.password)
  const principal =
    fits && account !== undefined
      ? await kernel.principals.find(account.principal, { via: 'session', address: given.address })
      : undefined
  if (account === undefined || principal === undefined) return refuse(parts, given, { login, account })
  if (account.totp === 'on' && given.totp === undefined) throw problem('code-needed')
  const outdated = account.password !== null && passwords.isOutdated(account.password)
  const better = outdated ? await passwords.hash(given.password) : undefined
  const opened = await kernel.store.change(async tx => {
    if (account.totp === 'on' && !(await spendCode(parts, tx, { account, code: given.totp ?? '' }))) return undefined
    if (given.former !== undefined) await parts.sessions.end(tx, given.former)
    const { address, agent, method, client, lifeMs } = given
    const made = await parts.sessions.open(tx, {
      ...{ principal: account.principal, method, address, agent },
      ...(client === undefined ? {} : { client }),
      ...(lifeMs === undefined ? {} : { lifeMs }),
    })
    const signedInAt = formatTime(kernel.clock.now())
    await changeAccount(tx, account.principal, {
      signed_in_at: signedInAt,
      ...(better === undefined ? {} : { password: better }),
    })
    await kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal,
      action: 'session.open',
      target: made.row.id,
      outcome: 'done',
      request: given.request,
      detail: { method },
    })
    return made
  })
  if (opened === undefined) return refuse(parts, given, { login, account })
  backoff.succeeded(login)
  return { ...opened, principal }
}

function waiting(waitMs: number): Problem {
  return new Problem('sign-in-waits', { ...problem.types['sign-in-waits'], retry: { afterMs: waitMs } })
}

type Refused = { readonly login: string; readonly account: AccountRow | undefined }

async function refuse(
  { kernel, backoff }: AccessParts & { readonly backoff: Backoff },
  given: Credentials,
  { login, account }: Refused,
): Promise<never> {
  backoff.failed(login)
  const unknown: Principal = {
    id: 'unknown',
    kind: 'person',
    name: 'unknown',
    role: 'none',
    via: given.method,
    address: given.address,
    permissions: new Set(),
  }
  await kernel.store.change(tx =>
    kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: unknown,
      action: 'session.open',
      // A name that is not one may be a password that was typed into the wrong field.
      target: account?.principal ?? kernel.digest(login),
      outcome: 'refused',
      request: given.request,
    }),
  )
  throw problem('sign-in-refused')
}
