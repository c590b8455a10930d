// SPDX-License-Identifier: Apache-2.0
/** The configurations an instance is to start with: which ones, in which order. */
import { sql } from 'kysely'
import type { SqlField } from '../../../query/query.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import type { Draft, Members, Row } from '../engine/kind.ts'
import { problem } from '../engine/problems.ts'

const TABLE = 'inventory_instance_configs'
type Tables = { [TABLE]: { project: string; instance: string; config: string; position: number } }

/** `has(customConfig)`: there is at least one. */
export const configFields: Readonly<Record<string, SqlField>> = {
  customConfig: { type: 'reference', sql: () => sql.ref('inventory_instances.configs') },
}

/** Ids of an instance's configurations, in their order. */
export function configIds({ configs }: Row): readonly string[] {
  return typeof configs === 'string' ? (JSON.parse(configs) as string[]) : [] // written by configCell
}

export function configCell(ids: readonly string[]): string | null {
  return ids.length === 0 ? null : JSON.stringify(ids)
}

/** The configurations themselves, by instance. */
export async function configsOf(
  engine: Engine,
  db: Db,
  { project, rows }: { readonly project: string; readonly rows: readonly Row[] },
): Promise<ReadonlyMap<string, readonly Members[]>> {
  const ids = [...new Set(rows.flatMap(configIds))]
  const configs = await engine.resourcesById(db, { project, kind: 'customConfig', ids }, { depth: 0 })
  return new Map(
    rows.map(row => [row.id, configIds(row).flatMap((id): readonly Members[] => present(configs.get(id)))]),
  )
}

/** Those a write asks for; `undefined` when it says nothing about them. Throws `reference-unknown`. */
export async function wantedConfigs(
  engine: Engine,
  tx: Tx,
  { act, given }: Draft,
): Promise<readonly string[] | undefined> {
  if (!('customConfigID' in given)) return undefined
  const ids = [...new Set((given.customConfigID ?? []) as readonly string[])] // checked by the member's schema
  for (const id of ids) {
    const config = await engine.find(tx, { project: act.project, kind: 'customConfig', id })
    if (config === undefined)
      throw problem('reference-unknown', `customConfigID: there is no ${id}`, { pointer: '/body/customConfigID' })
  }
  return ids
}

/** Keeps which instances use a configuration, so that it is not removed under them. */
export async function indexConfigs(tx: Tx, project: string, instance: string, ids: readonly string[]): Promise<void> {
  const rows = tx.of<Tables>(project)
  await rows.remove(TABLE).where('instance', '=', instance).execute()
  for (const [position, config] of ids.entries()) await rows.insert(TABLE, { instance, config, position }).execute()
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value]
}
