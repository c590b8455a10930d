// SPDX-License-Identifier: Apache-2.0
/** Keeps views: each act in one transaction; what a project shares is audited and told. */
import { formatTime, newUlid } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { type EventKind, resourceEvents } from '../../kernel/event-types.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import type { Db, Tx } from '../../store/store.ts'
import { problem } from './problems.ts'
import type { DashboardTables, ViewRow } from './tables.ts'

export const VIEW_EVENTS: readonly EventKind[] = resourceEvents('view', 'A view that the project shares')

/** So many are kept: of one person in a project, and shared by a project. */
const MOST = { own: 100, shared: 200 } as const
/** The owner of what is shared. */
const EVERYBODY = ''

export type By = { readonly by: Principal; readonly request: string }
export type NewView = {
  readonly project: string
  readonly page: string
  readonly name: string
  readonly query: string
  readonly shared: boolean
}

/** Those that the project shares and those of one person, by name. */
export async function listViews(
  db: Db,
  { project, person, page }: { readonly project: string; readonly person: string; readonly page?: string | undefined },
): Promise<readonly ViewRow[]> {
  let rows = views(db, project).selectAll().where('owner', 'in', [EVERYBODY, person])
  if (page !== undefined) rows = rows.where('page', '=', page)
  return rows.orderBy('name').orderBy('id').execute()
}

/** Somebody else's private view is not there. Throws `not-found`. */
export async function getView(
  db: Db,
  { project, person, id }: { readonly project: string; readonly person: string; readonly id: string },
): Promise<ViewRow> {
  const row = await views(db, project)
    .selectAll()
    .where('id', '=', id)
    .where('owner', 'in', [EVERYBODY, person])
    .executeTakeFirst()
  if (row === undefined) throw kernelProblem('not-found', `view ${id.slice(0, 40)}`)
  return row
}

/** Under a name that there is already it takes the place of what was there. Throws `too-many-views`. */
export async function saveView(kernel: Kernel, view: NewView, { by, request }: By): Promise<ViewRow> {
  const { project, page, name, query, shared } = view
  const owner = shared ? EVERYBODY : by.id
  return kernel.store.change(async tx => {
    const now = kernel.clock.now()
    const fresh = { query, by_name: by.name, updated_at: formatTime(now) }
    const before = await views(tx, project)
      .selectAll()
      .where('owner', '=', owner)
      .where('page', '=', page)
      .where('name', '=', name)
      .executeTakeFirst()
    const own = tx.of<DashboardTables>(project)
    if (before !== undefined) {
      await own.update('dashboard_views', fresh).where('id', '=', before.id).execute()
      const row = { ...before, ...fresh }
      if (shared) await record(kernel, tx, { row, act: 'change', by, request })
      return row
    }
    await refuseMore(tx, project, owner)
    const id = newUlid(now, kernel.random)
    const row: ViewRow = { project, id, owner, page, name, created_at: formatTime(now), ...fresh }
    const { project: _, ...columns } = row
    await own.insert('dashboard_views', columns).execute()
    if (shared) await record(kernel, tx, { row, act: 'create', by, request })
    return row
  })
}

export async function removeView(kernel: Kernel, row: ViewRow, { by, request }: By): Promise<void> {
  await kernel.store.change(async tx => {
    await tx.of<DashboardTables>(row.project).remove('dashboard_views').where('id', '=', row.id).execute()
    if (isShared(row)) await record(kernel, tx, { row, act: 'delete', by, request })
  })
}

export function isShared({ owner }: ViewRow): boolean {
  return owner === EVERYBODY
}

function views(db: Db, project: string) {
  return db.of<DashboardTables>(project).select('dashboard_views')
}

async function refuseMore(tx: Tx, project: string, owner: string): Promise<void> {
  const row = await views(tx, project)
    .select(each => each.fn.countAll<number>().as('count'))
    .where('owner', '=', owner)
    .executeTakeFirst()
  const most = owner === EVERYBODY ? MOST.shared : MOST.own
  if (Number(row?.count ?? 0) >= most)
    throw problem('too-many-views', owner === EVERYBODY ? `${most} in the project` : `${most} of your own`)
}

const EVENTS = { create: 'created', change: 'changed', delete: 'deleted' } as const

type Recorded = By & { readonly row: ViewRow; readonly act: keyof typeof EVENTS }

async function record(kernel: Kernel, tx: Tx, { row, act, by, request }: Recorded): Promise<void> {
  const { project, id, page, name, query } = row
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: `view.${act}`,
    target: id,
    outcome: 'done',
    request,
    detail: { page, name, query },
  })
  await kernel.events.emit(tx, { project, type: `view.${EVENTS[act]}`, subject: id, data: { name, by: by.name } })
}
