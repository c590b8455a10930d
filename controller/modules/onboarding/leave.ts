// SPDX-License-Identifier: Apache-2.0
/** Machines that say goodbye: whoever holds the key of a host's certificate may end that host, and nothing else. */
import type { LeaveAnswer } from '../../../plugins/contract/index.ts'
import { readHostCertificate } from '../../../provisioning/pki/host-certificate.ts'
import { projectChain } from '../../kernel/audit.ts'
import { findCertificate, refusal } from '../../kernel/certificates.ts'
import { findHost } from '../../kernel/hosts.ts'
import { revokeHost } from '../../kernel/lifecycle.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { AdmitParts } from './admit.ts'
import { problem } from './problems.ts'

const REASON = 'the machine left: its identity was destroyed there'

export type Leaving = {
  /** DER of the certificate the caller proved to own in the TLS handshake. */
  readonly presented: Buffer | undefined
  readonly address: string
}

/**
 * Revokes the host of the presented certificate, ended or not; what it reported stays, and enrolling the machine again
 * reclaims it. Idempotent while the host is revoked. Throws `certificate-not-renewable` for any other certificate.
 */
export async function leave({ kernel }: AdmitParts, { presented, address }: Leaving): Promise<LeaveAnswer> {
  const shown = presented === undefined ? undefined : readHostCertificate(presented)
  if (shown === undefined || shown.installation !== kernel.settings.installation)
    throw problem('certificate-not-renewable', 'no certificate of this installation was presented')
  const { project, host: id, fingerprint } = shown
  const isNews = await kernel.store.change(async tx => {
    const host = await findHost(tx, project, id)
    const row = await findCertificate(tx, project, fingerprint)
    if (host === undefined || row === undefined) throw problem('certificate-not-renewable', 'it was not issued here')
    if (host.state === 'deleted' || host.state === 'untrusted') return false
    const why = refusal(row, host.epoch, kernel.clock.now())
    if (why !== undefined) throw problem('certificate-not-renewable', why)
    await kernel.audit.append(tx, {
      chain: projectChain(project),
      principal: SYSTEM,
      action: 'host.leave',
      target: id,
      outcome: 'done',
      detail: { fingerprint, address },
    })
    return true
  })
  if (isNews) await revokeHost(kernel, { project, id, by: SYSTEM, reason: REASON })
  return { host: id }
}
