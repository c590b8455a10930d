// SPDX-License-Identifier: Apache-2.0
/** After a restore, certificates issued since the backup are unknown rows but still ours: they are taken in again. */
import { formatTime } from '../../plugins/contract/index.ts'
import type { Peer } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
import { type Audit, projectChain } from './audit.ts'
import { addCertificate, findCertificate } from './certificates.ts'
import { SYSTEM } from './permissions.ts'
import type { Surroundings } from './ports.ts'
import type { Settings } from './settings.ts'
import type { CertificateRow } from './tables/tables.ts'

export type AdoptionParts = {
  readonly store: Store
  readonly settings: Settings
  readonly audit: Audit
  readonly clock: Surroundings['clock']
}

/**
 * The handshake has proved that our issuing authority signed the certificate. Without a restore an unknown one is
 * refused; after one, those issued since the backup was taken are believed, and the audit says so.
 */
export async function adopt(
  { store, settings, audit, clock }: AdoptionParts,
  peer: Peer,
): Promise<CertificateRow | undefined> {
  // A certificate is valid from ten minutes before it was issued.
  const { restoredFrom } = settings
  if (restoredFrom === undefined || formatTime(peer.notBefore + 10 * 60_000) < restoredFrom) return undefined
  return store.change(async tx => {
    await addCertificate(tx, peer.project, peer, clock.now())
    await audit.append(tx, {
      chain: projectChain(peer.project),
      principal: SYSTEM,
      action: 'certificate.adopt',
      target: peer.host,
      outcome: 'done',
      detail: { fingerprint: peer.fingerprint, restoredFrom },
    })
    return findCertificate(tx, peer.project, peer.fingerprint)
  })
}
