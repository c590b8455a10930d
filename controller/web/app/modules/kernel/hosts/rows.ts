// SPDX-License-Identifier: Apache-2.0
/** Rows of the list of hosts: the few members that are shown, page by page, and which hosts a search means. */
import { type HostFilter, readWords } from '../../../../../query/words.ts'
import { WordsProblem } from '../../../../../query/words-cut.ts'
import { call, send } from '../../../api/call.ts'
import type { Sorting } from '../../../kit/data-table.tsx'
import type { RowPage } from '../../../kit/rows.ts'
import { CHIP_FIELDS, type ChipSource, type SectionState } from './chips.ts'

export type Label = { readonly key: string; readonly value: string }

/** A host as the list asks for it. */
export type HostRow = ChipSource & {
  readonly resourceId: string
  readonly name: string
  readonly hostname?: string
  readonly serialNumber?: string
  readonly metadata: readonly Label[]
  readonly simulated: boolean
  readonly currentState: string
  readonly note?: string
  readonly timestamps?: { readonly createdAt: string }
  readonly site?: { readonly name?: string; readonly resourceId?: string }
  readonly siteId?: string
  readonly productName?: string
  readonly operatingSystem?: { readonly name?: string; readonly kernel?: string }
  readonly sections?: readonly SectionState[]
}

const KERNEL_FIELDS = [
  ...['name', 'hostname', 'serialNumber', 'metadata', 'simulated', 'currentState', 'note', 'timestamps.createdAt'],
  ...CHIP_FIELDS.filter(name => name !== 'presence'),
  ...['online', 'since', 'lastSeen', 'reason', 'standing', 'agent', 'address', 'transport'].map(
    name => `presence.${name}`,
  ),
]
const INVENTORY_FIELDS = [
  'site.name',
  'site.resourceId',
  'productName',
  'operatingSystem.name',
  'operatingSystem.kernel',
]

/** The members to ask for; those of a module that is off are not known. */
export function rowFields(modules: readonly string[]): string {
  return [...KERNEL_FIELDS, ...(modules.includes('inventory') ? INVENTORY_FIELDS : [])].join(',')
}

export type Search =
  | { readonly text: string; readonly filter: HostFilter }
  | { readonly text: string; readonly problem: string }

/** What a text asks for, or why it cannot be asked. */
export function readSearch(text: string): Search {
  try {
    return { text, filter: readWords(text) }
  } catch (thrown) {
    if (thrown instanceof WordsProblem) return { text, problem: thrown.message }
    throw thrown
  }
}

export function filterOfSearch(search: Search): HostFilter {
  return 'filter' in search ? search.filter : {}
}

/** By the name of a column, the members that put its rows in order. */
const ORDERS: Readonly<Record<string, (descending: boolean) => string>> = {
  // Who is there was heard of just now; of the others it is known since when they are gone.
  contact: descending => (descending ? 'online desc,hostStatusTimestamp desc' : 'online,hostStatusTimestamp'),
}

export function orderOf(sorting: Sorting | undefined): string {
  if (sorting === undefined) return 'name'
  const own = ORDERS[sorting.by]
  return own === undefined ? `${sorting.by}${sorting.descending ? ' desc' : ''}` : own(sorting.descending)
}

/** `-agent` and `agent`, as the address has it. */
export function readSorting(text: string): Sorting | undefined {
  if (text === '') return undefined
  return text.startsWith('-') ? { by: text.slice(1), descending: true } : { by: text, descending: false }
}

export function spellSorting(sorting: Sorting | undefined): string {
  return sorting === undefined ? '' : `${sorting.descending ? '-' : ''}${sorting.by}`
}

const PATH = '/v1/projects/{projectName}/compute/hosts'

export type Asking = {
  readonly project: string
  readonly filter: HostFilter
  readonly fields: string
  readonly orderBy?: string
}

type Page = { readonly hosts: readonly HostRow[]; readonly totalElements: number; readonly nextCursor?: string }

export async function readRows(
  { project, filter, fields, orderBy = 'name' }: Asking,
  page: { readonly offset: number; readonly limit: number; readonly signal?: AbortSignal },
): Promise<RowPage<HostRow>> {
  const wanted = call('GET', PATH, {
    path: { projectName: project },
    query: { ...filter, fields, orderBy, offset: page.offset, pageSize: page.limit },
  })
  const { hosts, totalElements } = await send<Page>(wanted, page.signal)
  return { rows: hosts, total: totalElements }
}

/** No more than this is done at once; what is more needs the command line, which can be left alone. */
export const MOST_AT_ONCE = 5_000
const PAGE = 500

/** All hosts that fit now: what happens to them afterwards changes nothing about who is meant. */
export async function freeze({ project, filter, fields }: Asking, signal?: AbortSignal): Promise<readonly HostRow[]> {
  const rows: HostRow[] = []
  let cursor = ''
  do {
    const wanted = call('GET', PATH, {
      path: { projectName: project },
      query: { ...filter, fields, orderBy: 'name', pageSize: PAGE, ...(cursor === '' ? {} : { cursor }) },
    })
    const page = await send<Page>(wanted, signal)
    rows.push(...page.hosts)
    cursor = page.nextCursor ?? ''
  } while (cursor !== '' && rows.length < MOST_AT_ONCE)
  return rows
}

/** A selection by ids as a filter, for what takes only filters. */
export function idsFilter(ids: readonly string[]): HostFilter {
  return { filter: ids.map(id => `resourceId = ${id}`).join(' OR ') }
}

/** So many ids fit in one filter. */
export const IDS_AT_ONCE = 60

/** The hosts with these ids, as they are now; those that are gone are left out. */
export async function freezeIds(
  { project, fields }: Pick<Asking, 'project' | 'fields'>,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<readonly HostRow[]> {
  const rows: HostRow[] = []
  for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
    const filter = idsFilter(ids.slice(at, at + IDS_AT_ONCE))
    rows.push(...(await freeze({ project, fields, filter }, signal)))
  }
  return rows
}
