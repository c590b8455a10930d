// SPDX-License-Identifier: Apache-2.0
/** Accounts of the configuration that may sign in with name and password. */
import { isRole, type Role } from '../../../kernel/permissions.ts'
import { Secret } from '../../../secrets/secrets.ts'
import type { ToolkitConfig } from './config.ts'
import { problem } from './problems.ts'

export type ToolkitAccount = { readonly username: string; readonly password: Secret; readonly role: Role }

/** Passwords that are printed in the toolkit's documentation. */
const WELL_KNOWN = ['G@ppm0ym', 'P@ssw0rd']
const MIN_PASSWORD = 12

/**
 * Reads the password files of the configured accounts; a line end after the password does not count.
 * Throws `toolkit-default-credentials` and `toolkit-account-invalid`.
 */
export async function readAccounts(
  config: ToolkitConfig,
  read: (file: string) => Promise<string>,
): Promise<readonly ToolkitAccount[]> {
  const accounts: ToolkitAccount[] = []
  for (const { username, passwordFile, role } of config.accounts ?? []) {
    const password = Secret.of((await read(passwordFile)).replace(/\r?\n$/, ''))
    if (!isRole(role)) throw problem('toolkit-account-invalid', `${username}: there is no role ${role}`)
    accounts.push({ username, password, role })
  }
  checkAccounts(accounts)
  return accounts
}

/** Throws for an account that must not be let in: the well-known password, a short one, a name that stands twice. */
export function checkAccounts(accounts: readonly ToolkitAccount[]): void {
  const names = new Set<string>()
  for (const { username, password } of accounts) {
    if (WELL_KNOWN.some(known => password.equals(known))) throw problem('toolkit-default-credentials', username)
    if (password.use(text => text.length) < MIN_PASSWORD)
      throw problem('toolkit-account-invalid', `${username}: the password has less than ${MIN_PASSWORD} characters`)
    if (names.has(username.toLowerCase())) throw problem('toolkit-account-invalid', `${username} stands there twice`)
    names.add(username.toLowerCase())
  }
}

/** The account, by its name in any case. */
export function accountOf(accounts: readonly ToolkitAccount[], username: string): ToolkitAccount | undefined {
  return accounts.find(each => each.username.toLowerCase() === username.toLowerCase())
}

/** Whose password it is. Every account is compared, so that the time tells neither a name nor a password. */
export function matchAccount(
  accounts: readonly ToolkitAccount[],
  { username, password }: { readonly username: string; readonly password: string },
): ToolkitAccount | undefined {
  let found: ToolkitAccount | undefined
  for (const account of accounts) {
    const fits = account.password.equals(password)
    if (account.username.toLowerCase() === username.toLowerCase() && fits) found = account
  }
  return found
}
