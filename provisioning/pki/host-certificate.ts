// SPDX-License-Identifier: Apache-2.0
/** Whose certificate this is: reads what we write into host certificates, strictly. */
import { createHash, X509Certificate } from 'node:crypto'
import { type EpochMs, HOST_ID_PATTERN, SEGMENT_PATTERN } from '../../plugins/contract/index.ts'

export type HostNames = {
  readonly host: string
  readonly project: string
  readonly installation: string
  readonly epoch: number
}

export type HostCertificate = HostNames & {
  /** SHA-256 over the DER, lower-case hexadecimal. */
  readonly fingerprint: string
  /** 32 lower-case hexadecimal digits. */
  readonly serial: string
  readonly notBefore: EpochMs
  readonly notAfter: EpochMs
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
/** What an installation may be called, so that its name needs no escaping in a URN (RFC 8141 §2). */
const INSTALLATION = '[A-Za-z0-9._-]{1,64}'
const bare = (pattern: string): string => pattern.slice(1, -1)
const urn = new RegExp(
  `^urn:muster:(${INSTALLATION}):(${bare(SEGMENT_PATTERN)}):(${bare(HOST_ID_PATTERN)}):(0|[1-9]\\d{0,14})$`,
)

/** Spells the name of a host in its certificate; `undefined` when a part of it cannot be spelled so. */
export function uriOf({ installation, project, host, epoch }: HostNames): string | undefined {
  const uri = `urn:muster:${installation}:${project}:${host}:${epoch}`
  return urn.test(uri) ? uri : undefined
}

/**
 * Reads a certificate (DER or PEM, the first one); `undefined` when it does not have exactly the shape we issue to hosts:
 * one common name, one URI that names the same host, client authentication only, P-256.
 * Says nothing of who signed it: the TLS handshake does.
 */
export function readHostCertificate(certificate: string | Uint8Array): HostCertificate | undefined {
  const parsed = parse(certificate)
  if (parsed === undefined || parsed.ca || !isForClients(parsed) || !isP256(parsed)) return undefined
  // Node escapes what could pass for a separator, so one URI and nothing else begins with `URI:urn:` and has no comma.
  const [, installation = '', project = '', host = '', epoch = ''] =
    urn.exec((parsed.subjectAltName ?? '').replace(/^URI:/, '')) ?? []
  if (host === '' || parsed.subject !== `CN=${host}`) return undefined
  return {
    host,
    project,
    installation,
    epoch: Number(epoch),
    fingerprint: createHash('sha256').update(parsed.raw).digest('hex'),
    serial: parsed.serialNumber.toLowerCase().padStart(32, '0'),
    notBefore: parsed.validFromDate.getTime(),
    notAfter: parsed.validToDate.getTime(),
  }
}

function parse(certificate: string | Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(certificate)
  } catch {
    return undefined
  }
}

function isForClients({ keyUsage }: X509Certificate): boolean {
  return keyUsage?.length === 1 && keyUsage[0] === CLIENT_AUTH
}

function isP256(certificate: X509Certificate): boolean {
  try {
    return certificate.publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false // a key OpenSSL does not know
  }
}
