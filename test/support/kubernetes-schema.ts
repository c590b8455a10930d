// SPDX-License-Identifier: Apache-2.0
/** Holds a Kubernetes object against the schemas that Kubernetes publishes, strictly: what they do not name is wrong. */
import published from '../fixtures/kubernetes/1.31.json' with { type: 'json' }

/** As far as the published schemas go. */
type Schema = {
  readonly $ref?: string
  readonly allOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema
  readonly items?: Schema
}

const kinds: Readonly<Record<string, string>> = published.kinds
const schemas: Readonly<Record<string, Schema>> = published.schemas

/** What is wrong with an object, by place; a kind without a schema is one finding. */
export function faultsOf(object: unknown): readonly string[] {
  const { apiVersion, kind } = object as { apiVersion?: unknown; kind?: unknown } // absent members are a finding below
  const name = kinds[`${apiVersion} ${kind}`]
  return name === undefined ? [`there is no schema of ${apiVersion} ${kind}`] : faults(object, { $ref: `/${name}` }, '')
}

function faults(value: unknown, schema: Schema, at: string): readonly string[] {
  const { $ref, allOf, oneOf } = schema
  if ($ref !== undefined) return faults(value, schemas[$ref.slice($ref.lastIndexOf('/') + 1)] ?? {}, at)
  if (allOf !== undefined) return allOf.flatMap(each => faults(value, each, at))
  if (oneOf !== undefined)
    return oneOf.some(each => faults(value, each, at).length === 0) ? [] : [`${at} is none of what it may be`]
  if (schema.type === 'object' || schema.properties !== undefined) return faultsOfMembers(value, schema, at)
  if (schema.type === 'array')
    return Array.isArray(value)
      ? value.flatMap((each, index) => faults(each, schema.items ?? {}, `${at}/${index}`))
      : [`${at} must be an array`]
  if (schema.type === 'integer') return Number.isInteger(value) ? [] : [`${at} must be an integer`]
  if (schema.type !== undefined && typeof value !== schema.type) return [`${at} must be a ${schema.type}`]
  return []
}

function faultsOfMembers(value: unknown, schema: Schema, at: string): readonly string[] {
  const { properties, required = [], additionalProperties } = schema
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at} must be an object`]
  const missing = required.filter(name => !(name in value)).map(name => `${at}/${name} is missing`)
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const known = properties?.[name] ?? additionalProperties
    if (known !== undefined) return faults(member, known, `${at}/${name}`)
    // An object without members of its own holds anything, such as what a person writes into annotations.
    return properties === undefined ? [] : [`${at}/${name} is not known`]
  })
  return [...missing, ...wrong]
}
