// SPDX-License-Identifier: Apache-2.0
/** The port through which modules have certificates issued. */
import type { TrustBundle } from '../../plugins/contract/index.ts'
import { port } from './module.ts'

export interface CertificateAuthority {
  /** SHA-256 of the root that hosts pin, hexadecimal. */
  readonly rootFingerprint: string
  trust(): TrustBundle
  /** Leaf and issuing certificate, PEM. Throws `csr-refused`. */
  issueHost(request: { csr: string; host: string; project: string; epoch: number }): Promise<string>
  /** `host:port` of the broker as hosts should dial it; the host part may be empty. */
  broker(): string
  /** The address people and hosts reach the API at. */
  url(): string
  /** The name or address that others reach this machine at. */
  readonly host: string
  /** Ports of this machine on which the controller itself answers, as far as they are open. */
  ports(): readonly number[]
  /** Whether machines know the root of the API's certificate by themselves. */
  readonly isPublic: boolean
}

export const certificateAuthority = port<CertificateAuthority>('certificate-authority')
