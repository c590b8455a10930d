// SPDX-License-Identifier: Apache-2.0
/** Acts on the passwords of a device; each is kept before it is set, so that a cut never loses one. */
import { createHash } from 'node:crypto'
import { Problem } from '../../../../../plugins/contract/index.ts'
import type { Secret, SecretName, Secrets } from '../../../../secrets/secrets.ts'
import type { Db } from '../../../../store/store.ts'
import { deviceSecret } from '../../devices/secrets.ts'
import { problem } from '../../problems.ts'
import { mustSucceed } from '../../wsman/status.ts'
import type { Ground } from '../ground.ts'
import { again } from '../observe.ts'

export const ADMIN = 'admin'

/** What the firmware keeps of a password: MD5 of `user:realm:password` (RFC 2617 §3.2.2.2, H(A1)). */
export function passwordHash(realm: string, password: Secret): Buffer {
  return password.use(text => createHash('md5').update(`${ADMIN}:${realm}:${text}`).digest())
}

/**
 * Keeps a value as pending, unless the newest pending one will do: after a cut the same value is used again, so that
 * candidates do not pile up. Without a value, `make` draws one.
 */
export async function ahead(
  secrets: Secrets,
  db: Db,
  { name, value, make }: { readonly name: SecretName; readonly value: Secret | undefined; readonly make: () => Secret },
): Promise<{ readonly version: number; readonly value: Secret }> {
  const pending = (await secrets.candidates(db, name)).find(each => each.state === 'pending')
  if (pending !== undefined && (value === undefined || same(pending.value, value))) return pending
  const chosen = value ?? make()
  return { version: await secrets.propose(db, name, chosen), value: chosen }
}

export function same(one: Secret, other: Secret): boolean {
  return other.use(text => one.equals(text))
}

/** Changes the password of `admin`; resolves when a login with the new one succeeded. */
export async function changePassword(
  ground: Ground,
  fresh: { readonly value: Secret | undefined; readonly make: () => Secret },
): Promise<void> {
  const { store, secrets, project, guid, wsman, signal } = ground
  const name = deviceSecret(project, guid, 'amt-admin')
  const { content } = await wsman().get('AMT_GeneralSettings', { signal })
  const realm = String(content.DigestRealm)
  const { version, value } = await store.change(tx => ahead(secrets, tx, { name, ...fresh }))
  const DigestPassword = passwordHash(realm, value).toString('base64')
  const input = { Username: ADMIN, DigestPassword }
  try {
    const output = await wsman().invoke('AMT_AuthorizationService', 'SetAdminAclEntryEx', input, { signal })
    mustSucceed(output, 'SetAdminAclEntryEx')
  } catch (thrown) {
    signal.throwIfAborted()
    // When its reply was lost, logging in tells which of the two is in force.
    if (!(thrown instanceof Problem) || thrown.code !== 'amt-timeout') throw thrown
  }
  ground.forget(guid)
  // The old one is refused now, so this logs in with the new one, which makes it the active one.
  await again(signal, () => wsman().get('AMT_GeneralSettings', { signal }))
  const now = (await secrets.candidates(store, name)).find(each => each.state === 'active')
  if (now?.version !== version) throw problem('amt-unauthorized', 'the new password is not in force')
}

/** Sets the password of the setup screen. It cannot be read back, but to set it twice does no harm. */
export async function setMebxPassword({ store, secrets, project, guid, wsman, signal }: Ground): Promise<void> {
  const name = deviceSecret(project, guid, 'amt-mebx')
  const pending = (await secrets.candidates(store, name)).find(each => each.state === 'pending')
  if (pending === undefined) return
  const output = await pending.value.use(Password =>
    wsman().invoke('AMT_SetupAndConfigurationService', 'SetMEBxPassword', { Password }, { signal }),
  )
  mustSucceed(output, 'SetMEBxPassword')
  await store.change(tx => secrets.activate(tx, name, pending.version))
}
