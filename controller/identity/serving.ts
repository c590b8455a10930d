// SPDX-License-Identifier: Apache-2.0
/** What certificates say of themselves, for people who must know when they end. */
import { X509Certificate } from 'node:crypto'
import { formatTime } from '../../plugins/contract/index.ts'

type Role = 'root' | 'issuing' | 'server' | 'listener'

export type Described = {
  readonly role: Role
  readonly title: string
  readonly subject: string
  readonly names: string[]
  readonly fingerprint: string
  readonly notBefore: string
  readonly notAfter: string
  readonly renewed: boolean
}

const TITLES: Readonly<Record<Role, string>> = {
  root: 'The root of this installation',
  issuing: 'The certificate that issues for hosts',
  server: 'The certificate of the controller',
  listener: 'Your certificate for the API',
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads a chain in PEM, leaf first; `roles` say what its certificates are, and what has none is left out. */
export function certificatesIn(chain: string, roles: readonly Role[]): readonly Described[] {
  return [...chain.matchAll(PEM)].slice(0, roles.length).flatMap(([pem], at) => {
    const role = roles[at]
    return role === undefined ? [] : [described(new X509Certificate(pem), role)]
  })
}

function described(certificate: X509Certificate, role: Role): Described {
  const { subject, subjectAltName, fingerprint256, validFromDate, validToDate } = certificate
  return {
    role,
    title: TITLES[role],
    subject: subject.replaceAll('\n', ', '),
    names: (subjectAltName ?? '')
      .split(', ')
      .filter(name => name !== '')
      .map(name => name.replace(/^(DNS|IP Address):/, '')),
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: formatTime(validFromDate.getTime()),
    notAfter: formatTime(validToDate.getTime()),
    renewed: role === 'server',
  }
}
