// SPDX-License-Identifier: Apache-2.0
/** What a kind of record is made of, as data: its fields, their checks, and what is sent. */
import type { Body, RecordKind } from '../acts-records.ts'
import type { Endpoint } from '../reads.ts'
import type { Item } from './reads.ts'

/** What a form holds; secrets among it, as they were typed. */
export type Values = Readonly<Record<string, unknown>>

export type Context = {
  /** Names that are taken, in lower case. */
  readonly names: ReadonlySet<string>
  readonly others: Readonly<Record<RecordKind, readonly Item[]>>
  readonly endpoint: Endpoint | undefined
  /** The record that is changed; `undefined` while one is made. */
  readonly old: Item | undefined
}

export type Option = { readonly value: string; readonly label: string }

export type Input =
  | 'text'
  | 'number'
  | 'secret'
  | 'switch'
  | 'select'
  | 'several'
  | 'tags'
  /** Names in an order. */
  | 'ordered'
  | 'file'
  | 'area'

export type Field = {
  readonly name: string
  readonly label: string
  readonly input: Input
  readonly help?: string
  /** Stands above the first of several fields. */
  readonly section?: string
  readonly required?: true
  readonly options?: (context: Context) => readonly Option[]
  readonly when?: (values: Values, context: Context) => boolean
  /** What is wrong with it; asked for what is there only. */
  readonly check?: (value: unknown, values: Values, context: Context) => string | undefined
  /** Cannot be changed once the record is made. */
  readonly fixed?: true
}

export type Spec = {
  readonly kind: RecordKind
  readonly fields: readonly Field[]
  readonly blank: (context: Context) => Values
  readonly values: (item: Item) => Values
  readonly body: (values: Values, context: Context) => Body
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/** A secret that was typed; nothing keeps the one there is. */
export function typed(name: string, values: Values): Body {
  const value = text(values[name])
  return value === '' ? {} : { [name]: value }
}
