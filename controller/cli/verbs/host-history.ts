// SPDX-License-Identifier: Apache-2.0
/** `muster host history`: what a part of a host was, and for how long. */
import { formatAge } from '../../../plugins/contract/time.ts'
import { paths } from '../api.ts'
import type { Run } from '../grammar.ts'
import { oneHost } from '../hosts.ts'
import type { View } from '../output.ts'
import { age } from '../views/command.ts'

type Value = {
  readonly n: number
  readonly at: string
  readonly until?: string
  readonly durationMs: number
  readonly value: unknown
}

/** Statuses have a text; of other parts the members are shown. */
function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if ('text' in value && typeof value.text === 'string') return value.text === '' ? 'not connected yet' : value.text
  return JSON.stringify(value)
}

const view: View<Value> = {
  kind: 'HostValue',
  name: value => String(value.n),
  columns: [
    { title: 'AGE', cell: (value, now) => age(value.at, now), right: true },
    { title: 'HELD', cell: value => formatAge(value.durationMs), right: true },
    { title: 'WHAT', cell: value => shown(value.value) },
    { title: 'FROM', cell: value => value.at, wide: true },
    { title: 'UNTIL', cell: value => value.until ?? 'now', wide: true },
  ],
}

export const history: Run = async call => {
  const session = await call.session()
  const host = await oneHost(call, session)
  const page: { values: readonly Value[] } = await session.client.get(
    paths.hostHistory(session.project, host.resourceId),
    { query: { part: call.options.text('part'), limit: call.options.count('limit') } },
  )
  await call.output.list(view, page.values)
  return undefined
}
