// SPDX-License-Identifier: Apache-2.0
/** Why a controller was not reached, or not believed. */
import { problem } from '../problems.ts'

/** Codes of OpenSSL and Node for a peer that is reached and not believed. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|SIGNATURE|HOSTNAME_MISMATCH|ERR_SSL|ERR_TLS|EPROTO/

/** What went wrong on a socket as a problem; what is one already stays. */
export function unreachable({ url, signal }: { url: URL; signal: AbortSignal }, thrown: unknown): unknown {
  if (signal.aborted) return signal.reason
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return thrown
  const { code } = thrown
  // Problems have codes too, in small letters.
  if (!/^[A-Z]/.test(code)) return thrown
  if (UNTRUSTED.test(code)) return problem('controller-untrusted', `${url.host}: ${code}`, undefined, thrown)
  return problem('controller-unreachable', `${url.host}: ${code}`, undefined, thrown)
}
