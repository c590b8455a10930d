// SPDX-License-Identifier: Apache-2.0
/** Rules every kind shares: what is referred to is there, keys are unique, nothing that is held goes. */
import type { Tx } from '../../../store/store.ts'
import { type Draft, type Holder, isOutside, type Kind, type Row } from './kind.ts'
import { inputsOf } from './members.ts'
import { problem } from './problems.ts'
import { findRow, holdersOf, type ResourceTables, targetOf, textOf, type World } from './world.ts'

/** Throws `reference-unknown` for what is not in this project; the same for what another has. */
export async function checkReferences(
  world: World,
  tx: Tx,
  { kind, draft }: { kind: Kind; draft: Draft },
): Promise<void> {
  for (const { spec, name } of inputsOf(kind)) {
    if (spec.is !== 'reference') continue
    const id = textOf(draft.next[spec.column])
    if (id === undefined || id === draft.present?.[spec.column]) continue
    if (await isPresent(world, tx, { to: spec.to, project: draft.act.project, id })) continue
    throw problem('reference-unknown', `${name}: there is no ${id.slice(0, 80)}`, { pointer: `/body/${name}` })
  }
}

type Named = { readonly to: string; readonly project: string; readonly id: string }

async function isPresent(world: World, tx: Tx, { to, project, id }: Named): Promise<boolean> {
  const target = targetOf(world, to)
  if (isOutside(target)) return (await target.present(tx, project, [id])).has(id)
  return (await findRow(tx, target, { project, id })) !== undefined
}

/** Throws `already-exists`, naming the key and the one that has it. */
export async function checkUnique(tx: Tx, { kind, next }: { kind: Kind; next: Row }): Promise<void> {
  for (const { columns, key } of kind.unique ?? []) {
    if (columns.some(column => next[column] === null || next[column] === undefined)) continue
    let rows = tx.of<ResourceTables>(next.project).select(kind.table).select('id').where('id', '!=', next.id)
    for (const column of columns) rows = rows.where(column, '=', next[column] ?? null)
    const other = await rows.executeTakeFirst()
    if (other === undefined) continue
    const values = columns.map(column => String(next[column]).slice(0, 80)).join(', ')
    throw problem('already-exists', `the ${key} ${values} belongs to ${other.id}`, { key, resourceId: other.id })
  }
}

const NAMED = 5

/** Throws `in-use`, counting and naming what holds it. */
export async function refuseHeld(world: World, tx: Tx, { kind, row }: { kind: Kind; row: Row }): Promise<void> {
  const held: { readonly words: string; readonly count: number; readonly ids: readonly string[] }[] = []
  for (const holder of holdersOf(world, kind)) {
    const { count, ids } = await holding(tx, holder, row)
    if (count > 0) held.push({ words: holder.words[count === 1 ? 0 : 1], count, ids })
  }
  if (held.length === 0) return
  const counts = held.map(({ words, count }) => `${count} ${words}`).join(', ')
  const ids = held.flatMap(each => each.ids)
  const more = held.some(each => each.count > each.ids.length) ? ', …' : ''
  throw problem('in-use', `${kind.words[0]} ${row.id} is held by ${counts}: ${ids.join(', ')}${more}`, {
    holders: held.map(({ words, count, ids }) => ({ kind: words, count, ids })),
  })
}

async function holding(tx: Tx, { table, column, id = 'id', unless }: Holder, row: Row) {
  let rows = tx.of<ResourceTables>(row.project).select(table).where(column, '=', row.id)
  if (unless !== undefined) rows = rows.where(unless.column, '!=', unless.equals)
  const { count } = await rows.select(each => each.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  const some = Number(count) === 0 ? [] : await rows.select(`${id} as holder`).orderBy(id).limit(NAMED).execute()
  // The builder cannot know a column whose name is only known at run time.
  return { count: Number(count), ids: some.map(each => String((each as unknown as { holder: unknown }).holder)) }
}
