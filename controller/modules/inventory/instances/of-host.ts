// SPDX-License-Identifier: Apache-2.0
/** The instance of a host: on the host resource, in filters of hosts, and when the host is distrusted. */
import { sql } from 'kysely'
import type { SqlField } from '../../../query/query.ts'
import { through } from '../../../query/through.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { Engine } from '../engine/engine.ts'
import { fieldsOf } from '../engine/fields.ts'
import type { Act, Kind, Members } from '../engine/kind.ts'
import { memberFields } from '../workloads/membership.ts'
import { INSTANCE, INSTANCE_TABLE } from './instance.ts'

type Tables = {
  [INSTANCE_TABLE]: { project: string; id: string; host: string | null; desired_state: string; current_state: string }
}

/** Id of the instance of a host. */
export async function instanceIdOf(db: Db, project: string, host: string): Promise<string | undefined> {
  const row = await db
    .of<Tables>(project)
    .select(INSTANCE_TABLE)
    .select('id')
    .where('host', '=', host)
    .executeTakeFirst()
  return row?.id
}

/** The member `instance` of many hosts, by host, in a fixed number of queries; hosts without one are left out. */
export async function instancesOf(
  engine: Engine,
  db: Db,
  {
    project,
    hosts,
    depth = 2,
  }: { readonly project: string; readonly hosts: readonly string[]; readonly depth?: number },
): Promise<ReadonlyMap<string, Members>> {
  if (hosts.length === 0) return new Map()
  const rows = await db
    .of<Tables>(project)
    .select(INSTANCE_TABLE)
    .select(['id', 'host'])
    .where('host', 'in', [...hosts])
    .execute()
  const ids = rows.map(({ id }) => id)
  const shown = await engine.resourcesById(db, { project, kind: INSTANCE, ids }, { depth, without: ['host'] })
  return new Map(
    rows.flatMap(({ id, host }) => {
      const instance = shown.get(id)
      return host === null || instance === undefined ? [] : [[host, instance] as const]
    }),
  )
}

const ALIAS = 'host_instance'

/**
 * By what hosts may be filtered through their instance: `instance` itself, its own members (`instance.name`), those of
 * what it refers to (`instance.os.name`), and `instance.workloadMembers` with their workloads.
 */
export function instanceFields(find: (name: string) => Kind): Readonly<Record<string, SqlField>> {
  const instance = find(INSTANCE)
  // The host leads back to where the question comes from.
  const { host: _, ...members } = instance.members
  const kind: Kind = { ...instance, members }
  const way = { table: INSTANCE_TABLE, alias: ALIAS, key: 'host', from: 'kernel_hosts', by: 'id', once: true }
  const own = { ...fieldsOf(kind, { find, alias: ALIAS, depth: 2 }), ...memberFields(ALIAS) }
  return {
    instance: through({ type: 'reference', sql: () => sql.ref(`${ALIAS}.id`) }, way),
    ...Object.fromEntries(
      Object.entries(own).map(([name, field]) => [`instance.${name}`, through(field, way)] as const),
    ),
  }
}

/** Marks an instance as untrusted: from then on it can only be deleted. Idempotent. Throws `not-found`. */
export async function distrustInstance(
  engine: Engine,
  tx: Tx,
  { act, id }: { readonly act: Act; readonly id: string },
): Promise<void> {
  const row = await engine.get(tx, { project: act.project, kind: INSTANCE, id })
  if (row.desired_state === 'INSTANCE_STATE_UNTRUSTED') return
  await engine.change(tx, act, {
    kind: INSTANCE,
    id,
    how: 'patch',
    members: { desiredState: 'INSTANCE_STATE_UNTRUSTED' },
  })
}

/** The same for whatever instance a host has, if it has one. */
export async function distrustInstanceOf(
  engine: Engine,
  tx: Tx,
  { act, host }: { readonly act: Act; readonly host: string },
): Promise<void> {
  const id = await instanceIdOf(tx, act.project, host)
  if (id !== undefined) await distrustInstance(engine, tx, { act, id })
}
