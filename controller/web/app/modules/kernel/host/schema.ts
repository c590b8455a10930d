// SPDX-License-Identifier: Apache-2.0
/** A JSON Schema as lines for people: each member with its type, whether it must be there, and its rules. Pure. */

export type SchemaLine = {
  readonly path: string
  readonly type: string
  readonly isRequired: boolean
  readonly rules: string
}

type Schema = Readonly<Record<string, unknown>>

function schemaIn(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {} // just looked
}

/** Whether anything at all can be written; a schema that says nothing lets everything be. */
export function hasMembers(schema: unknown): boolean {
  const { type, properties } = schemaIn(schema)
  if (type !== 'object') return true
  return Object.keys(schemaIn(properties)).length > 0
}

/** The least that can be written: what must be there, with what is reported of it where it is of the kind. */
export function beginning(schema: unknown, reported: unknown): unknown {
  const known = schemaIn(schema)
  if (known.type === 'object') {
    const required = Array.isArray(known.required) ? known.required.map(String) : []
    const names = required.length > 0 ? required : Object.keys(schemaIn(known.properties)).slice(0, 1)
    const properties = schemaIn(known.properties)
    const told = schemaIn(reported)
    const nested = Object.values(told).find(each => names.every(name => Object.hasOwn(schemaIn(each), name)))
    const from = names.every(name => Object.hasOwn(told, name)) ? told : schemaIn(nested)
    return Object.fromEntries(names.map(name => [name, beginning(properties[name], from[name])]))
  }
  if (known.type === 'array') return Array.isArray(reported) ? reported : []
  if (reported !== undefined && typeof reported === known.type) return reported
  if (known.type === 'string') return ''
  return known.type === 'boolean' ? false : known.type === 'number' || known.type === 'integer' ? 0 : null
}

const DEEP = 4

export function schemaLines(schema: unknown, path = '', isRequired = true, depth = 0): readonly SchemaLine[] {
  const known = schemaIn(schema)
  const here: SchemaLine = { path: path === '' ? '/' : path, type: typeOf(known), isRequired, rules: rulesOf(known) }
  if (depth >= DEEP) return [here]
  const properties = Object.entries(schemaIn(known.properties))
  const required = Array.isArray(known.required) ? known.required : []
  const members = properties.flatMap(([name, each]) =>
    schemaLines(each, `${path}/${name}`, required.includes(name), depth + 1),
  )
  const items = known.items === undefined ? [] : schemaLines(known.items, `${path}/*`, true, depth + 1)
  return [...(path === '' && members.length > 0 ? [] : [here]), ...members, ...items]
}

function typeOf(schema: Schema): string {
  const values = valuesOf(schema)
  if (values !== undefined) return values.join(' | ')
  if (typeof schema.type === 'string') return schema.type
  return Array.isArray(schema.anyOf) ? schema.anyOf.map(each => typeOf(schemaIn(each))).join(' | ') : 'any'
}

function valuesOf(schema: Schema): readonly string[] | undefined {
  if (Array.isArray(schema.enum)) return schema.enum.map(each => JSON.stringify(each))
  return schema.const === undefined ? undefined : [JSON.stringify(schema.const)]
}

const RULES = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems', 'pattern', 'format'] as const

function rulesOf(schema: Schema): string {
  const described = typeof schema.description === 'string' ? [schema.description] : []
  const rules = RULES.flatMap(name => (schema[name] === undefined ? [] : [`${name} ${String(schema[name])}`]))
  return [...described, ...rules].join(', ')
}
