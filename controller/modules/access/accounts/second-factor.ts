// SPDX-License-Identifier: Apache-2.0
/** The second factor: codes of an authenticator, each good once, and recovery codes for the day it is lost. */
import type { Kernel } from '../../../kernel/kernel.ts'
import { Secret, type Secrets } from '../../../secrets/secrets.ts'
import type { Tx } from '../../../store/store.ts'
import { problem } from '../problems.ts'
import type { AccessTables, AccountRow } from '../tables.ts'
import { changeAccount, totpSecret } from './accounts.ts'
import { base32, matchingStep, otpauthUri } from './totp.ts'

type Parts = { readonly kernel: Kernel; readonly secrets: Secrets }

const SECRET_BYTES = 20
const RECOVERY_CODES = 10

/** Makes a new secret that waits to be confirmed; one that is in force stays so until then. */
export async function beginTotp({ kernel, secrets }: Parts, tx: Tx, account: AccountRow) {
  const bytes = Uint8Array.from(kernel.random(SECRET_BYTES))
  await secrets.propose(tx, totpSecret(account.principal), Secret.of(Buffer.from(bytes).toString('base64url')))
  if (account.totp === 'off') await changeAccount(tx, account.principal, { totp: 'pending' })
  const secret = base32(bytes)
  return { secret, uri: otpauthUri({ issuer: 'Muster', account: account.login, secret }) }
}

/** Puts the newest secret in force once a code of it was shown, and hands out recovery codes. Throws `code-refused`. */
export async function confirmTotp(
  { kernel, secrets }: Parts,
  tx: Tx,
  { account, code }: { account: AccountRow; code: string },
) {
  const name = totpSecret(account.principal)
  const waiting = (await secrets.candidates(tx, name)).find(({ state }) => state === 'pending')
  const step = waiting?.value.use(text => matchingStep(Buffer.from(text, 'base64url'), code, kernel.clock.now()))
  if (waiting === undefined || step === undefined) throw problem('code-refused')
  await secrets.activate(tx, name, waiting.version)
  await changeAccount(tx, account.principal, { totp: 'on', totp_step: step })
  return newRecoveryCodes(kernel, tx, account.principal)
}

async function newRecoveryCodes({ random, digest }: Kernel, tx: Tx, principal: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => base32(Uint8Array.from(random(10))).toLowerCase())
  const rows = tx.installation<AccessTables>()
  await rows.deleteFrom('access_recovery').where('principal', '=', principal).execute()
  for (const code of codes)
    await rows
      .insertInto('access_recovery')
      .values({ principal, digest: digest(code), used_at: null })
      .execute()
  return codes.map(code => (code.match(/.{4}/g) ?? []).join('-'))
}

/** Takes the second factor away. */
export async function dropTotp({ secrets }: Pick<Parts, 'secrets'>, tx: Tx, principal: string): Promise<void> {
  await secrets.remove(tx, totpSecret(principal))
  await tx.installation<AccessTables>().deleteFrom('access_recovery').where('principal', '=', principal).execute()
  await changeAccount(tx, principal, { totp: 'off', totp_step: 0 })
}

/** Uses up a code, of the authenticator or for recovery; `false` for one that does not fit or was used before. */
export async function spendCode(
  { kernel, secrets }: Parts,
  tx: Tx,
  { account, code }: { account: AccountRow; code: string },
): Promise<boolean> {
  const plain = code.replace(/[\s-]/g, '').toLowerCase()
  const rows = tx.installation<AccessTables>()
  const secret = await secrets.active(tx, totpSecret(account.principal))
  const step = secret?.use(text => matchingStep(Buffer.from(text, 'base64url'), plain, kernel.clock.now()))
  if (step !== undefined) {
    const { numUpdatedRows } = await rows
      .updateTable('access_accounts')
      .set({ totp_step: step })
      .where('principal', '=', account.principal)
      .where('totp_step', '<', step)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }
  const { numDeletedRows } = await rows
    .deleteFrom('access_recovery')
    .where('principal', '=', account.principal)
    .where('digest', '=', kernel.digest(plain))
    .executeTakeFirst()
  return numDeletedRows === 1n
}
