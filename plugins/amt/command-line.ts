// SPDX-License-Identifier: Apache-2.0
/** The command lines of `rpc` for remote activation and deactivation; no secret is ever on one. */
import type { ActivationOrder } from './contract.ts'
import { PLACEHOLDER } from './said.ts'

export type Generation = 'v2' | 'v3' | 'unknown'
export type Act = 'activate' | 'deactivate'

export type CommandLine = { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> }

/** `caFile`: where the roots of the order lie, when it names any. */
export function commandLine(act: Act, order: ActivationOrder, generation: Generation, caFile?: string): CommandLine {
  const flags = generation === 'v3' ? V3 : V2
  const args = [act, flags.url, order.server]
  if (act === 'activate') {
    args.push(flags.profile, order.profile)
    if (order.dnsSuffix !== undefined) args.push(flags.dns, order.dnsSuffix)
    if (order.friendlyName !== undefined) args.push(flags.name, order.friendlyName)
  }
  if (order.trust === 'any') args.push(flags.trustAny)
  // rpc insists on the password of a firmware that has one. The server knows it, and what the host says does not count.
  const env = { AMT_PASSWORD: PLACEHOLDER, ...(caFile === undefined ? {} : { SSL_CERT_FILE: caFile }) }
  return { args, env }
}

const V2 = { url: '-u', profile: '-profile', dns: '-d', name: '-name', trustAny: '-n' } as const
const V3 = { url: '--url', profile: '--profile', dns: '--dns', name: '--name', trustAny: '--skip-cert-check' } as const
