// SPDX-License-Identifier: Apache-2.0
/** Which certificates may still open a session: the row that decides on every CONNECT. */
import { DAY, type EpochMs, formatTime } from '../../plugins/contract/index.ts'
import type { Db, Tx } from '../store/store.ts'
import type { CertificateRow, KernelTables } from './tables/tables.ts'

/** How long the certificate before the present one is still let in. */
export const SUPERSEDED_GRACE_MS = DAY

export type NewCertificate = {
  readonly host: string
  readonly fingerprint: string
  readonly serial: string
  readonly epoch: number
  readonly notBefore: EpochMs
  readonly notAfter: EpochMs
}

export async function addCertificate(tx: Tx, project: string, fresh: NewCertificate, now: EpochMs): Promise<void> {
  await tx
    .of<KernelTables>(project)
    .insert('kernel_certificates', {
      host: fresh.host,
      fingerprint: fresh.fingerprint,
      serial: fresh.serial,
      epoch: fresh.epoch,
      state: 'pending',
      not_before: formatTime(fresh.notBefore),
      not_after: formatTime(fresh.notAfter),
      issued_at: formatTime(now),
      superseded_at: null,
    })
    .execute()
}

export async function findCertificate(
  db: Db,
  project: string,
  fingerprint: string,
): Promise<CertificateRow | undefined> {
  return db
    .of<KernelTables>(project)
    .select('kernel_certificates')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
}

/** Marks the certificate of a session as the one in use, if it was not before. */
export async function useCertificate(
  tx: Tx,
  { project, fingerprint }: { readonly project: string; readonly fingerprint: string },
  now: EpochMs,
): Promise<void> {
  const text = "select * from kernel_certificates where project = ? and fingerprint = ? and state = 'pending'"
  const [pending] = tx.run<CertificateRow>(text, [project, fingerprint])
  if (pending !== undefined) await activate(tx, pending, now)
}

/** The newest certificate a host was given, in whatever state. */
export async function lastCertificate(db: Db, project: string, host: string): Promise<CertificateRow | undefined> {
  return db
    .of<KernelTables>(project)
    .select('kernel_certificates')
    .selectAll()
    .where('host', '=', host)
    .orderBy('issued_at', 'desc')
    .orderBy('not_after', 'desc')
    .executeTakeFirst()
}

export async function issuedSince(db: Db, project: string, host: string, since: string): Promise<number> {
  const row = await db
    .of<KernelTables>(project)
    .select('kernel_certificates')
    .select(each => each.fn.countAll<number>().as('count'))
    .where('host', '=', host)
    .where('issued_at', '>', since)
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Marks a certificate as the one in use; the others of the host are superseded from now. */
export async function activate(tx: Tx, used: CertificateRow, now: EpochMs): Promise<void> {
  const rows = tx.of<KernelTables>(used.project)
  await rows
    .update('kernel_certificates', { state: 'superseded', superseded_at: formatTime(now) })
    .where('host', '=', used.host)
    .where('state', '=', 'active')
    .where('fingerprint', '!=', used.fingerprint)
    .execute()
  await rows.update('kernel_certificates', { state: 'active' }).where('fingerprint', '=', used.fingerprint).execute()
}

/** Refuses every certificate of a host from now on. */
export async function revokeAll(tx: Tx, project: string, host: string): Promise<void> {
  await tx
    .of<KernelTables>(project)
    .update('kernel_certificates', { state: 'revoked' })
    .where('host', '=', host)
    .execute()
}

/** Why a certificate may not open a session; `undefined` when it may. */
export function refusal(
  certificate: Pick<CertificateRow, 'state' | 'epoch' | 'superseded_at'>,
  epoch: number,
  now: EpochMs,
): string | undefined {
  if (certificate.state === 'revoked') return 'certificate-revoked'
  if (certificate.epoch !== epoch) return 'certificate-of-old-epoch'
  if (certificate.state !== 'superseded' || certificate.superseded_at === null) return undefined
  return Date.parse(certificate.superseded_at) + SUPERSEDED_GRACE_MS < now ? 'certificate-superseded' : undefined
}
