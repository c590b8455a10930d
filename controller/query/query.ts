// SPDX-License-Identifier: Apache-2.0
/** The words of the filter and order language (AIP-160 and AIP-132, with EIM's readings): what its parser gives back. */
import type { RawBuilder, SqlBool } from 'kysely'

/** `:` is "has": contains for texts, present for `*`. */
export type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>=' | ':'

/** A value as it was written; quoted ones are texts whatever they look like. */
export type Literal = { readonly text: string; readonly quoted: boolean; readonly at: number }

/** A filter, as a tree; `at` is where its first character stands in the text, counted from 0. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[]; readonly at: number }
  | { readonly kind: 'not'; readonly part: Filter; readonly at: number }
  | {
      readonly kind: 'compare'
      /** Path of the member: `site.name` is `['site', 'name']`. */
      readonly field: readonly string[]
      readonly operator: Comparator
      readonly value: Literal
      readonly at: number
    }
  /** `has(instance)`: the member is there. */
  | { readonly kind: 'has'; readonly field: readonly string[]; readonly at: number }
  /** A bare word: some searchable member contains it. */
  | { readonly kind: 'text'; readonly value: Literal; readonly at: number }

export type OrderBy = readonly { readonly field: string; readonly descending: boolean; readonly at: number }[]

/**
 * `id`: compared exactly; `text`: `=` means contains, whatever the case of ASCII letters; `reference`: only `has` and its
 * members; `labels`: keys and values, as `metadata.key = value` or as EIM's `metadata = '{"key":"k","value":"v"}'`;
 * `version`: ordered by up to three numbers, `2.3` stands for all of `2.3.x`.
 */
export type FieldType = 'id' | 'text' | 'enum' | 'integer' | 'boolean' | 'time' | 'version' | 'reference' | 'labels'

/** What may be asked of a member. */
export type Field = {
  readonly type: FieldType
  /** Of an enum: its values as EIM writes them; they may be given without their common prefix. */
  readonly values?: readonly string[]
  /** Found by bare words too. */
  readonly searched?: boolean
  /** Never absent, so that SQL need not ask. */
  readonly always?: boolean
}

/** A member that is found in the database. Kept in the table's own units: times as RFC 3339 text, booleans as 0 and 1. */
export type SqlField = Field & {
  /** An expression over the row in question, `NULL` when the member is absent. Hosts stand under the alias `kernel_hosts`. */
  readonly sql: () => RawBuilder<unknown>
  /** What is ordered by, where that is not the value itself. */
  readonly order?: () => RawBuilder<unknown>
  /**
   * For members with any number of values, such as those of a list, and for those found quicker from their own side:
   * whether one of the values passes. Must not be `NULL`. Of labels, `key` is the column of the key.
   */
  readonly some?: (test: SomeTest) => RawBuilder<SqlBool>
  /**
   * Where bare words are looked for instead: an expression that several members share, with the values of all of them
   * in lower case, each on a line of its own.
   */
  readonly foundIn?: () => RawBuilder<unknown>
}

export type SomeTest = (value: RawBuilder<unknown>, key: RawBuilder<unknown>) => RawBuilder<SqlBool>

/** Members by the name they have in the API, with dots for members of members. */
export type Fields<F extends Field = Field> = Readonly<Record<string, F>>
