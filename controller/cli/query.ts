// SPDX-License-Identifier: Apache-2.0
/** The words of `-q` and the labels of `-l` as the controller's own filters. */
import { type HostFilter, readWords } from '../query/words.ts'
import { WordsProblem } from '../query/words-cut.ts'
import type { Query } from './client.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'

export type { HostFilter }

/** Reads the search language of `-q`. Throws `usage`, with the place, for what the controller cannot answer. */
export function readQuery(text: string): HostFilter {
  try {
    return readWords(text)
  } catch (thrown) {
    if (thrown instanceof WordsProblem) throw problem('usage', `-q, ${thrown.message}`)
    throw thrown
  }
}

/** Filters that EIM's command line has names for. */
const NAMED: Readonly<Record<string, string>> = {
  provisioned: 'instance.provisioningStatus="Provisioned"',
  onboarded: 'currentState=HOST_STATE_ONBOARDED',
  registered: 'currentState=HOST_STATE_REGISTERED',
  'not connected': 'online=false',
  deauthorized: 'currentState=HOST_STATE_UNTRUSTED',
  error: 'hostStatusIndicator=STATUS_INDICATION_ERROR',
}

/** What the options `-q`, `-l`, `--filter`, `--online` and `--offline` select; empty when none is given. */
export function filterOf(options: Options): HostFilter {
  if (options.has('online') && options.has('offline'))
    throw problem('usage', '--online and --offline exclude each other')
  const { search, label, online, filter: queried } = readQuery(options.text('query') ?? '')
  const labels = options.labels('selector').map(({ key, value }) => `${key}=${value}`)
  const all = [...(label === undefined ? [] : [label]), ...labels].join(',')
  const present = options.has('online') ? true : options.has('offline') ? false : online
  const filters = [named(options.text('filter') ?? ''), queried ?? ''].filter(each => each.trim() !== '')
  const filter = filters.length < 2 ? filters[0] : filters.map(each => `(${each})`).join(' AND ')
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(search === undefined ? {} : { search }),
    ...(all === '' ? {} : { label: all }),
    ...(present === undefined ? {} : { online: present }),
  }
}

function named(filter: string): string {
  const name = filter.toLowerCase()
  return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? filter) : filter
}

/** Whether a filter selects at all. */
export function selects(filter: HostFilter): boolean {
  return Object.keys(filter).length > 0
}

/** The filter as query parameters. */
export function parametersOf({ search, label, online, filter }: HostFilter): Query {
  return { search, label, online, filter }
}
