// SPDX-License-Identifier: Apache-2.0
/** Whether a provisioning certificate may put this machine into admin control. */
import { createHash, X509Certificate } from 'node:crypto'
import type { Model } from './firmware.ts'
import { STATUS } from './status.ts'

const PROVISIONING = '2.16.840.1.113741.1.2.3'
const PROVISIONING_UNIT = 'Intel(R) Client Setup Certificate'

/** The status that refuses the chain, leaf first; `undefined` when it fits. */
export function chainFault(chain: readonly Buffer[], { model, at }: { model: Model; at: number }): number | undefined {
  const certificates = chain.map(der => new X509Certificate(der))
  const [leaf] = certificates
  const root = certificates.at(-1)
  if (leaf === undefined || root === undefined || root === leaf) return STATUS.certificateNotReady
  for (const [index, certificate] of certificates.entries()) {
    const issuer = certificates[index + 1] ?? certificate
    if (!certificate.verify(issuer.publicKey) || certificate.issuer !== issuer.subject) return STATUS.invalidCertificate
    if (at < Date.parse(certificate.validFrom) || at > Date.parse(certificate.validTo)) return STATUS.invalidCertificate
    const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength ?? 0
    if (certificate.publicKey.asymmetricKeyType !== 'rsa' || bits < 2048) return STATUS.invalidCertificate
    if (index > 0 && !certificate.ca) return STATUS.invalidCertificate
  }
  if (!trusts(model, root.raw)) return STATUS.invalidCertificate
  if (!isForProvisioning(leaf)) return STATUS.invalidCertificate
  return nameFits(commonName(leaf.subject), model.dnsSuffix) ? undefined : STATUS.invalidName
}

function trusts(model: Model, der: Buffer): boolean {
  return ['sha256', 'sha1', 'sha384'].some(algorithm =>
    model.trustedRoots.has(createHash(algorithm).update(der).digest('hex').toUpperCase()),
  )
}

function isForProvisioning(leaf: X509Certificate): boolean {
  // `keyUsage` holds the extended usages; Node leaves it undefined when the certificate has none.
  const usages: readonly string[] = leaf.keyUsage ?? []
  return usages.includes(PROVISIONING) || leaf.subject.split('\n').includes(`OU=${PROVISIONING_UNIT}`)
}

function commonName(subject: string): string {
  return (
    subject
      .split('\n')
      .find(line => line.startsWith('CN='))
      ?.slice(3) ?? ''
  )
}

/** The suffix the network told (DHCP option 15) is the certificate's domain, or one below it. */
function nameFits(name: string, suffix: string): boolean {
  const own = suffix.toLowerCase()
  const given = name.toLowerCase().replace(/^\*\./, '')
  if (own === '' || given === '') return false
  const domain = given.split('.').length > 2 ? given.slice(given.indexOf('.') + 1) : given
  return given === own || domain === own || own.endsWith(`.${domain}`)
}
