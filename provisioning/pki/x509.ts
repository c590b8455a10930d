// SPDX-License-Identifier: Apache-2.0
/** The one door to the X.509 library: writes certificates and reads requests; everything else knows only PEM. */
import 'reflect-metadata' // must come first: the library decorates its classes while it loads
import { type KeyObject, randomBytes, webcrypto } from 'node:crypto'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import type { EpochMs, RandomBytes } from '../../plugins/contract/index.ts'

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const
const SHA256 = { name: 'ECDSA', hash: 'SHA-256' } as const
/** What firmware verifies: PKCS #1 v1.5, with the hash its newest generations insist on. */
const RSA_SHA384 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' } as const

export type AlternativeName = { readonly type: 'dns' | 'ip' | 'url'; readonly value: string }

/** What a certificate is for; it decides extensions and nothing else does. */
export type Purpose =
  /** Signs certificates; `pathLength` authorities may stand below it (RFC 5280 §4.2.1.9). */
  | { readonly kind: 'authority'; readonly pathLength?: number }
  | { readonly kind: 'client' | 'server'; readonly names: readonly AlternativeName[] }

export type CertificateContent = {
  readonly commonName: string
  readonly purpose: Purpose
  readonly publicKey: KeyObject
  readonly notBefore: EpochMs
  readonly notAfter: EpochMs
  /** Signs; a root signs itself and names no `issuer`. */
  readonly signingKey: KeyObject
  /** PEM of the issuer. */
  readonly issuer?: string
  readonly random?: RandomBytes
}

/**
 * Writes and signs one certificate with a 128-bit random serial; answers PEM that ends in a newline. P-256 keys sign with
 * SHA-256, RSA keys with SHA-384.
 */
export async function buildCertificate(content: CertificateContent): Promise<string> {
  const publicKey = await imported(content.publicKey, 'spki')
  const signingKey = await imported(content.signingKey, 'pkcs8')
  const issuer = content.issuer === undefined ? undefined : new X509Certificate(content.issuer)
  const subject = [{ CN: [content.commonName] }]
  const certificate = await X509CertificateGenerator.create({
    serialNumber: Buffer.from((content.random ?? randomBytes)(16)).toString('hex'),
    subject,
    issuer: issuer?.subjectName ?? subject,
    notBefore: wholeSecond(content.notBefore),
    notAfter: wholeSecond(content.notAfter),
    publicKey,
    signingKey,
    signingAlgorithm: content.signingKey.asymmetricKeyType === 'rsa' ? RSA_SHA384 : SHA256,
    extensions: [
      ...extensionsFor(content.purpose, content.publicKey),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? publicKey),
    ],
  })
  return `${certificate.toString('pem')}\n`
}

export type ReadRequest = {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array
  /** The request is signed by its own key. */
  readonly signatureVerifies: boolean
}

/** Reads a PKCS #10 request (RFC 2986); `undefined` when it is none. Looks at nothing but key and signature. */
export async function readRequestPem(pem: string): Promise<ReadRequest | undefined> {
  try {
    const request = new Pkcs10CertificateRequest(pem)
    const publicKey = new Uint8Array(request.publicKey.rawData)
    return { publicKey, signatureVerifies: await request.verify() }
  } catch {
    return undefined
  }
}

function extensionsFor(purpose: Purpose, publicKey: KeyObject): readonly Extension[] {
  if (purpose.kind === 'authority') {
    return [
      new BasicConstraintsExtension(true, purpose.pathLength, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ]
  }
  // TLS 1.2 without forward secrecy encrypts to the server's RSA key (RFC 5246 §7.4.2).
  const encipherment = publicKey.asymmetricKeyType === 'rsa' ? KeyUsageFlags.keyEncipherment : 0
  const usage = purpose.kind === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | encipherment, true),
    new ExtendedKeyUsageExtension([usage], false),
    new SubjectAlternativeNameExtension([...purpose.names], false),
  ]
}

async function imported(key: KeyObject, format: 'spki' | 'pkcs8'): Promise<webcrypto.CryptoKey> {
  const der =
    format === 'spki' ? key.export({ type: 'spki', format: 'der' }) : key.export({ type: 'pkcs8', format: 'der' })
  const algorithm = key.asymmetricKeyType === 'rsa' ? RSA_SHA384 : ECDSA_P256
  return webcrypto.subtle.importKey(format, der, algorithm, true, [format === 'spki' ? 'verify' : 'sign'])
}

// RFC 5280 §4.1.2.5: certificates carry no fractions of a second.
function wholeSecond(at: EpochMs): Date {
  return new Date(Math.floor(at / 1_000) * 1_000)
}
