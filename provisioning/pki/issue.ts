// SPDX-License-Identifier: Apache-2.0
/** Issues the certificates of hosts and servers; takes nothing from a request but its public key. */
import { createPrivateKey, createPublicKey, type KeyObject, verify, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import {
  DAY,
  type EpochMs,
  problem as general,
  isHostId,
  isSegment,
  type RandomBytes,
} from '../../plugins/contract/index.ts'
import { BACKDATED_MS, type Issuer } from './authority.ts'
import { uriOf } from './host-certificate.ts'
import { createKey, keyFingerprint, publicHalf } from './keys.ts'
import { problem } from './problems.ts'
import { MAX_REQUEST_BYTES } from './request.ts'
import { type AlternativeName, buildCertificate, readRequestPem } from './x509.ts'

/** How long a certificate lives unless told otherwise. */
export const LEAF_LIFE = { host: 30 * DAY, server: 90 * DAY } as const

/** DER of every SubjectPublicKeyInfo we accept up to its point: P-256 by name, uncompressed (RFC 5480 §2). */
const P256_PREFIX = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')
const P256_BYTES = 91

export type RequestedKey = {
  readonly publicKey: KeyObject
  /** SHA-256 over the key, hexadecimal: the same for every request that is made with it. */
  readonly fingerprint: string
}

/**
 * Reads the public key of a request. Throws `csr-refused` for more than 8 KB, for what is no request, for a signature
 * that does not verify, and for any key but a P-256 one whose point lies on the curve.
 */
export async function readRequest(csr: string): Promise<RequestedKey> {
  if (csr.length > MAX_REQUEST_BYTES) throw problem('csr-refused', 'it is larger than 8 KB')
  const request = await readRequestPem(csr)
  if (request === undefined) throw problem('csr-refused', 'it is not a PKCS #10 request in PEM')
  const der = Buffer.from(request.publicKey)
  if (der.length !== P256_BYTES || !der.subarray(0, P256_PREFIX.length).equals(P256_PREFIX)) {
    throw problem('csr-refused', 'its key is not a P-256 key')
  }
  if (!request.signatureVerifies) throw problem('csr-refused', 'its signature does not verify')
  return { publicKey: createPublicKey({ key: der, type: 'spki', format: 'der' }), fingerprint: keyFingerprint(der) }
}

/** Tells whether a nonce was signed by the key of a request. Throws `csr-refused` as {@link readRequest} does. */
export async function verifyProof(csr: string, nonce: string, proof: string): Promise<boolean> {
  const { publicKey } = await readRequest(csr)
  const signature = Buffer.from(proof, 'base64url')
  return verify('sha256', Buffer.from(nonce), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
}

export type HostCertificateOrder = {
  /** PKCS #10 in PEM. */
  readonly publicKeyFrom: string
  readonly host: string
  readonly project: string
  readonly installation: string
  /** Of the host: rises with every reclaim. */
  readonly epoch: number
  readonly now: EpochMs
  readonly lifeMs?: number
  readonly random?: RandomBytes
}

/**
 * Issues a client certificate; answers the leaf alone, in PEM. It never outlives its issuer.
 * Throws `csr-refused`, `issuer-unusable`, and `invalid` when a name cannot stand in a certificate.
 */
export async function issueHost(issuer: Issuer, order: HostCertificateOrder): Promise<string> {
  const { host, project, installation, epoch, now, lifeMs = LEAF_LIFE.host, random } = order
  const uri = isHostId(host) && isSegment(project) ? uriOf({ host, project, installation, epoch }) : undefined
  if (uri === undefined) throw general('invalid', 'these names cannot stand in a certificate')
  const { publicKey } = await readRequest(order.publicKeyFrom)
  return buildCertificate({
    commonName: host,
    purpose: { kind: 'client', names: [{ type: 'url', value: uri }] },
    publicKey,
    ...signedBy(issuer, { now, lifeMs }),
    ...(random === undefined ? {} : { random }),
  })
}

export type ServerCertificateOrder = {
  /** DNS names and IP addresses, mixed; the first is also the common name. At least one. */
  readonly names: readonly string[]
  readonly now: EpochMs
  readonly lifeMs?: number
  readonly random?: RandomBytes
}

/** Issues a server certificate with a new key; the answer carries the whole chain, leaf first, root last. */
export async function issueServer(issuer: Issuer, order: ServerCertificateOrder): Promise<Issuer> {
  const { names, now, lifeMs = LEAF_LIFE.server, random } = order
  const [first] = names
  if (first === undefined) throw general('invalid', 'a server certificate needs at least one name')
  const privateKey = await createKey()
  const leaf = await buildCertificate({
    // RFC 5280 appendix A: a common name has at most 64 characters.
    commonName: first.slice(0, 64),
    purpose: { kind: 'server', names: names.map(alternativeName) },
    publicKey: publicHalf(privateKey),
    ...signedBy(issuer, { now, lifeMs }),
    ...(random === undefined ? {} : { random }),
  })
  return { certificate: leaf + issuer.certificate, privateKey }
}

/** A DNS name or an IP address as a certificate names it. */
export function alternativeName(name: string): AlternativeName {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name }
}

type Period = { readonly now: EpochMs; readonly lifeMs: number }

function signedBy(issuer: Issuer, { now, lifeMs }: Period) {
  const last = new X509Certificate(issuer.certificate).validToDate.getTime()
  if (last <= now)
    throw problem('issuer-unusable', 'its certificate has expired', { notAfter: new Date(last).toISOString() })
  return {
    issuer: issuer.certificate,
    signingKey: createPrivateKey(issuer.privateKey),
    notBefore: now - BACKDATED_MS,
    notAfter: Math.min(now + lifeMs, last),
  }
}
