// SPDX-License-Identifier: Apache-2.0
/** What a kind of resource is: data from which one engine makes routes, documents, rules, audit and events. */
import type { Expression, SqlBool } from 'kysely'
import type { TSchema } from 'typebox'
import type { Json } from '../../../../plugins/contract/index.ts'
import type { Permission, Principal } from '../../../kernel/permissions.ts'
import type { Fields, FieldType, SqlField } from '../../../query/query.ts'
import type { Db, Tx } from '../../../store/store.ts'

/** A value of a column. Flags are 0 and 1, times RFC 3339 text, lists and objects JSON in text. */
export type Cell = string | number | null

/**
 * A row of a kind's table. Every such table has `project`, `id` (together the primary key), `revision` (integer),
 * `created_at`, `updated_at` beside the columns its members name; {@link resourceTable} makes them.
 */
export type Row = Readonly<Record<string, Cell>> & {
  readonly project: string
  readonly id: string
  readonly revision: number
  readonly created_at: string
  readonly updated_at: string
}

/** Members of a resource as they travel in JSON. */
export type Members = Readonly<Record<string, Json>>

export type Verb = 'list' | 'get' | 'create' | 'put' | 'patch' | 'delete'

/** `always`: by POST, PUT and PATCH. `create`: by POST; later the same value is accepted and another refused. `never`: a member in a body is ignored. */
export type Writable = 'always' | 'create' | 'never'

/** How a member lies in its column. An empty text or list of an optional member clears it. `json` members must be lists or objects. */
export type Form = 'text' | 'integer' | 'boolean' | 'json'

type Stored = {
  /** As in the specification, without `Type.Optional`; TypeBox builders of the product's list only. */
  readonly schema: TSchema
  readonly column: string
  /** How it lies in the column; `text` unless told. */
  readonly form?: Form
  /** `always` unless told. */
  readonly write?: Writable
  /** POST and PUT refuse to go without it. */
  readonly required?: boolean
  /** What it becomes when POST or PUT leave it out; without one it is absent. `[]` for lists that are always shown. */
  readonly default?: Json
  /** How it is filtered and ordered: by its form (`text` with an enum schema is `enum`) unless told; `none` for not at all. */
  readonly filter?: FieldType | 'none'
  /** Bare words of a filter look here too. */
  readonly searched?: boolean
  /** Not one of EIM's members: left out when nobody has set it, where theirs are shown empty. */
  readonly own?: boolean
  /** Set and never read back: it is left out of answers, and the audit says `[hidden]`. */
  readonly secret?: boolean
  /** The audit says `[hidden]`, though it is read back: what may hold secrets of the people who wrote it. */
  readonly quiet?: boolean
}

/** A member with a column of its own. */
export type ColumnMember = Stored & { readonly is: 'column' }

/**
 * A reference to one other resource of the same project. Written by `writes` (`siteId`), read as that and as the member itself
 * (`site`), which is the whole resource it leads to. A body that has the embedded object with a `resourceId` and not the id is taken by that.
 */
export type ReferenceMember = {
  readonly is: 'reference'
  /** Name of the kind it leads to, or of an outside one (`host`). */
  readonly to: string
  readonly column: string
  /** Member that takes the id; without one only the embedded form is taken. Empty clears, unless required. */
  readonly writes?: string
  readonly write?: Writable
  readonly required?: boolean
  /** Whether the thing it leads to may be removed: `refused` (unless told) with `in-use`; `ignored` when somebody else sees to it. */
  readonly removal?: 'refused' | 'ignored'
  /** It is read as the bare id under `writes` as well, or instead: telemetry's `targetSite`. */
  readonly shownAs?: 'resource' | 'id' | 'both'
  /** What is shown in its place when it leads nowhere; nothing unless told. */
  readonly none?: Members
}

/** A deprecated member that repeats `resourceId`. */
export type AliasMember = { readonly is: 'alias' }

/** A read-only member that the kind's `render` computes; ignored in bodies. */
export type ComputedMember = { readonly is: 'computed'; readonly schema: TSchema }

/**
 * A member that is checked by its schema and handed to the kind's `save`, which keeps it where it likes; `render` shows it,
 * if anything does. With `write: 'create'` it is the kind's `check` that refuses it later.
 */
export type ExtraMember = {
  readonly is: 'extra'
  readonly schema: TSchema
  readonly write?: Writable
  readonly required?: boolean
  readonly secret?: boolean
}

export type Member = ColumnMember | ReferenceMember | AliasMember | ComputedMember | ExtraMember

/** Where the resources of a kind stand, below `/v1/projects/:project`. */
export type Place = {
  /** Such as `/regions`; one resource stands at `<path>/:<name of the kind>`. */
  readonly path: string
  /**
   * Only resources that refer to the one named in the path (`/regions/:region/sites`); those of another are not there. A text
   * that cannot be an id of that kind names none, and a filter over the member itself is the wider question; EIM's command
   * line asks in both ways.
   */
  readonly within?: { readonly parameter: string; readonly member: string }
  /** The same by an optional query parameter, on every verb. */
  readonly narrowedBy?: { readonly query: string; readonly member: string }
}

/** What a removal has to ask first: rows of some table that lead to the thing. */
export type Holder = {
  /** In words: `['site', 'sites']`. */
  readonly words: readonly [one: string, many: string]
  readonly table: string
  /** Holds the id of the thing that is removed. */
  readonly column: string
  /** Holds the id that is told to the reader; `id` unless told. */
  readonly id?: string
  /** Rows that do not count, such as tombstones. */
  readonly unless?: { readonly column: string; readonly equals: string }
}

/** A promise that no two resources of a project share these columns; rows where one of them is empty do not clash. */
export type Unique = {
  readonly columns: readonly string[] /** What the problem names, such as `name`. */
  readonly key: string
}

/** Why and by whom something is changed. */
export type Act = {
  readonly project: string
  readonly by: Principal
  /** Id of the request, for the audit. */
  readonly request?: string | undefined
  readonly reason?: string | undefined
}

/** A write under way: its schema and its references were checked, its unique keys not yet, and nothing was written. */
export type Draft = {
  readonly act: Act
  /** The row as it will be. On creation its id is already known. */
  readonly next: Row
  /** The row as it is; `undefined` on creation. */
  readonly present: Row | undefined
  /** Writable members as they were given, by their names in the body; with those a PUT left out as `undefined`. */
  readonly given: Readonly<Record<string, Json | undefined>>
}

/** What is asked of a page: query parameters and path parameters, converted by their schemas. */
export type Asked = Readonly<Record<string, unknown>>

export type Rendering = {
  readonly db: Db
  readonly project: string
  readonly rows: readonly Row[]
  /** How many more levels of resources are embedded; computed members that cost a lot may be left out at 0. */
  readonly depth: number
  /** Of the list or read route; empty when embedded or rendered for a write. */
  readonly asked: Asked
}

export type Kind = {
  /** `region`: the noun in texts, the path parameter, the first half of event types (`region.created`) and audit actions (`region.create`). */
  readonly name: string
  /** For people: `['region', 'regions']`. */
  readonly words: readonly [one: string, many: string]
  /** Of its ids: `region` for `region-1a2b3c4d`. */
  readonly prefix: string
  /** Starts with `inventory_`. */
  readonly table: string
  readonly places: readonly Place[]
  /** Member of a list answer that holds the resources. */
  readonly plural: string
  readonly verbs: readonly Verb[]
  readonly members: Readonly<Record<string, Member>>
  /** `inventory.read` and `inventory.write` unless told. */
  readonly access?: { readonly read?: Permission; readonly write?: Permission }
  /** Of a body, where 64 KB are not enough. */
  readonly bodyBytes?: number
  /** Section of the OpenAPI document; the second of `words` unless told. */
  readonly tag?: string
  readonly unique?: readonly Unique[]
  /** What else holds a thing of this kind; reference members of other kinds hold it already. */
  readonly holders?: readonly Holder[]
  /** What of other kinds this one holds by tables of its own: kind name to holder. */
  readonly holds?: Readonly<Record<string, Holder>>
  /** Filterable members beside those with columns and the members of references. */
  readonly fields?: Fields<SqlField>
  /** Order of a list that asks for none, as `orderBy` says it: by `resourceId` unless told. */
  readonly order?: string
  /** More query parameters of the list route, each optional. */
  readonly parameters?: Readonly<Record<string, TSchema>>
  /** The same of the route that reads one. */
  readonly readParameters?: Readonly<Record<string, TSchema>>
  /** Rows of a list that its parameters ask for, as a condition over the kind's table; `undefined` for all. Throws problems. */
  narrow?(list: {
    readonly db: Db
    readonly project: string
    readonly asked: Asked
  }): Promise<Expression<SqlBool> | undefined>
  /** Rules across members and rows: throws problems. May return columns to set beside those of the members. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most rules return nothing
  check?(tx: Tx, draft: Draft): Promise<Readonly<Record<string, Cell>> | undefined | void>
  /** Runs in the transaction after the row was written: side tables, secrets, work for others. */
  save?(tx: Tx, draft: Draft): Promise<void>
  /** Runs in the transaction before the row is removed and after holders were asked: cascades. */
  drop?(tx: Tx, act: Act, row: Row): Promise<void>
  /** Computed members of many rows at once, by id: a fixed number of queries for a page. They win over stored ones. */
  render?(page: Rendering): Promise<ReadonlyMap<string, Members>>
}

/** A kind that another owner keeps, such as the kernel's hosts, so that references may lead to it. */
export type OutsideKind = {
  readonly name: string
  readonly prefix: string
  /** Of its table, for filters over references (`host.name`); all rows are narrowed by `project` and `id`. */
  readonly table: string
  readonly fields: Fields<SqlField>
  /** Ids of these that are there, in this project. */
  present(db: Db, project: string, ids: readonly string[]): Promise<ReadonlySet<string>>
  /** Whole resources by id; called outside of transactions. */
  render(project: string, ids: readonly string[], depth: number): Promise<ReadonlyMap<string, Members>>
}

/** Keeps a kind's own type while checking its shape. */
export function defineKind(kind: Kind): Kind {
  return kind
}

/** Tells kinds that another owner keeps from the engine's own. */
export function isOutside(kind: Kind | OutsideKind): kind is OutsideKind {
  return 'present' in kind
}
