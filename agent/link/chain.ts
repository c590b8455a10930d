// SPDX-License-Identifier: Apache-2.0
/** Checks the certificates a server presents by hand, for when only a fingerprint is known or our clock is wrong. */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type EpochMs, formatTime, type Problem } from '../../plugins/contract/index.ts'
import { fingerprintOf } from '../../provisioning/pki/keys.ts'
import { problem } from './dial-problems.ts'

/** Leaf, issuing authority, root: our hierarchy has no more. */
const MAX_CHAIN = 3
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

export type ChainExpectation = {
  /** What may stand at the end of the chain: SHA-256 in hexadecimal, or PEM. */
  readonly anchor: { readonly fingerprint: string } | { readonly roots: readonly string[] }
  /** The DNS name or IP address that was dialed. */
  readonly name: string
  readonly at: EpochMs
}

/** The certificates a server presented, leaf first. */
export function presentedBy(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = []
  let next = socket.getPeerCertificate(true)
  while (chain.length < MAX_CHAIN && next?.raw !== undefined) {
    chain.push(new X509Certificate(next.raw))
    if (next.issuerCertificate === next) break
    next = next.issuerCertificate
  }
  return chain
}

/**
 * Says what is wrong with a chain; `undefined` when nothing is: the leaf is for servers, every certificate is signed by
 * the next, which is an authority, the last is a root we know and signs itself, all are valid at the moment given, and the
 * leaf names what was dialed. The common name never counts (RFC 9525 §2).
 */
export function chainProblem(presented: readonly X509Certificate[], expected: ChainExpectation): Problem | undefined {
  const [leaf] = presented
  if (leaf === undefined) return problem('untrusted-controller', 'it presents no certificate')
  const roots = rootsAmong(presented, expected.anchor)
  if (roots.length === 0) return problem('untrusted-controller', 'its chain does not end in the root we know')
  const chain = pathTo(roots, [leaf], presented)
  if (chain === undefined) return problem('untrusted-controller', 'its chain does not hold together')
  if (leaf.ca || leaf.keyUsage?.includes(SERVER_AUTH) !== true) {
    return problem('untrusted-controller', 'its certificate is not one of a server')
  }
  return periodProblem(chain, expected.at) ?? nameProblem(leaf, expected.name)
}

/** Whether a chain, leaf first, is signed under one of the roots (PEM). Looks at nothing else. */
export function leadsTo(chain: readonly X509Certificate[], roots: readonly string[]): boolean {
  const [leaf] = chain
  return leaf !== undefined && pathTo(rootsAmong(chain, { roots }), [leaf], chain) !== undefined
}

function rootsAmong(
  presented: readonly X509Certificate[],
  anchor: ChainExpectation['anchor'],
): readonly X509Certificate[] {
  const known =
    'fingerprint' in anchor
      ? presented.filter(each => fingerprintOf(each.raw) === anchor.fingerprint.toLowerCase())
      : anchor.roots.map(root => new X509Certificate(root))
  return known.filter(each => isSignedBy(each, each))
}

function pathTo(
  roots: readonly X509Certificate[],
  path: readonly X509Certificate[],
  presented: readonly X509Certificate[],
): readonly X509Certificate[] | undefined {
  const last = path.at(-1)
  if (last === undefined || path.length >= MAX_CHAIN) return undefined
  const root = roots.find(each => isSignedBy(last, each))
  if (root !== undefined) return [...path, root]
  for (const issuer of presented) {
    if (path.includes(issuer) || !isSignedBy(last, issuer)) continue
    const found = pathTo(roots, [...path, issuer], presented)
    if (found !== undefined) return found
  }
  return undefined
}

function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

function periodProblem(chain: readonly X509Certificate[], at: EpochMs): Problem | undefined {
  const began = Math.max(...chain.map(each => each.validFromDate.getTime()))
  for (const { validFromDate, validToDate } of chain) {
    // `from` is where the whole chain can first have been valid.
    const fields = { at: formatTime(at), from: formatTime(began), to: validToDate.toISOString() }
    if (validFromDate.getTime() > at)
      return problem('clock-behind', `valid from ${validFromDate.toISOString()}`, fields)
    if (validToDate.getTime() < at) return problem('certificate-expired', `valid to ${fields.to}`, fields)
  }
  return undefined
}

function nameProblem(leaf: X509Certificate, name: string): Problem | undefined {
  const named = isIP(name) === 0 ? leaf.checkHost(name, { subject: 'never' }) : leaf.checkIP(name)
  return named === undefined ? problem('name-mismatch', name, { name }) : undefined
}
