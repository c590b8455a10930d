// SPDX-License-Identifier: Apache-2.0
/** Schemas of a kind's bodies, answers and paths, made from its members. */
import { type TSchema, Type } from 'typebox'
import { ProjectName, Time } from '../../../http/schemas.ts'
import { MAX_CURSOR_LENGTH } from '../../../query/cursor.ts'
import { MAX_FILTER_LENGTH } from '../../../query/filter.ts'
import type { Kind, Member, OutsideKind } from './kind.ts'
import { embeds, enumOf, type Input, inputsOf } from './members.ts'

/** Looks up what a reference leads to. */
export type Lookup = (name: string) => Kind | OutsideKind

type Properties = Record<string, TSchema>

export function idPattern(prefix: string): string {
  return `^${prefix}-[0-9a-f]{8}$`
}

export const Timestamps = Type.Object({ createdAt: Time, updatedAt: Time })

const Embedded = Type.Object(
  { resourceId: Type.Optional(Type.String({ maxLength: 80 })) },
  { additionalProperties: true, description: 'Taken by its resourceId, where the id itself is not given' },
)
const Ignored = Type.Unknown({ description: 'Read-only; accepted and ignored' })

/** What POST and PUT (`whole`) or PATCH take: writable members checked, all others that answers have ignored. */
export function bodySchema(kind: Kind, find: Lookup, whole: boolean): TSchema {
  const properties: Properties = { resourceId: Type.Optional(Ignored), timestamps: Type.Optional(Ignored) }
  for (const name of Object.keys(kind.members)) properties[name] = Type.Optional(Ignored)
  for (const input of inputsOf(kind)) {
    if (embeds(input)) properties[input.member] = Type.Optional(Embedded)
    // A required reference may also come embedded, so only the writing of the body can tell that it is missing.
    const must = whole && input.required && input.spec.is !== 'reference'
    if (input.name === input.member && embeds(input)) continue
    const schema = inputSchema(input, find)
    properties[input.name] = must ? schema : Type.Optional(schema)
  }
  return Type.Object(properties, { additionalProperties: false })
}

function inputSchema({ spec, required }: Input, find: Lookup): TSchema {
  if (spec.is === 'reference') {
    const { prefix } = find(spec.to)
    const pattern = idPattern(prefix)
    return Type.String({ pattern: required ? pattern : `^$|${pattern}`, maxLength: prefix.length + 9 })
  }
  const values = enumOf(spec.schema)
  // Clients clear an enum by an empty text.
  return values === undefined || required || values.includes('') ? spec.schema : Type.Enum([...values, ''])
}

/** What answers have. */
export function resourceSchema(kind: Kind): TSchema {
  const properties: Properties = { resourceId: Type.String({ pattern: idPattern(kind.prefix) }) }
  for (const [name, member] of Object.entries(kind.members)) Object.assign(properties, shownSchema(name, member))
  return Type.Object({ ...properties, timestamps: Timestamps })
}

function shownSchema(name: string, member: Member): Properties {
  switch (member.is) {
    case 'alias':
      return { [name]: Type.Optional(Type.String({ description: 'Deprecated: the same as resourceId' })) }
    case 'column':
      return member.secret ? {} : { [name]: member.required ? member.schema : Type.Optional(member.schema) }
    case 'computed':
      return { [name]: Type.Optional(member.schema) }
    case 'extra':
      return member.secret ? {} : { [name]: Type.Optional(member.schema) }
    case 'reference': {
      const { shownAs = 'resource', writes = name } = member
      return {
        ...(shownAs === 'resource' && writes === name ? {} : { [writes]: Type.Optional(Type.String()) }),
        ...(shownAs === 'id' ? {} : { [name]: Type.Optional(Type.Object({}, { additionalProperties: true })) }),
      }
    }
  }
}

export function listSchema(kind: Kind): TSchema {
  return Type.Object({
    [kind.plural]: Type.Array(resourceSchema(kind)),
    totalElements: Type.Integer(),
    hasNext: Type.Boolean(),
    nextCursor: Type.Optional(Type.String()),
  })
}

/** The members of every list's query. */
export const listQuery = {
  filter: Type.Optional(
    Type.String({ maxLength: MAX_FILTER_LENGTH, description: 'Such as name = "north" AND has(parentRegion)' }),
  ),
  orderBy: Type.Optional(Type.String({ maxLength: 1_000, description: 'Such as name asc, createdAt desc' })),
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
  cursor: Type.Optional(Type.String({ maxLength: MAX_CURSOR_LENGTH, description: 'nextCursor of the page before' })),
} as const

/** Path parameters; ids of another shape are not there rather than wrong, so any short text is taken. */
export function pathSchema(names: readonly string[]): TSchema {
  const ids = names.map(name => [name, Type.String({ minLength: 1, maxLength: 80 })])
  return Type.Object({ project: ProjectName, ...Object.fromEntries(ids) })
}
