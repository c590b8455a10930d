// SPDX-License-Identifier: Apache-2.0
/** All kinds of one engine, and rows of their tables. */
import type { SelectQueryBuilder } from 'kysely'
import type { Kernel } from '../../../kernel/kernel.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Fields, SqlField } from '../../../query/query.ts'
import type { Db } from '../../../store/store.ts'
import type { Cell, Holder, Kind, OutsideKind, Row } from './kind.ts'

/** Tables of kinds are known by name only; their rows have these columns and those of the kind. */
export type ResourceTables = Record<string, Row>

export type World = {
  readonly kernel: Kernel
  readonly kinds: ReadonlyMap<string, Kind>
  readonly outside: ReadonlyMap<string, OutsideKind>
  /** What rows of a kind's own table may be filtered and ordered by. */
  readonly fieldsOf: (kind: Kind) => Fields<SqlField>
}

/** Throws a TypeError for a name that no part has brought. */
export function kindOf(world: World, name: string): Kind {
  const kind = world.kinds.get(name)
  if (kind === undefined) throw new TypeError(`there is no kind ${name}`)
  return kind
}

export function targetOf(world: World, name: string): Kind | OutsideKind {
  return world.outside.get(name) ?? kindOf(world, name)
}

export function rowsOf(db: Db, kind: Kind, project: string): SelectQueryBuilder<ResourceTables, string, Row> {
  // Narrows the name of a table that is only known at run time.
  return db.of<ResourceTables>(project).select(kind.table).selectAll() as SelectQueryBuilder<
    ResourceTables,
    string,
    Row
  >
}

export async function findRow(db: Db, kind: Kind, { project, id }: { project: string; id: string }) {
  return rowsOf(db, kind, project).where('id', '=', id).executeTakeFirst()
}

/** Throws `not-found`; the same for a row of another project. */
export async function getRow(db: Db, kind: Kind, one: { project: string; id: string }): Promise<Row> {
  const row = await findRow(db, kind, one)
  if (row === undefined) throw notFound(kind, one.id)
  return row
}

export function notFound(kind: Kind, id: string): Error {
  return kernelProblem('not-found', `${kind.words[0]} ${id.slice(0, 80)}`)
}

// SQLite takes at most 32,766 parameters in a statement, and other databases fewer.
const CHUNK = 500

/** Rows by id, in no particular order. */
export async function rowsById(
  db: Db,
  kind: Kind,
  { project, ids }: { readonly project: string; readonly ids: readonly string[] },
): Promise<readonly Row[]> {
  const found: Row[] = []
  for (let at = 0; at < ids.length; at += CHUNK) {
    found.push(
      ...(await rowsOf(db, kind, project)
        .where('id', 'in', ids.slice(at, at + CHUNK))
        .execute()),
    )
  }
  return found
}

/** Everything that can hold a thing of this kind: what it says itself, references of others, tables of others. */
export function holdersOf(world: World, kind: Kind): readonly Holder[] {
  const others = [...world.kinds.values()]
  const references = others.flatMap(other =>
    Object.values(other.members).flatMap(member =>
      member.is === 'reference' && member.to === kind.name && member.removal !== 'ignored'
        ? [{ words: other.words, table: other.table, column: member.column }]
        : [],
    ),
  )
  const tables = others.flatMap(({ holds = {} }) => holds[kind.name] ?? [])
  return [...(kind.holders ?? []), ...references, ...tables]
}

/** A column as text; `undefined` where it is empty. */
export function textOf(cell: Cell | undefined): string | undefined {
  return cell === null || cell === undefined ? undefined : String(cell)
}
