// SPDX-License-Identifier: Apache-2.0
/** Passwords of a device: set so that no cut, wherever it falls, can lose the one that is in force. */
import { createHash } from 'node:crypto'
import { type Log, Problem } from '../../../../plugins/contract/index.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Secret, Secrets } from '../../../secrets/secrets.ts'
import { deviceSecret } from '../devices/secrets.ts'
import { type Dial, PORTS, type Reaches } from '../ports.ts'
import { problem } from '../problems.ts'
import { createWsman } from '../wsman/client.ts'
import { channelExchange } from '../wsman/exchange.ts'
import type { Candidates } from '../wsman/login.ts'
import { type CallOptions, numberOf, type Wsman } from '../wsman/wsman.ts'
import { readRealm } from './general.ts'
import { members, succeeded } from './wire.ts'

export const ADMIN = 'admin'

/** What AMT keeps of a password: base64 of the raw MD5 of `user:realm:password` (RFC 2617 §3.2.2.2). */
export function passwordHash(username: string, realm: string, password: Secret): string {
  return password.use(text => createHash('md5').update(`${username}:${realm}:${text}`).digest('base64'))
}

/** 8 to 32 printable ASCII characters with an upper and a lower case letter, a digit and a sign, none of which AMT refuses. */
export function isAmtPassword(password: Secret): boolean {
  return password.use(
    text =>
      /^[\x21-\x7e]{8,32}$/.test(text) &&
      !/[",:]/.test(text) &&
      [/[A-Z]/, /[a-z]/, /[0-9]/, /[^A-Za-z0-9]/].every(kind => kind.test(text)),
  )
}

export type PasswordParts = {
  readonly kernel: Pick<Kernel, 'store' | 'clock' | 'random'>
  readonly secrets: Secrets
  readonly reaches: Reaches
  readonly log: Log
}

export type PasswordChange = {
  readonly project: string
  readonly guid: string
  readonly password: Secret
  readonly options?: CallOptions
}

/**
 * Changes the password of `admin`: kept as pending, set, proved by a login with the new one alone, and only then made
 * the active one. A lost reply to the change is no failure: the proof tells what is in force. When the proof fails the
 * old password stays active and the new one stays a candidate. Throws `amt-refused`.
 */
export async function changePassword(parts: PasswordParts, change: PasswordChange): Promise<void> {
  const { kernel, secrets, reaches } = parts
  const { project, guid, password, options } = change
  const name = deviceSecret(project, guid, 'amt-admin')
  const { wsman, dial } = await reaches.reach(project, guid)
  const DigestPassword = passwordHash(ADMIN, await readRealm(wsman, options), password)
  const version = await kernel.store.change(tx => secrets.propose(tx, name, password))
  try {
    const input = members({ Username: ADMIN, DigestPassword })
    const output = await wsman.invoke('AMT_AuthorizationService', 'SetAdminAclEntryEx', input, options)
    succeeded(output, 'the password was not set')
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.code === 'amt-timeout')) throw thrown
  }
  await prove(parts, { change, dial, version })
  await kernel.store.change(tx => secrets.activate(tx, name, version))
  reaches.forget(guid)
}

type Proof = { readonly change: PasswordChange; readonly dial: Dial; readonly version: number }

/** Logs in with the new password and no other. */
async function prove({ kernel, log }: PasswordParts, { change, dial, version }: Proof): Promise<void> {
  const { clock, random } = kernel
  const exchange = channelExchange({ dial, port: PORTS.wsman, clock })
  const credentials = async (): Promise<Candidates> => ({
    username: ADMIN,
    passwords: [{ version, value: change.password }],
  })
  const wsman = createWsman({ guid: change.guid, exchange, credentials, clock, random, log })
  try {
    await readRealm(wsman, change.options)
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.code === 'amt-unauthorized')) throw thrown
    throw problem('amt-refused', 'it does not accept the new password; the former one is still in force')
  } finally {
    wsman.close()
  }
}

/** The password of the firmware's setup screen; only in admin control mode. */
export async function changeMebxPassword(
  { kernel: { store }, secrets }: Pick<PasswordParts, 'kernel' | 'secrets'>,
  { project, guid, password, options, wsman }: PasswordChange & { readonly wsman: Wsman },
): Promise<void> {
  const service = 'AMT_SetupAndConfigurationService'
  const { content } = await wsman.get(service, options)
  if (numberOf(content.ProvisioningMode) !== 1) {
    throw problem('amt-unsupported', 'its setup password can be set in admin control mode only')
  }
  const name = deviceSecret(project, guid, 'amt-mebx')
  const version = await store.change(tx => secrets.propose(tx, name, password))
  const input = password.use(Password => members({ Password }))
  succeeded(await wsman.invoke(service, 'SetMEBxPassword', input, options), 'the setup password was not set')
  await store.change(tx => secrets.activate(tx, name, version))
}
