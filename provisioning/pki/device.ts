// SPDX-License-Identifier: Apache-2.0
/** Server certificates for keys that were made in firmware and never leave it. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { DAY, type EpochMs, type RandomBytes } from '../../plugins/contract/index.ts'
import type { Issuer } from './authority.ts'
import { buildCertificate } from './x509.ts'

const LIFE_MS = 3 * 365 * DAY
/** The clock of firmware may be anywhere. */
const BACKDATED_MS = 365 * DAY

export type DeviceCertificateOrder = {
  /** What it is called: the device's GUID or name, at most 64 characters. */
  readonly name: string
  readonly publicKey: KeyObject
  readonly now: EpochMs
  readonly random: RandomBytes
}

/** Answers PEM of the leaf alone. */
export async function issueDeviceCertificate(root: Issuer, order: DeviceCertificateOrder): Promise<string> {
  const { validFromDate, validToDate } = new X509Certificate(root.certificate)
  return buildCertificate({
    commonName: order.name.slice(0, 64),
    purpose: { kind: 'server', names: [{ type: 'dns', value: order.name }] },
    publicKey: order.publicKey,
    issuer: root.certificate,
    signingKey: createPrivateKey(root.privateKey),
    notBefore: Math.max(validFromDate.getTime(), order.now - BACKDATED_MS),
    notAfter: Math.min(validToDate.getTime(), order.now + LIFE_MS),
    random: order.random,
  })
}
