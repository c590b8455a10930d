// SPDX-License-Identifier: Apache-2.0
/** New certificates for hosts that have one: before it ends, and after they slept past its end. */
import { DAY, formatTime, type RenewAnswer } from '../../../plugins/contract/index.ts'
import { readHostCertificate } from '../../../provisioning/pki/host-certificate.ts'
import { projectChain } from '../../kernel/audit.ts'
import { addCertificate, findCertificate, issuedSince, lastCertificate, refusal } from '../../kernel/certificates.ts'
import { findHost, type Host } from '../../kernel/hosts.ts'
import { SYSTEM } from '../../kernel/permissions.ts'
import type { CertificateRow } from '../../kernel/tables/tables.ts'
import type { Tx } from '../../store/store.ts'
import type { AdmitParts } from './admit.ts'
import { problem } from './problems.ts'

/** How long after its end a certificate still lets its host back in. */
export const REJOIN_WITHIN_MS = 180 * DAY
const RENEWALS_A_DAY = 2

export type Renewal = {
  /** DER of the certificate the caller proved to own in the TLS handshake. */
  readonly presented: Buffer | undefined
  readonly csr: string
  readonly kind: 'renew' | 'rejoin'
  readonly address: string
}

/**
 * Issues a certificate for the host of the presented one; that one stays good until the new one has been used.
 * Whether we issued the presented one is asked of our own table by its fingerprint, so no authority has to be believed.
 * Throws `certificate-not-renewable`, `renewed-too-often`, `csr-refused`.
 */
export async function renew(parts: AdmitParts, renewal: Renewal): Promise<RenewAnswer> {
  const { kernel, authority } = parts
  const shown = renewal.presented === undefined ? undefined : readHostCertificate(renewal.presented)
  if (shown === undefined || shown.installation !== kernel.settings.installation) {
    throw problem('certificate-not-renewable', 'no certificate of this installation was presented')
  }
  return kernel.store.change(async tx => {
    const host = await findHost(tx, shown.project, shown.host)
    const row = await findCertificate(tx, shown.project, shown.fingerprint)
    if (host === undefined || row === undefined) throw problem('certificate-not-renewable', 'it was not issued here')
    const why = await obstacle(parts, tx, { host, row, kind: renewal.kind })
    if (why !== undefined) throw problem('certificate-not-renewable', why)
    const dayAgo = formatTime(kernel.clock.now() - DAY)
    // The first certificate of a host counts as one, which leaves room for the renewals.
    if ((await issuedSince(tx, host.project, host.id, dayAgo)) > RENEWALS_A_DAY) throw problem('renewed-too-often')
    const certificate = await authority.issueHost({
      csr: renewal.csr,
      host: host.id,
      project: host.project,
      epoch: host.epoch,
    })
    const read = readHostCertificate(certificate)
    if (read === undefined) throw new TypeError('the authority issued what it cannot read')
    await addCertificate(tx, host.project, read, kernel.clock.now())
    await kernel.audit.append(tx, {
      chain: projectChain(host.project),
      principal: SYSTEM,
      action: `certificate.${renewal.kind}`,
      target: host.id,
      outcome: 'done',
      detail: { fingerprint: read.fingerprint, notAfter: formatTime(read.notAfter), address: renewal.address },
    })
    return { certificate, trust: authority.trust() }
  })
}

type Judged = { readonly host: Host; readonly row: CertificateRow; readonly kind: Renewal['kind'] }

async function obstacle({ kernel }: AdmitParts, tx: Tx, { host, row, kind }: Judged): Promise<string | undefined> {
  const now = kernel.clock.now()
  const end = Date.parse(row.not_after)
  if (host.state !== 'onboarded') return 'the host has been revoked'
  const refused = refusal(row, host.epoch, now)
  if (refused !== undefined) return refused
  if (kind === 'renew') return end <= now ? 'it has ended: use rejoin' : undefined
  if (end > now) return 'it has not ended: use renew'
  if (end + REJOIN_WITHIN_MS < now) return 'it ended too long ago'
  const last = await lastCertificate(tx, host.project, host.id)
  return last?.fingerprint === row.fingerprint ? undefined : 'a newer certificate was issued since'
}
