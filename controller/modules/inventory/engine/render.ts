// SPDX-License-Identifier: Apache-2.0
/** Rows as whole resources, with those they refer to embedded: a number of queries that does not grow with the rows. */
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Db } from '../../../store/store.ts'
import type { Shown } from './engine.ts'
import {
  type Cell,
  type ColumnMember,
  isOutside,
  type Kind,
  type Member,
  type Members,
  type ReferenceMember,
  type Row,
} from './kind.ts'
import { shownUnset, valueIn } from './members.ts'
import { rowsById, targetOf, textOf, type World } from './world.ts'

const DEPTH = 2

export type Rows = { readonly kind: Kind; readonly project: string; readonly rows: readonly Row[] }

type Embedded = ReadonlyMap<string, ReadonlyMap<string, Members>>

/** In the order of the rows. */
export async function resourcesOf(
  world: World,
  db: Db,
  { kind, project, rows, depth = DEPTH, without = [], asked = {} }: Rows & Shown,
): Promise<readonly Members[]> {
  if (rows.length === 0) return []
  const embedded: Map<string, ReadonlyMap<string, Members>> = new Map()
  for (const [name, member] of Object.entries(kind.members)) {
    if (member.is !== 'reference' || member.shownAs === 'id' || depth <= 0 || without.includes(name)) continue
    embedded.set(name, await led(world, db, { member, project, rows, depth: depth - 1 }))
  }
  const computed = await kind.render?.({ db, project, rows, depth, asked })
  return rows.map(row => ({ ...resourceOf(kind, row, embedded), ...computed?.get(row.id), ...stampOf(row) }))
}

type Led = { member: ReferenceMember; project: string; rows: readonly Row[]; depth: number }

async function led(world: World, db: Db, { member, project, rows, depth }: Led): Promise<ReadonlyMap<string, Members>> {
  const ids = [...new Set(rows.flatMap(row => textOf(row[member.column]) ?? []))]
  if (ids.length === 0) return new Map()
  const target = targetOf(world, member.to)
  if (isOutside(target)) return target.render(project, ids, depth)
  return resourcesById(world, db, { kind: target, project, ids, depth })
}

export async function resourcesById(
  world: World,
  db: Db,
  { ids, ...of }: Omit<Rows, 'rows'> & Shown & { readonly ids: readonly string[] },
): Promise<ReadonlyMap<string, Members>> {
  const rows = await rowsById(db, of.kind, { project: of.project, ids })
  const resources = await resourcesOf(world, db, { ...of, rows })
  return new Map(resources.map(each => [String(each.resourceId), each]))
}

function stampOf(row: Row): Members {
  return { timestamps: { createdAt: row.created_at, updatedAt: row.updated_at } }
}

function resourceOf(kind: Kind, row: Row, embedded: Embedded): Members {
  const members: Record<string, Json> = { resourceId: row.id }
  for (const [name, member] of Object.entries(kind.members)) {
    for (const [shown, value] of shownBy(name, member, { row, embedded }))
      if (value !== undefined) members[shown] = value
  }
  return members
}

function shownBy(
  name: string,
  member: Member,
  { row, embedded }: { row: Row; embedded: Embedded },
): readonly (readonly [string, Json | undefined])[] {
  if (member.is === 'alias') return [[name, row.id]]
  if (member.is === 'column') return member.secret ? [] : [[name, shownCell(member, row[member.column])]]
  if (member.is !== 'reference') return []
  const { shownAs = 'resource', writes = name, none } = member
  const id = textOf(row[member.column])
  const whole = id === undefined ? none : embedded.get(name)?.get(id)
  return [
    ...(shownAs === 'resource' ? bareId(name, writes, id) : [[writes, id] as const]),
    ...(shownAs === 'id' || !embedded.has(name) ? [] : [[name, whole] as const]),
  ]
}

/**
 * The id that a body sets, read back. The specification has it for bodies only; EIM sends it in answers as well, and its
 * command line reads it there, empty when it leads nowhere.
 */
function bareId(name: string, writes: string, id: string | undefined): readonly (readonly [string, Json])[] {
  return writes === name ? [] : [[writes, id ?? '']]
}

function shownCell(member: ColumnMember, cell: Cell | undefined): Json | undefined {
  return valueIn(cell, member.form ?? 'text') ?? shownUnset(member)
}
