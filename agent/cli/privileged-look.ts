// SPDX-License-Identifier: Apache-2.0
/** How the privileged helper of this machine is, as doctor and status say it. */
import { asProblem, type Problem } from '../../plugins/contract/index.ts'
import type { Greeting } from '../helper/wire.ts'
import type { Identity } from '../identity/identity.ts'
import { helperLine } from '../system/privileged-line.ts'
import { VERSION } from '../version.ts'

/** Where the packages have it. */
const PACKAGED_SOCKET = '/run/muster-helper/helper.sock'
const WITHIN_MS = 5_000

export type HelperState =
  /** None is configured, and this machine has none: the agent does everything itself. */
  | { readonly state: 'none' }
  | { readonly state: 'sound'; readonly socket: string; readonly version: string }
  | { readonly state: 'faulty'; readonly socket: string; readonly why: string; readonly next: string }

/** Asks the helper who it is. Never rejects; takes five seconds at most. */
export async function lookAtHelper(
  configured: string | undefined,
  identity: Identity | undefined,
): Promise<HelperState> {
  const socket = configured ?? PACKAGED_SOCKET
  try {
    const greeting = await helperLine(socket).ask('helper.greet', {}, { signal: AbortSignal.timeout(WITHIN_MS) })
    const fault = faultOf(greeting, identity)
    return fault === undefined
      ? { state: 'sound', socket, version: greeting.version }
      : { state: 'faulty', socket, ...fault }
  } catch (thrown) {
    const why: Problem = asProblem(thrown)
    if (configured === undefined && /there is no such socket/.test(why.detail ?? '')) return { state: 'none' }
    return { state: 'faulty', socket, why: why.detail ?? why.title, next: why.next ?? 'systemctl status muster-helper' }
  }
}

function faultOf({ version, trusts }: Greeting, identity: Identity | undefined) {
  if (version !== VERSION)
    return { why: `it is version ${version} and this is ${VERSION}`, next: 'systemctl restart muster-helper' }
  if (identity === undefined) return undefined
  const anew = 'as root: muster-agent enroll <url> --reclaim, which tells the helper what this host trusts'
  if (trusts === undefined) return { why: 'it does not know whom to trust', next: anew }
  if (
    trusts.host !== identity.host ||
    trusts.project !== identity.project ||
    trusts.installation !== identity.installation
  )
    return { why: `it knows this machine as ${trusts.host} in project ${trusts.project}`, next: anew }
  return undefined
}
