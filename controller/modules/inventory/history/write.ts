// SPDX-License-Identifier: Apache-2.0
/** Writes the history in the transaction of the change: a new value only where it differs from the last. */
import type { Surroundings } from '../../../kernel/ports.ts'
import type { Tx } from '../../../store/store.ts'
import type { Kept } from './config.ts'
import { comparedText, type Snapshot } from './parts.ts'
import type { HistoryRow, HistoryTables } from './tables.ts'

/** The value of a part that holds now. */
export type Head = Pick<HistoryRow, 'host' | 'part' | 'n' | 'at' | 'digest'>

/** What holds now of some hosts. */
export async function headsOf(tx: Tx, project: string, hosts: readonly string[]): Promise<readonly Head[]> {
  if (hosts.length === 0) return []
  return tx
    .of<HistoryTables>(project)
    .select('inventory_history')
    .select(['host', 'part', 'n', 'at', 'digest'])
    .where('host', 'in', [...hosts])
    .where('until', 'is', null)
    .execute()
}

const HEADS = 'select host, part, n, at, digest from inventory_history where project = ? and host = ? and until is null'

/** The same of one host, at the cost of every message. */
export function headsOfOne(tx: Tx, project: string, host: string): readonly Head[] {
  return tx.run<Head>(HEADS, [project, host])
}

export type Writing = {
  readonly host: string
  readonly heads: readonly Head[]
  readonly snapshots: readonly Snapshot[]
  readonly kept: Kept
  readonly digest: Surroundings['digest']
}

/** Times never go back within a part, whatever clocks do, so that each moment has one value. */
export function remember(tx: Tx, project: string, writing: Writing): void {
  for (const snapshot of writing.snapshots) rememberOne(tx, project, { ...writing, snapshot })
}

function rememberOne(tx: Tx, project: string, { snapshot, ...writing }: Writing & { snapshot: Snapshot }): void {
  const { host, heads, kept } = writing
  const { part, value } = snapshot
  const digest = writing.digest(comparedText(snapshot))
  const head = heads.find(each => each.host === host && each.part === part)
  if (head?.digest === digest) return
  const n = (head?.n ?? 0) + 1
  const at = head !== undefined && head.at > snapshot.at ? head.at : snapshot.at
  if (head !== undefined) tx.run(END, [at, project, host, part, head.n])
  tx.run(BEGIN, [project, host, part, n, at, null, digest, JSON.stringify(value)])
  const most = part.includes(':') ? kept.documents : kept.values
  if (n > most) tx.run(FORGET, [project, host, part, n - most])
}

const END = 'update inventory_history set until = ? where project = ? and host = ? and part = ? and n = ?'
const BEGIN =
  'insert into inventory_history (project, host, part, n, at, until, digest, value) values (?, ?, ?, ?, ?, ?, ?, ?)'
const FORGET = 'delete from inventory_history where project = ? and host = ? and part = ? and n <= ?'

/** Forgets everything of a host. */
export async function forget(tx: Tx, project: string, host: string): Promise<void> {
  await tx.of<HistoryTables>(project).remove('inventory_history').where('host', '=', host).execute()
}
