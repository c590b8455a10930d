// SPDX-License-Identifier: Apache-2.0
/** Creates, changes and removes resources: checked, recorded and announced within the caller's transaction. */
import { formatTime, type Json } from '../../../../plugins/contract/index.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { isQuota, withinQuota } from '../../../kernel/quotas.ts'
import type { Tx } from '../../../store/store.ts'
import type { Change, Given } from './engine.ts'
import { type Gathered, gatherAll, gatherMasked, gatherReplaced } from './gather.ts'
import type { Act, Cell, Draft, Kind, Row } from './kind.ts'
import { cellOf, columnOf, type Input } from './members.ts'
import { problem } from './problems.ts'
import { record } from './record.ts'
import { checkReferences, checkUnique, refuseHeld } from './rules.ts'
import { getRow, type ResourceTables, type World } from './world.ts'

type Cells = Record<string, Cell>

/** The members were checked by the kind's schema; everything else is checked here. */
export async function createRow(
  world: World,
  tx: Tx,
  { act, kind, members }: { act: Act; kind: Kind; members: Given },
) {
  const gathered = gatherAll(kind, members)
  if (isQuota(kind.plural))
    await withinQuota(tx, act.project, { quota: kind.plural, present: () => countRows(tx, act.project, kind) })
  const now = formatTime(world.kernel.clock.now())
  const id = await freshId(world, tx, kind)
  const stamp = { project: act.project, id, revision: 1, created_at: now, updated_at: now }
  const first: Row = { ...emptyCells(kind), ...cellsOf(gathered), ...stamp }
  const next = await checked(world, tx, {
    kind,
    draft: { act, next: first, present: undefined, given: gathered.given },
  })
  const { project, ...columns } = next
  await tx.of<ResourceTables>(project).insert(kind.table, columns).execute()
  await kind.save?.(tx, { act, next, present: undefined, given: gathered.given })
  await record(world, tx, { kind, act, row: next, what: 'create', gathered })
  return next
}

async function countRows(tx: Tx, project: string, { table }: Kind): Promise<number> {
  const { total } = await tx
    .of<ResourceTables>(project)
    .select(table)
    .select(each => each.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return Number(total)
}

export async function changeRow(world: World, tx: Tx, { act, kind, change }: { act: Act; kind: Kind; change: Change }) {
  const present = await getRow(tx, kind, { project: act.project, id: change.id })
  refuseOther(present, change.revision)
  const gathered =
    change.how === 'put' ? gatherReplaced(kind, change.members) : gatherMasked(kind, change.members, change.mask)
  const movable = withoutFixed(gathered, present)
  const wished: Row = { ...present, ...cellsOf(movable), ...fixedColumns(present) }
  const next = await checked(world, tx, { kind, draft: { act, next: wished, present, given: movable.given } })
  const different = Object.entries(next).filter(([column, cell]) => cell !== present[column])
  const elsewhere = movable.inputs.some(({ spec, name }) => spec.is === 'extra' && movable.given[name] !== undefined)
  if (different.length === 0 && !elsewhere) return present
  const stamp = { revision: present.revision + 1, updated_at: formatTime(world.kernel.clock.now()) }
  // Only what differs is written, so that two who change different members at once both find their change kept.
  await writeCells(tx, { kind, row: present }, { ...Object.fromEntries(different), ...stamp })
  const written: Row = { ...next, ...stamp }
  await kind.save?.(tx, { act, next: written, present, given: movable.given })
  const changed = different.map(([column]) => column)
  await record(world, tx, { kind, act, row: written, what: 'change', gathered: movable, changed })
  return written
}

type Removal = { readonly act: Act; readonly kind: Kind; readonly row: Row; readonly revision?: number | undefined }

/** Throws `in-use` when something holds it. */
export async function removeRow(world: World, tx: Tx, { act, kind, row, revision }: Removal): Promise<void> {
  refuseOther(row, revision)
  await refuseHeld(world, tx, { kind, row })
  await kind.drop?.(tx, act, row)
  await tx.of<ResourceTables>(row.project).remove(kind.table).where('id', '=', row.id).execute()
  await record(world, tx, { kind, act, row, what: 'delete' })
}

function refuseOther({ revision: now }: Row, expected: number | undefined): void {
  if (expected === undefined || expected === now) return
  throw kernelProblem('revision-mismatch', `it is at revision ${now} now`, { revision: now })
}

/** Sets columns that no body may set; nothing is checked or recorded. Throws `not-found`. */
export async function setCells(
  world: World,
  tx: Tx,
  { kind, project, id, columns }: { kind: Kind; project: string; id: string; columns: Readonly<Cells> },
): Promise<void> {
  const row = await getRow(tx, kind, { project, id })
  const stamp = { revision: row.revision + 1, updated_at: formatTime(world.kernel.clock.now()) }
  await writeCells(tx, { kind, row }, { ...columns, ...stamp })
}

async function writeCells(tx: Tx, { kind, row }: { kind: Kind; row: Row }, cells: Readonly<Cells>): Promise<void> {
  const update = tx.of<ResourceTables>(row.project).update(kind.table, cells)
  await update.where('id', '=', row.id).execute()
}

async function checked(world: World, tx: Tx, { kind, draft }: { kind: Kind; draft: Draft }): Promise<Row> {
  await checkReferences(world, tx, { kind, draft })
  const more = (await kind.check?.(tx, draft)) ?? {}
  const next: Row = { ...draft.next, ...more, ...fixedColumns(draft.next) }
  await checkUnique(tx, { kind, next })
  return next
}

function fixedColumns({ project, id, revision, created_at, updated_at }: Row) {
  return { project, id, revision, created_at, updated_at }
}

function emptyCells(kind: Kind): Cells {
  const cells: Cells = {}
  for (const member of Object.values(kind.members)) if ('column' in member) cells[member.column] = null
  return cells
}

function cellsOf({ inputs, given }: Gathered): Cells {
  const cells: Cells = {}
  for (const input of inputs) {
    const place = columnOf(input)
    if (place !== undefined) cells[place.column] = cellOf(given[input.name], place.form, input.required)
  }
  return cells
}

/** Leaves out members that are set once for all; throws `member-fixed` when one would become something else. */
function withoutFixed({ inputs, given }: Gathered, present: Row): Gathered {
  const stays = (input: Input): boolean => {
    const place = columnOf(input)
    if (input.write !== 'create' || place === undefined) return true
    const cell = cellOf(given[input.name], place.form, input.required)
    if (cell === present[place.column]) return false
    throw problem('member-fixed', input.name, { pointer: `/${input.name}` })
  }
  const movable = inputs.filter(stays)
  const left: Record<string, Json | undefined> = {}
  for (const { name } of movable) left[name] = given[name]
  return { inputs: movable, given: left }
}

/** Ids are unique in the installation, so that one never means two things; they collide at some 65,000 resources. */
async function freshId(world: World, tx: Tx, kind: Kind): Promise<string> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const hex = Buffer.from(world.kernel.random(4)).toString('hex')
    const id = `${kind.prefix}-${hex}`
    const rows = tx.installation<ResourceTables>().selectFrom(kind.table)
    const taken = await rows.select('id').where('id', '=', id).executeTakeFirst()
    if (taken === undefined) return id
  }
  throw kernelProblem('conflict', `no free id for a ${kind.words[0]} was found`)
}
