// SPDX-License-Identifier: Apache-2.0
/** Labels of hosts as rows of their own, so that hosts are found by them without reading every host. */
import type { Tx } from '../store/store.ts'
import type { Label } from './hosts.ts'
import type { KernelTables } from './tables/tables.ts'

export type Labelled = { readonly project: string; readonly host: string; readonly labels: readonly Label[] }

/** Writes what the labels of a host are now. */
export async function writeLabels(tx: Tx, { project, host, labels }: Labelled): Promise<void> {
  const rows = tx.of<KernelTables>(project)
  await rows.remove('kernel_labels').where('host', '=', host).execute()
  const values = new Map(labels.map(({ key, value }) => [key, value]))
  for (const [key, value] of values) await rows.insert('kernel_labels', { host, key, value }).execute()
}
