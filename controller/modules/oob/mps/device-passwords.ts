// SPDX-License-Identifier: Apache-2.0
/** Passwords of a device that somebody else activated: taken with the device, under the names Console has for them. */

import { Secret } from '../../../secrets/secrets.ts'
import type { Tx } from '../../../store/store.ts'
import { type DeviceSecret, deviceSecret } from '../devices/secrets.ts'
import { type Fields, isLength, isText } from './fields.ts'
import type { MpsParts } from './parts.ts'

const MEMBERS: Readonly<Record<string, DeviceSecret>> = {
  password: 'amt-admin',
  mebxpassword: 'amt-mebx',
  mebxPassword: 'amt-mebx',
  mpspassword: 'amt-cira',
  mpsPassword: 'amt-cira',
}

export function passwordChecks(fields: Fields): void {
  for (const member of Object.keys(MEMBERS)) fields.secret('body', member, isText, isLength(0, 64))
}

export type Given = {
  readonly project: string
  readonly guid: string
  readonly body: Readonly<Record<string, unknown>>
}

/** Tells which were given; no answer ever has them again. */
export async function keepPasswords(
  { secrets }: MpsParts,
  tx: Tx,
  { project, guid, body }: Given,
): Promise<readonly DeviceSecret[]> {
  const kept: DeviceSecret[] = []
  for (const [member, kind] of Object.entries(MEMBERS)) {
    const text = body[member]
    if (typeof text !== 'string' || text === '') continue
    await secrets.put(tx, deviceSecret(project, guid, kind), Secret.of(text))
    kept.push(kind)
  }
  return kept
}
