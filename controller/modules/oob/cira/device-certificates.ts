// SPDX-License-Identifier: Apache-2.0
/** Signs the certificates with which devices serve TLS: by the root that the devices of their project trust anyway. */
import { X509Certificate } from 'node:crypto'
import { issueDeviceCertificate } from '../../../../provisioning/pki/device.ts'
import type { DeviceCertificates } from '../activation/ground.ts'
import type { CiraCertificates } from './certificates.ts'
import { type RootsParts, rootFor } from './roots.ts'

export function createDeviceCertificates(parts: RootsParts, certificates: CiraCertificates): DeviceCertificates {
  const root = async (project: string): Promise<string> => base64Der(certificates.root(project).pem)
  return {
    root,
    kept: root,
    issue: async ({ project, guid, publicKey }) => {
      // A project without a root of its own has that of the installation.
      const { issuer } = await rootFor(parts, certificates.root(project).project, undefined)
      const { clock, random } = parts
      return base64Der(await issueDeviceCertificate(issuer, { name: guid, publicKey, now: clock.now(), random }))
    },
  }
}

function base64Der(pem: string): string {
  return new X509Certificate(pem).raw.toString('base64')
}
