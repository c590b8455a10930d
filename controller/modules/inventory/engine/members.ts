// SPDX-License-Identifier: Apache-2.0
/** What the members of a kind are called in bodies, and how their values lie in columns. Pure. */
import type { TSchema } from 'typebox'
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Cell, ColumnMember, Form, Kind, Member, Writable } from './kind.ts'

/** A member as bodies set it. */
export type Input = {
  /** As it stands in a body: `siteId` for the reference `site`. */
  readonly name: string
  /** Name of the member it belongs to. */
  readonly member: string
  readonly spec: Extract<Member, { is: 'column' | 'reference' | 'extra' }>
  readonly write: Writable
  readonly required: boolean
}

export function inputsOf(kind: Kind): readonly Input[] {
  return Object.entries(kind.members).flatMap(([member, spec]) => {
    if (spec.is === 'alias' || spec.is === 'computed') return []
    const { write = 'always', required = false } = spec
    if (write === 'never') return []
    const name = spec.is === 'reference' ? (spec.writes ?? member) : member
    return [{ name, member, spec, write, required }]
  })
}

/** Lets a reference be read by its embedded object too: not where the member itself takes the id. */
export function embeds({ name, member, spec }: Input): boolean {
  return spec.is === 'reference' && (name !== member || spec.writes === undefined)
}

type Described = { readonly enum?: readonly unknown[]; readonly type?: unknown }

/** The values of an enum schema; `undefined` for any other. */
export function enumOf(schema: TSchema): readonly string[] | undefined {
  const { enum: values } = schema as Described // a JSON schema
  return values?.every(value => typeof value === 'string') ? (values as readonly string[]) : undefined // just checked
}

export function isList(schema: TSchema): boolean {
  return (schema as Described).type === 'array' // a JSON schema
}

/** How a value lies in its column; what is empty and may be so is `null`. */
export function cellOf(value: Json | undefined, form: Form, required: boolean): Cell {
  if (value === undefined || value === null) return null
  if (value === '' && !required) return null
  if (form === 'json') return JSON.stringify(value)
  if (form === 'boolean') return value === true ? 1 : 0
  return value as string | number // the schema of the member allows nothing else
}

/** The value that lies in a column; `undefined` when there is none. */
export function valueIn(cell: Cell | undefined, form: Form): Json | undefined {
  if (cell === null || cell === undefined) return undefined
  if (form === 'json') return JSON.parse(String(cell)) as Json // written by cellOf
  return form === 'boolean' ? cell === 1 : cell
}

/** What nobody has set is shown empty where EIM's clients count on finding it: texts, enums, and what they only read. */
export function shownUnset({ form = 'text', schema, write, own }: ColumnMember): Json | undefined {
  if (own === true || form === 'boolean') return undefined
  if (form === 'integer') return write === 'never' ? 0 : undefined
  if (form === 'json') return isList(schema) ? [] : undefined
  const values = enumOf(schema)
  return values === undefined ? '' : values.find(each => each.endsWith('_UNSPECIFIED'))
}

/** What an input becomes when POST or PUT leave it out. */
export function defaultOf({ spec }: Input): Json | undefined {
  return spec.is === 'column' ? spec.default : undefined
}

/** The column an input fills; `undefined` for one that the kind keeps itself. */
export function columnOf({ spec }: Input): { readonly column: string; readonly form: Form } | undefined {
  if (spec.is === 'extra') return undefined
  return { column: spec.column, form: spec.is === 'column' ? (spec.form ?? 'text') : 'text' }
}

/** A member's name however it is spelled: `site_id`, `siteId`, `site.resourceId`. */
export function inputNamed(kind: Kind, text: string): Input | 'read-only' | undefined {
  const [first = ''] = text.trim().split('.')
  const spelled = first.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const inputs = inputsOf(kind)
  const exact = inputs.find(({ name, member }) => [first, spelled].some(each => each === name || each === member))
  if (exact !== undefined) return exact
  // EIM writes some names with ID and some with Id.
  const alike = (name: string): boolean => name.toLowerCase() === spelled.toLowerCase()
  const known = [...Object.keys(kind.members), 'resourceId', 'timestamps']
  return inputs.find(({ name }) => alike(name)) ?? (known.some(alike) ? 'read-only' : undefined)
}
