// SPDX-License-Identifier: Apache-2.0
/** The resource engine: what other parts of inventory do with kinds, in and out of transactions. */
import type { TSchema } from 'typebox'
import { check } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { type EventKind, resourceEvents } from '../../../kernel/event-types.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Fields, SqlField } from '../../../query/query.ts'
import type { Db, Tx } from '../../../store/store.ts'
import { fieldsOf } from './fields.ts'
import type { Act, Cell, Kind, Members, OutsideKind, Row } from './kind.ts'
import { listOf } from './list.ts'
import { resourcesById, resourcesOf } from './render.ts'
import { kindRoutes } from './routes.ts'
import { bodySchema } from './schemas.ts'
import { findRow, getRow, kindOf, targetOf, type World } from './world.ts'
import { changeRow, createRow, removeRow, setCells } from './write.ts'

export type Query = {
  /** In the filter language. */
  readonly filter?: string | undefined
  readonly orderBy?: string | undefined
  /** At most so many; 20 unless told. */
  readonly pageSize?: number | undefined
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
  /** What the kind's own `parameters` ask. */
  readonly asked?: Readonly<Record<string, unknown>>
}

export type Page = {
  readonly rows: readonly Row[]
  readonly total: number
  readonly hasNext: boolean
  readonly nextCursor?: string
}

export type Shown = {
  /** Levels of embedded resources; 2 unless told. */
  readonly depth?: number
  /** Reference members left out of the outermost resources: what leads back to where the reader comes from. */
  readonly without?: readonly string[]
  readonly asked?: Readonly<Record<string, unknown>>
}

/** Members in the form of a body; what a body may not have throws `invalid`. */
export type Given = Readonly<Record<string, unknown>>

/** Resources of a kind in a project. */
export type Of = { readonly project: string; readonly kind: string }
/** One resource. */
export type One = Of & { readonly id: string }

export type Change = {
  readonly kind: string
  readonly id: string
  readonly members: Given
  /** `put`: what is left out becomes its default. `patch`: only the mask, or what is given, changes. */
  readonly how: 'put' | 'patch'
  /** Names of members, camelCase or snake_case; for `patch` only. */
  readonly mask?: readonly string[] | undefined
  /** Refuses with `revision-mismatch` when the row has another. */
  readonly revision?: number | undefined
}

export interface Engine {
  /** Throws a TypeError for a name that no part has brought. */
  kind(name: string): Kind
  /** All routes of all kinds. */
  routes(http: Http): void
  /** What it tells of: three events of each kind. */
  readonly events: readonly EventKind[]
  /** Throws `not-found`, for ids of other projects as well. */
  get(db: Db, one: One): Promise<Row>
  find(db: Db, one: One): Promise<Row | undefined>
  list(db: Db, of: Of, query?: Query): Promise<Page>
  /**
   * Whole resources in the order of the rows, in a number of queries that does not grow with them. Outside of
   * transactions only, where a reference leads to an outside kind.
   */
  resources(db: Db, of: Of & { readonly rows: readonly Row[] }, shown?: Shown): Promise<readonly Members[]>
  /** The same by id; ids that are not there are left out. */
  resourcesById(
    db: Db,
    of: Of & { readonly ids: readonly string[] },
    shown?: Shown,
  ): Promise<ReadonlyMap<string, Members>>
  /** With all checks, audit entry and event. */
  create(tx: Tx, act: Act, fresh: { readonly kind: string; readonly members: Given }): Promise<Row>
  /** With all checks, audit entry and event; writes only the columns that change. */
  change(tx: Tx, act: Act, change: Change): Promise<Row>
  /** Throws `in-use` when something holds it; with audit entry and event. */
  remove(tx: Tx, act: Act, one: { readonly kind: string; readonly id: string }): Promise<void>
  /** What its rows may be filtered and ordered by, as they stand under an alias; its own table's name unless told. */
  fields(kind: string, alias?: string): Fields<SqlField>
  /** Sets columns that no body may set (statuses, states), without audit; raises the revision. The event is the caller's. */
  set(tx: Tx, one: One, columns: Readonly<Record<string, Cell>>): Promise<void>
}

export type EngineParts = {
  readonly kernel: Kernel
  readonly kinds: readonly Kind[]
  readonly outside: readonly OutsideKind[]
}

/** Throws a TypeError when two kinds share a name. */
export function createEngine({ kernel, kinds, outside }: EngineParts): Engine {
  const fields = new Map<string, Fields<SqlField>>()
  const find = (name: string) => targetOf(world, name)
  const world: World = {
    kernel,
    kinds: named(kinds),
    outside: named(outside),
    fieldsOf: kind => {
      const known = fields.get(kind.name) ?? fieldsOf(kind, { find, alias: kind.table })
      fields.set(kind.name, known)
      return known
    },
  }
  const bodies = new Map<string, TSchema>()
  const checked = (kind: Kind, members: Given, whole: boolean): Given => {
    const key = `${kind.name} ${whole}`
    const schema = bodies.get(key) ?? bodySchema(kind, find, whole)
    bodies.set(key, schema)
    return check(schema, members, kind.words[0]) as Given // an object, as the schema says
  }
  return {
    kind: name => kindOf(world, name),
    events: kinds.flatMap(({ name, words }) =>
      resourceEvents(name, `${/^[aeiou]/i.test(words[0]) ? 'An' : 'A'} ${words[0]}`),
    ),
    routes: http => {
      for (const kind of kinds) kindRoutes(http, world, kind)
    },
    get: (db, { kind, ...one }) => getRow(db, kindOf(world, kind), one),
    find: (db, { kind, ...one }) => findRow(db, kindOf(world, kind), one),
    list: (db, { kind, project }, query = {}) => listOf(world, db, { kind: kindOf(world, kind), project, query }),
    resources: (db, { kind, ...of }, shown = {}) =>
      resourcesOf(world, db, { ...of, ...shown, kind: kindOf(world, kind) }),
    resourcesById: (db, { kind, ...of }, shown = {}) =>
      resourcesById(world, db, { ...of, ...shown, kind: kindOf(world, kind) }),
    create: async (tx, act, { kind: name, members }) => {
      const kind = kindOf(world, name)
      return createRow(world, tx, { act, kind, members: checked(kind, members, true) })
    },
    change: async (tx, act, change) => {
      const kind = kindOf(world, change.kind)
      const members = checked(kind, change.members, change.how === 'put')
      return changeRow(world, tx, { act, kind, change: { ...change, members } })
    },
    remove: async (tx, act, { kind: name, id }) => {
      const kind = kindOf(world, name)
      await removeRow(world, tx, { act, kind, row: await getRow(tx, kind, { project: act.project, id }) })
    },
    fields: (name, alias) => {
      const kind = kindOf(world, name)
      return fieldsOf(kind, { find, alias: alias ?? kind.table })
    },
    set: async (tx, { kind, ...one }, columns) => setCells(world, tx, { kind: kindOf(world, kind), ...one, columns }),
  }
}

function named<K extends { readonly name: string }>(kinds: readonly K[]): ReadonlyMap<string, K> {
  const byName = new Map(kinds.map(kind => [kind.name, kind]))
  if (byName.size !== kinds.length)
    throw new TypeError(`two kinds share a name: ${kinds.map(each => each.name).join(' ')}`)
  return byName
}
