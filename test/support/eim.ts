// SPDX-License-Identifier: Apache-2.0
/** EIM's northbound specification as a compact table: what its clients send, and what they may expect back. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../arch/tree.ts'

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type Operation = {
  readonly verb: Verb
  readonly path: string
  /** Names of query parameters. */
  readonly query: readonly string[]
  /** Names of schemas. */
  readonly body: string | undefined
  readonly answer: string | undefined
}

/** Members by name; a type is a word such as `string`, `[MetadataItem]` or the name of a schema or an enum, then ` ro` or ` wo`. */
export type EimSchema = { readonly required: readonly string[]; readonly members: Readonly<Record<string, string>> }

type Table = {
  readonly operations: readonly string[]
  readonly enums: Readonly<Record<string, readonly string[]>>
  readonly schemas: Readonly<Record<string, EimSchema>>
}

const table = JSON.parse(readFileSync(join(ROOT, 'test/fixtures/eim-northbound.json'), 'utf8')) as Table

export const { enums, schemas } = table
export const operations: readonly Operation[] = table.operations.map(line => {
  const [verb, path, ...rest] = line.split(' ') as [Verb, string, ...string[]]
  const marked = (mark: string) => rest.find(word => word.startsWith(mark))?.slice(1)
  return { verb, path, query: marked('?')?.split(',') ?? [], body: marked('<'), answer: marked('>') }
})

export type Member = { readonly type: string; readonly readOnly: boolean; readonly writeOnly: boolean }

export function membersOf(schema: string): Readonly<Record<string, Member>> {
  const { members } = schemas[schema]!
  return Object.fromEntries(
    Object.entries(members).map(([name, text]) => {
      const [type = '', mark] = text.split(' ')
      return [name, { type, readOnly: mark === 'ro', writeOnly: mark === 'wo' }]
    }),
  )
}

/** What a client generated from the specification would stumble over in an answer; additive members are fine. */
export function misfits(schema: string, value: unknown, at = schema): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${at} is ${JSON.stringify(value)}, not an object`]
  const present = value as Readonly<Record<string, unknown>>
  const { required } = schemas[schema]!
  const members = membersOf(schema)
  const missing = required.filter(name => present[name] === undefined && !members[name]?.writeOnly)
  return [
    ...missing.map(name => `${at}.${name} is missing`),
    ...Object.entries(present).flatMap(([name, each]) =>
      members[name] === undefined ? [] : misfit(members[name].type, each, `${at}.${name}`),
    ),
  ]
}

function misfit(type: string, value: unknown, at: string): readonly string[] {
  const wrong = [`${at} is ${JSON.stringify(value)?.slice(0, 80)}, not ${type}`]
  if (type.startsWith('['))
    return Array.isArray(value)
      ? value.flatMap((item, index) => misfit(type.slice(1, -1), item, `${at}[${index}]`))
      : wrong
  if (schemas[type] !== undefined) return misfits(type, value, at)
  if (enums[type] !== undefined) return enums[type].includes(value as string) ? [] : wrong
  if (type === 'time') return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? [] : wrong
  if (type === 'integer') return Number.isInteger(value) ? [] : wrong
  return typeof value === type ? [] : wrong
}
