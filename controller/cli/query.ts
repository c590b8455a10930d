// SPDX-License-Identifier: Apache-2.0
/** The words of `-q` and the labels of `-l` as the controller's own filters. */
import type { Filter } from '../query/query.ts'
import { textOf } from '../query/text.ts'
import type { Query } from './client.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'

/** What hosts must fit, as parameters of the hosts route. */
export type HostFilter = {
  readonly search?: string
  readonly label?: string
  readonly online?: boolean
  /** In the controller's filter language. */
  readonly filter?: string
}

/**
 * Reads the search language: `key:value` is a label, `online:true` presence, `health:failing` the kind of status, and
 * anything else a part of a name, host name, id, UUID or serial number. A dash in front excludes. Throws `usage` for what
 * the controller cannot answer.
 */
export function readQuery(text: string): HostFilter {
  const labels: string[] = []
  const words: string[] = []
  const more: Filter[] = []
  let online: boolean | undefined
  for (const token of text.split(/\s+/).filter(each => each !== '')) {
    const excluded = token.startsWith('-')
    const [, key, value] = /^([^:]+):(.*)$/.exec(excluded ? token.slice(1) : token) ?? []
    if (key === 'online' && value !== undefined) online = readBoolean(value) !== excluded
    else if (excluded || key === 'health') more.push(restriction(token, { excluded, key, value }))
    else if (key === undefined || value === undefined) words.push(token)
    else labels.push(`${key}=${labelValue(value)}`)
  }
  return {
    ...(words.length === 0 ? {} : { search: words.join(' ') }),
    ...(labels.length === 0 ? {} : { label: labels.join(',') }),
    ...(online === undefined ? {} : { online }),
    ...(more.length === 0 ? {} : { filter: textOf({ kind: 'and', parts: more, at: 0 }) }),
  }
}

type Read = { readonly excluded: boolean; readonly key: string | undefined; readonly value: string | undefined }

/** What only the filter language can say. */
function restriction(token: string, { excluded, key, value }: Read): Filter {
  const part = key === undefined || value === undefined ? wordFilter(token.slice(1)) : memberFilter(key, value)
  return excluded ? { kind: 'not', part, at: 0 } : part
}

function wordFilter(text: string): Filter {
  if (text === '') throw problem('usage', '-q takes a word behind the dash')
  return { kind: 'text', value: { text, quoted: true, at: 0 }, at: 0 }
}

const HEALTH: Readonly<Record<string, string>> = {
  failing: 'ERROR',
  busy: 'IN_PROGRESS',
  ok: 'IDLE',
  unknown: 'UNSPECIFIED',
}

function memberFilter(key: string, value: string): Filter {
  if (key !== 'health') return comparison(['metadata', labelKey(key)], labelValue(value))
  const indicator = Object.hasOwn(HEALTH, value) ? HEALTH[value] : undefined
  if (indicator === undefined) throw problem('usage', `-q takes health: ${Object.keys(HEALTH).join(', ')}`)
  return comparison(['hostStatusIndicator'], `STATUS_INDICATION_${indicator}`)
}

function comparison(field: readonly string[], text: string): Filter {
  return { kind: 'compare', field, operator: '=', value: { text, quoted: true, at: 0 }, at: 0 }
}

function labelKey(key: string): string {
  if (!/^[a-z0-9./_-]+$/i.test(key)) throw problem('usage', `no label has the key ${key}`)
  return key
}

function labelValue(value: string): string {
  if (/^[<>]|,|=/.test(value)) throw problem('usage', `-q compares labels as a whole, not with ${value}`)
  return value
}

function readBoolean(value: string): boolean {
  if (value !== 'true' && value !== 'false') throw problem('usage', '-q takes online:true or online:false')
  return value === 'true'
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
