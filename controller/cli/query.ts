// SPDX-License-Identifier: Apache-2.0
/** The words of `-q` and the labels of `-l` as the controller's own filters. */
import type { Query } from './client.ts'
import type { Options } from './options.ts'
import { problem } from './problems.ts'

/** What hosts must fit, as parameters of the hosts route. */
export type HostFilter = { readonly search?: string; readonly label?: string; readonly online?: boolean }

/**
 * Reads the search language as far as the controller can answer it: `key:value` is a label, `online:true` is presence,
 * anything else is part of a name, host name, id or serial number. Throws `usage` for what it cannot.
 */
export function readQuery(text: string): HostFilter {
  const labels: string[] = []
  const words: string[] = []
  let online: boolean | undefined
  for (const token of text.split(/\s+/).filter(each => each !== '')) {
    const [, key, value] = /^([^:]+):(.*)$/.exec(token) ?? []
    if (key === undefined || value === undefined) words.push(plainWord(token))
    else if (key === 'online') online = readBoolean(value)
    else labels.push(`${labelKey(key)}=${labelValue(value)}`)
  }
  return {
    ...(words.length === 0 ? {} : { search: words.join(' ') }),
    ...(labels.length === 0 ? {} : { label: labels.join(',') }),
    ...(online === undefined ? {} : { online }),
  }
}

function plainWord(word: string): string {
  if (word.startsWith('-')) throw problem('usage', `-q cannot exclude yet: ${word}`)
  return word
}

function labelKey(key: string): string {
  if (key.startsWith('-')) throw problem('usage', `-q cannot exclude yet: ${key}:…`)
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

/** What the options `-q`, `-l`, `--online` and `--offline` select; empty when none is given. */
export function filterOf(options: Options): HostFilter {
  if (options.has('online') && options.has('offline'))
    throw problem('usage', '--online and --offline exclude each other')
  const { search, label, online } = readQuery(options.text('query') ?? '')
  const labels = options.labels('selector').map(({ key, value }) => `${key}=${value}`)
  const all = [...(label === undefined ? [] : [label]), ...labels].join(',')
  const present = options.has('online') ? true : options.has('offline') ? false : online
  return {
    ...(search === undefined ? {} : { search }),
    ...(all === '' ? {} : { label: all }),
    ...(present === undefined ? {} : { online: present }),
  }
}

/** Whether a filter selects at all. */
export function selects(filter: HostFilter): boolean {
  return Object.keys(filter).length > 0
}

/** The filter as query parameters. */
export function parametersOf({ search, label, online }: HostFilter): Query {
  return { search, label, online }
}
