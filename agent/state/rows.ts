// SPDX-License-Identifier: Apache-2.0
/** The few words the tables of the journal use to reach their rows. */

export type Parameter = string | number | null
export type Row = Readonly<Record<string, Parameter>>

/** Every call may throw the problems `disk-full` and `journal-unusable`. */
export interface Rows {
  /** Returns how many rows changed. */
  change(sql: string, ...values: readonly Parameter[]): number
  one(sql: string, ...values: readonly Parameter[]): Row | undefined
  all(sql: string, ...values: readonly Parameter[]): readonly Row[]
  atomically<T>(act: () => T): T
}
