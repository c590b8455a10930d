// SPDX-License-Identifier: Apache-2.0
/** What decides on a CONNECT, in one look at the database: a whole fleet may return at once. */
import { sql } from 'kysely'
import type { Peer, Standing } from '../bus/bus.ts'
import type { Db } from '../store/store.ts'
import type { CertificateRow, HostState } from './tables/tables.ts'

export type AdmissionFacts = {
  readonly project: { readonly state: 'active' | 'deleting' } | undefined
  readonly host: { readonly state: HostState; readonly epoch: number } | undefined
  readonly certificate: Pick<CertificateRow, 'host' | 'state' | 'epoch' | 'superseded_at'> | undefined
  readonly standing: Standing
}

type Row = {
  readonly project_state: 'active' | 'deleting' | null
  readonly host_state: HostState | null
  readonly host_epoch: number
  readonly host: string | null
  readonly state: CertificateRow['state']
  readonly epoch: number
  readonly superseded_at: string | null
  readonly standing: Standing | null
}

export async function findAdmission(db: Db, peer: Peer): Promise<AdmissionFacts> {
  const { project, host, fingerprint } = peer
  const { rows } = await sql<Row>`select p.state as project_state, h.state as host_state, h.epoch as host_epoch,
      c.host, c.state, c.epoch, c.superseded_at, s.standing
    from (select 1) as one
    left join kernel_projects p on p.name = ${project}
    left join kernel_hosts h on h.project = ${project} and h.id = ${host}
    left join kernel_certificates c on c.project = ${project} and c.fingerprint = ${fingerprint}
    left join kernel_presence s on s.project = ${project} and s.host = ${host}`.execute(db.installation())
  const [row] = rows
  if (row === undefined) throw new TypeError('a row of joins to nothing is a row')
  const { state, epoch, superseded_at } = row
  return {
    project: row.project_state === null ? undefined : { state: row.project_state },
    host: row.host_state === null ? undefined : { state: row.host_state, epoch: row.host_epoch },
    certificate: row.host === null ? undefined : { host: row.host, state, epoch, superseded_at },
    standing: row.standing ?? 'active',
  }
}
