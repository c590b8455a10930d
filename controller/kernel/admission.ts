// SPDX-License-Identifier: Apache-2.0
/** What decides on a CONNECT, in one look at the database: a whole fleet may return at once. */
import type { Peer, Standing } from '../bus/bus.ts'
import type { Store } from '../store/store.ts'
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

const FACTS = `select p.state as project_state, h.state as host_state, h.epoch as host_epoch,
    c.host, c.state, c.epoch, c.superseded_at, s.standing
  from (select ? as project, ? as host, ? as fingerprint) as peer
  left join kernel_projects p on p.name = peer.project
  left join kernel_hosts h on h.project = peer.project and h.id = peer.host
  left join kernel_certificates c on c.project = peer.project and c.fingerprint = peer.fingerprint
  left join kernel_presence s on s.project = peer.project and s.host = peer.host`

export async function findAdmission(store: Store, { project, host, fingerprint }: Peer): Promise<AdmissionFacts> {
  const [row] = await store.together(project, async tx => tx.run<Row>(FACTS, [project, host, fingerprint]))
  if (row === undefined) throw new TypeError('a row of joins to nothing is a row')
  const { state, epoch, superseded_at } = row
  return {
    project: row.project_state === null ? undefined : { state: row.project_state },
    host: row.host_state === null ? undefined : { state: row.host_state, epoch: row.host_epoch },
    certificate: row.host === null ? undefined : { host: row.host, state, epoch, superseded_at },
    standing: row.standing ?? 'active',
  }
}
