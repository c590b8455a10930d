// SPDX-License-Identifier: Apache-2.0
/** `muster host history`: what a part of a host was, and for how long. */
import { formatAge } from '../../../plugins/contract/time.ts'
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { oneHost } from '../hosts.ts'
import type { View } from '../output.ts'
import { problem } from '../problems.ts'
import { age } from '../views/command.ts'

type Value = {
  readonly n: number
  readonly at: string
  readonly until?: string
  readonly durationMs: number
  readonly value: unknown
}

type Members = Readonly<Record<string, unknown>>

/** Statuses have a text; of other parts the members are shown that were not so before. */
function shown(value: unknown, before: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if ('text' in value && typeof value.text === 'string') return value.text === '' ? 'not connected yet' : value.text
  if (typeof before !== 'object' || before === null) return JSON.stringify(value)
  const [now, then] = [value as Members, before as Members] // both were just looked at
  const changed = [...new Set([...Object.keys(then), ...Object.keys(now)])]
    .filter(name => !isApart(name, now[name]) && JSON.stringify(now[name]) !== JSON.stringify(then[name]))
    .map(name => `${name}: ${spelled(then[name])} → ${spelled(now[name])}`)
  return changed.length === 0 ? 'the same' : changed.join(', ')
}

/** The status of a host is a part of its own; that of a report is a word. */
function isApart(name: string, value: unknown): boolean {
  return name === 'updatedAt' || (name === 'status' && typeof value === 'object')
}

function spelled(value: unknown): string {
  if (value === undefined || value === '') return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `values` from the newest to the oldest. */
function viewOf(values: readonly Value[]): View<Value> {
  const before = new Map(values.map((value, at) => [value, values[at + 1]?.value]))
  return {
    kind: 'HostValue',
    name: value => String(value.n),
    columns: [
      { title: 'AGE', cell: (value, now) => age(value.at, now), right: true },
      { title: 'HELD', cell: value => formatAge(value.durationMs), right: true },
      { title: 'WHAT', cell: value => shown(value.value, before.get(value)) },
      { title: 'FROM', cell: value => value.at, wide: true },
      { title: 'UNTIL', cell: value => value.until ?? 'now', wide: true },
    ],
  }
}

const PARTS = /^(status|record|presence|(section|desired):[a-z0-9-]+)$/

export const history: Run = async call => {
  const part = call.options.text('part')
  if (part !== undefined && !PARTS.test(part))
    throw problem('usage', '--part takes status, record, presence, section:<name> or desired:<name>')
  const session = await call.session()
  const host = await oneHost(call, session)
  const page: { values: readonly Value[] } = await session.client.get(
    paths.hostHistory(session.project, host.resourceId),
    { query: { part, limit: call.options.count('limit') } },
  )
  await call.output.list(viewOf(page.values), page.values)
  return undefined
}
