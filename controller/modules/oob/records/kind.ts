// SPDX-License-Identifier: Apache-2.0
/** What one kind of record must say of itself, so that all kinds share their routes and their transactions. */
import type { Secret } from '../../../secrets/secrets.ts'
import type { Db } from '../../../store/store.ts'
import type { FieldError } from '../toolkit/toolkit.ts'
import type { Given } from './checks.ts'
import type { CheckedPfx, PfxCode } from './pfx.ts'
import type { PfxReader } from './pfx-worker.ts'
import type { RecordKind, RecordOf } from './records.ts'
import type { Kept, Reference } from './store.ts'

/** What a check may look at; `old` is there when a record is changed. */
export type CheckContext<K extends RecordKind> = {
  readonly db: Db
  readonly project: string
  readonly old: Kept<K> | undefined
  readonly changing: boolean
  /** The version stands in a header. */
  readonly conditional: boolean
  readonly readPfx: PfxReader
  /** Epoch ms. */
  readonly now: number
  readonly signal: AbortSignal
}

/** What a check found out beside complaints. */
export type Checked = { readonly errors: readonly FieldError[]; readonly pfx?: CheckedPfx; readonly code?: PfxCode }

/** A secret of a record to be kept, or (`undefined`) to be forgotten. */
export type SecretChange = { readonly kind: string; readonly value: Secret | undefined }

export type Written<K extends RecordKind> = {
  readonly record: RecordOf[K]
  readonly secrets: readonly SecretChange[]
}

/** Error and message of an answer 400. */
export type Constraint = { readonly error: string; readonly message: string }

export type Kind<K extends RecordKind> = {
  readonly kind: K
  /** Last part of the path. */
  readonly path: string
  /** As in `<type> profile <name> Not Found`. */
  readonly type: 'CIRA' | 'Domain' | 'AMT' | 'Wireless' | '802.1x' | 'Proxy'
  readonly title: string
  /** Permission to write. */
  readonly access: 'host.change' | 'host.access'
  /** Bytes of a body. */
  readonly bodyLimit?: number
  /** Changed without a version too. */
  readonly versionless?: boolean
  /** Kinds of secrets that go with it. */
  readonly secretKinds: readonly string[]
  nameIn(given: Given): string
  check(given: Given, context: CheckContext<K>): Promise<Checked>
  /** Called with a body that passed the check. */
  write(given: Given, old: RecordOf[K] | undefined, checked: Checked): Written<K>
  distinct?(record: RecordOf[K]): string
  references?(record: RecordOf[K]): readonly Reference[]
  /** Members of an answer, without those every kind has. */
  show(record: RecordOf[K]): Readonly<Record<string, unknown>>
  duplicate(name: string): string
  inUse?(name: string, by: readonly RecordKind[]): Constraint
  missing?(reference: Reference, creating: boolean): Constraint
}
