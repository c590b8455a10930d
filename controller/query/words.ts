// SPDX-License-Identifier: Apache-2.0
/** The words with which people look for hosts, in the command line and in the browser, as parameters of the hosts route. */

import type { Comparator, Filter } from './query.ts'
import { quoted as inQuotes, textOf } from './text.ts'
import { cutWords, type Word, WordsProblem } from './words-cut.ts'
import { KEYS, type Key } from './words-keys.ts'

/** What hosts must fit, as parameters of the hosts route. */
export type HostFilter = {
  readonly search?: string
  readonly label?: string
  readonly online?: boolean
  /** In the controller's filter language. */
  readonly filter?: string
}

/**
 * Reads the search language: words it knows (`health:failing`, `site:berlin`, `agent:<2.3`, see `KEYS`), `key:value` for
 * a label, and anything else as a part of a name, host name, id, UUID or serial number. A dash in front excludes, commas
 * name alternatives of what is known, `*` any value, quotes hold spaces. Throws `WordsProblem` for what cannot be answered.
 */
export function readWords(text: string): HostFilter {
  const words = cutWords(text)
  const labels: string[] = []
  const more: Filter[] = []
  let online: boolean | undefined
  const bare = words.filter(({ key, excluded }) => key === undefined && !excluded)
  const search = bare.length === 1 ? bare[0]?.value : undefined
  for (const word of words) {
    const { key, excluded } = word
    if (key === undefined) {
      if (search === undefined || excluded) more.push(negatedIf(excluded, bareFilter(word)))
    } else if (key === 'online') online = flag(word) !== excluded
    else if (isPlainLabel(word)) labels.push(`${key}=${word.value}`)
    else more.push(negatedIf(excluded, keyedFilter(word, key)))
  }
  return {
    ...(search === undefined ? {} : { search }),
    ...(labels.length === 0 ? {} : { label: labels.join(',') }),
    ...(online === undefined ? {} : { online }),
    ...(more.length === 0 ? {} : { filter: textOf({ kind: 'and', parts: more, at: 0 }) }),
  }
}

/** What the parameter for labels can say; the filter language says the rest. */
function isPlainLabel({ key = '', excluded, value, quoted }: Word): boolean {
  return !excluded && !Object.hasOwn(KEYS, key) && !quoted && /^[^<>*,=][^,=]*$/.test(value)
}

function bareFilter(word: Word): Filter {
  if (word.value === '') throw new WordsProblem(word, 'a word behind the dash')
  return { kind: 'text', value: { text: word.value, quoted: true, at: 0 }, at: 0 }
}

function flag(word: Word): boolean {
  if (word.value !== 'true' && word.value !== 'false') throw new WordsProblem(word, 'true or false')
  return word.value === 'true'
}

function keyedFilter(word: Word, key: string): Filter {
  const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined
  if (known === undefined) return labelFilter(word, key)
  if (word.value === '') throw new WordsProblem(word, `a value behind ${key}:`)
  if (word.value === '*' && !word.quoted) return { kind: 'has', field: pathOf(known.members[0]), at: 0 }
  const { operator, values } = compared(word)
  if (operator !== '=' && known.type !== 'version')
    throw new WordsProblem(word, `${key} as a whole: it has no order, so ${operator} means nothing`)
  return oneOf(
    values.flatMap(value => known.members.map(member => memberFilter({ word, known, member, operator, value }))),
  )
}

/** `<2.3`, or alternatives between commas. */
function compared({ value, quoted }: Word): { readonly operator: Comparator; readonly values: readonly string[] } {
  if (quoted) return { operator: '=', values: [value] }
  const [, operator = '=', rest = ''] = /^(<=|>=|<|>)?(.*)$/s.exec(value) ?? []
  const values = operator === '=' ? rest.split(',').filter(each => each !== '') : [rest]
  return { operator: operator as Comparator, values } // one of those in the pattern
}

type Asked = {
  readonly word: Word
  readonly known: Key
  readonly member: string
  readonly operator: Comparator
  readonly value: string
}

function memberFilter({ word, known, member, operator, value }: Asked): Filter {
  if (known.type === 'label') {
    const [name = '', ...rest] = value.split('=')
    if (rest.length > 0) return comparison(['metadata', labelKey(word, name)], '=', rest.join('='))
    return comparison(['metadata'], '=', JSON.stringify({ key: name }))
  }
  const spoken = known.values?.[value.toLowerCase()]
  if (known.values !== undefined && spoken === undefined)
    throw new WordsProblem(word, `one of ${Object.keys(known.values).join(', ')}`)
  if (known.type === 'version' && operator !== '=' && !/^\d+(\.\d+){0,2}$/.test(value))
    throw new WordsProblem(word, 'up to three numbers to compare with, such as 2.3')
  return comparison(pathOf(member), operator, spoken ?? value)
}

function labelFilter(word: Word, key: string): Filter {
  const { value, quoted } = word
  const field = ['metadata', labelKey(word, key)]
  if (value === '*' && !quoted) return { kind: 'has', field, at: 0 }
  if (!quoted && /^[<>]|,|=/.test(value))
    throw new WordsProblem(word, 'the whole value of the label: labels have no order. Quote it if it is meant so')
  return comparison(field, '=', value)
}

function labelKey(word: Word, key: string): string {
  if (!/^[a-z0-9./_-]+$/i.test(key)) throw new WordsProblem(word, 'the key of a label: letters, digits, . / _ -')
  return key
}

function comparison(field: readonly string[], operator: Comparator, text: string): Filter {
  return { kind: 'compare', field, operator, value: { text, quoted: true, at: 0 }, at: 0 }
}

function pathOf(member = ''): readonly string[] {
  return member.split('.')
}

function oneOf(parts: readonly Filter[]): Filter {
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : { kind: 'or', parts, at: 0 }
}

function negatedIf(negated: boolean, part: Filter): Filter {
  return negated ? { kind: 'not', part, at: 0 } : part
}

/** A word as it is written: in quotes where it must be. */
export function spellWord({ key, value, excluded = false }: Partial<Word> & { readonly value: string }): string {
  const plain = /^[^\s"]+$/.test(value) && (key !== undefined || !/^-|:/.test(value))
  const bare = plain ? value : inQuotes(value)
  return `${excluded ? '-' : ''}${key === undefined ? '' : `${key}:`}${bare}`
}
