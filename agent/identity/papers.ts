// SPDX-License-Identifier: Apache-2.0
/** Looks at what the controller issued before anything is built on it. */
import { X509Certificate } from 'node:crypto'
import type { TrustBundle } from '../../plugins/contract/index.ts'
import { type HostCertificate, readHostCertificate } from '../../provisioning/pki/host-certificate.ts'
import { publicHalf } from '../../provisioning/pki/keys.ts'
import { leadsTo } from '../link/chain.ts'
import type { DialTarget } from '../system/system.ts'
import { problem } from './problems.ts'

export type Expected = {
  readonly key: string
  readonly host: string
  readonly project: string
  readonly trust: TrustBundle
}

/**
 * Reads an issued certificate chain (PEM, leaf first). Throws `admission-unusable` unless it is for this host, project and
 * installation and for our key, and is signed under a root we trust.
 */
export function examine(certificate: string, { key, host, project, trust }: Expected): HostCertificate {
  const read = readHostCertificate(certificate)
  if (read === undefined) throw problem('admission-unusable', 'it is not the certificate of a host')
  const fits = read.host === host && read.project === project && read.installation === trust.head.installation
  if (!fits) throw problem('admission-unusable', 'it names another host, project or installation')
  const leaf = new X509Certificate(certificate)
  if (!leaf.publicKey.equals(publicHalf(key))) throw problem('admission-unusable', 'it is for another key')
  if (!leadsTo(certificatesIn(certificate), trust.head.roots)) {
    throw problem('admission-unusable', 'it is not signed under a root we trust')
  }
  return read
}

/** Reads `host:port`; an empty host means the one the controller was reached at. Throws `admission-unusable`. */
export function readBroker(text: string, reachedAt: string): DialTarget {
  const [, host = '', digits = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (!/^[A-Za-z0-9._:-]{0,255}$/.test(bare) || !(port >= 1 && port <= 65_535)) {
    throw problem('admission-unusable', 'it does not say where the broker is')
  }
  return { host: bare === '' ? reachedAt : bare, port }
}

const MAX_CERTIFICATES = 5

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  try {
    return blocks.slice(0, MAX_CERTIFICATES).map(block => new X509Certificate(block))
  } catch {
    return []
  }
}
