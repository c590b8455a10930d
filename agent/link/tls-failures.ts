// SPDX-License-Identifier: Apache-2.0
/** Says in our words what Node and OpenSSL mean when a connection to the controller fails. */
import { Problem } from '../../plugins/contract/index.ts'
import type { DialTarget } from '../system/system.ts'
import { problem } from './dial-problems.ts'

/** How OpenSSL calls what it found wrong with a chain (X509_STORE_CTX_get_error(3)). */
const UNTRUSTED: readonly string[] = [
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'CERT_CHAIN_TOO_LONG',
  'CERT_REVOKED',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
]

/** Alerts by which a server refuses a client certificate (RFC 8446 §6.2), as Node spells them in error codes. */
const REFUSAL =
  /ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|CERTIFICATE_REQUIRED|UNKNOWN_CA|ACCESS_DENIED)$/

/**
 * Turns the error of a connection into a problem, during the handshake and after it: in TLS 1.3 a server refuses a client
 * certificate when the handshake is over for the client. What is a problem already stays as it is.
 */
export function connectionProblem(thrown: unknown, { host, port }: DialTarget): Problem {
  if (thrown instanceof Problem) return thrown
  const cause = causeOf(thrown)
  const fields = { host, port, cause }
  const where = `${host}:${port}`
  if (cause === 'ERR_TLS_CERT_ALTNAME_INVALID') return problem('name-mismatch', where, fields, thrown)
  if (cause === 'CERT_NOT_YET_VALID') return problem('clock-behind', where, fields, thrown)
  if (cause === 'CERT_HAS_EXPIRED') return problem('certificate-expired', where, fields, thrown)
  if (UNTRUSTED.includes(cause)) return problem('untrusted-controller', `${where} (${cause})`, fields, thrown)
  const alert = REFUSAL.exec(cause)?.[1]?.toLowerCase().replaceAll('_', '-')
  if (alert !== undefined) return problem('certificate-refused', alert, { ...fields, alert }, thrown)
  if (cause.startsWith('ERR_SSL_') || cause === 'EPROTO') {
    return problem('untrusted-controller', `${where} does not speak TLS 1.3 (${cause})`, fields, thrown)
  }
  return problem('unreachable', `${where} (${cause})`, fields, thrown)
}

function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown'
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.message
}
