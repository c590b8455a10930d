// SPDX-License-Identifier: Apache-2.0
/** The token of one session with its reason and its limit; sessions without either need none. */
import { MINUTE } from '../../../plugins/contract/time.ts'
import type { Call, Session } from '../call.ts'
import { oobPaths } from './api.ts'

type Wanted = { readonly guid: string; readonly mode: 'kvm' | 'sol' }

/** `undefined` when no reason was given, and for KVM no limit either: the limit of a console is kept here. */
export async function grantFor(
  call: Call,
  { client, project }: Session,
  { guid, mode }: Wanted,
): Promise<{ readonly token: string } | undefined> {
  const reason = call.options.text('reason')
  const forMs = call.options.durationMs('for')
  if (reason === undefined && (mode === 'sol' || forMs === undefined)) return undefined
  const body = {
    mode,
    ...(reason === undefined ? {} : { reason }),
    ...(forMs === undefined ? {} : { minutes: Math.max(1, Math.round(forMs / MINUTE)) }),
  }
  return client.send('POST', oobPaths.grants(project, guid), body)
}
