// SPDX-License-Identifier: Apache-2.0
/** What is looked for in the audit, as the address has it and as the API takes it; and what the list itself shows of breaks. */
import type { AnswerOf } from '../../../api/call.ts'

export type Entry = AnswerOf<'/v1/audit', 'GET'>['entries'][number]

/** Parts of the address. Times are RFC 3339, or a length back such as `24h`. */
export type Asked = {
  readonly chain: string
  readonly person: string
  readonly action: string
  readonly target: string
  readonly outcome: string
  readonly since: string
  readonly until: string
  readonly custody: boolean
}

/** Names of the filters in the address. */
export const FILTERS = ['person', 'action', 'target', 'outcome', 'since', 'until'] as const

export function isFiltered(asked: Asked): boolean {
  return FILTERS.some(name => asked[name] !== '')
}

const LENGTHS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** RFC 3339 of what the address says; `undefined` for what is no time, which then filters nothing. */
export function timeOf(text: string, now: number): string | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now - Number(count) * (LENGTHS[unit] ?? 0)).toISOString()
  const at = Date.parse(text)
  return text === '' || Number.isNaN(at) ? undefined : new Date(at).toISOString()
}

/** What `GET /v1/audit` takes, without what pages add. */
export function queryOf({ chain, person, action, target, outcome, since, until, custody }: Asked, now: number) {
  return {
    chain,
    ...(custody ? { custody } : {}),
    ...(person === '' ? {} : { principal: person }),
    ...(action === '' ? {} : { action }),
    ...(target === '' ? {} : { target }),
    ...(outcome === 'done' || outcome === 'refused' ? { outcome: outcome as 'done' | 'refused' } : {}), // one of the two, as just seen
    since: timeOf(since, now),
    until: timeOf(until, now),
  }
}

/** A line of the list: an entry, or that some are not there. */
export type Row =
  | { readonly kind: 'entry'; readonly entry: Entry; readonly detached: boolean }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }

/**
 * Entries, newest first, with their breaks: numbers have no gaps, and each entry names the hash of the one before. What
 * filters leave out looks like gaps too, so a filtered list has no breaks.
 */
export function rowsOf(entries: readonly Entry[], filtered: boolean): readonly Row[] {
  return entries.flatMap((entry, at): Row[] => {
    const older = entries[at + 1]
    if (filtered || older === undefined) return [{ kind: 'entry', entry, detached: false }]
    const missing = entry.n - older.n - 1
    if (missing <= 0) return [{ kind: 'entry', entry, detached: entry.prev !== older.hash }]
    return [
      { kind: 'entry', entry, detached: false },
      { kind: 'gap', from: older.n + 1, to: entry.n - 1 },
    ]
  })
}

/** The page of what an entry is about, as far as there is one. */
export function pageOf(target: string, chain: string, modules: readonly string[]): string | undefined {
  const [id = ''] = target.split('/')
  const found = PAGES.find(([pattern, , module]) => pattern.test(id) && modules.includes(module))
  if (found === undefined) return undefined
  const path = found[1](id)
  return chain.startsWith('project:') ? `${path}?project=${encodeURIComponent(chain.slice('project:'.length))}` : path
}

const PAGES: readonly (readonly [RegExp, (id: string) => string, string])[] = [
  [/^host-[0-9a-z]{8}$/, id => `/hosts/${id}`, 'kernel'],
  [/^webhook-[0-9a-f]{8}$/, id => `/webhooks/${id}`, 'webhooks'],
  [/^site-[0-9a-f]{8}$/, id => `/sites/${id}`, 'inventory'],
  [/^controller$/, () => '/system', 'kernel'],
]
