// SPDX-License-Identifier: Apache-2.0
/** Versions in order: their first three numbers as one, in memory and in the database alike. */
import { type RawBuilder, sql } from 'kysely'

const STEP = 1_000_000

/** `2.3.1-rc` is before `2.4` and beside `2.3.1`; what is no number counts as 0. */
export function versionNumber(text: string): number {
  const [major = 0, minor = 0, patch = 0] = text.split('.').map(part => Number(/^\d{1,6}/.exec(part)?.[0] ?? 0))
  return (major * STEP + minor) * STEP + patch
}

/** From the first version a text stands for until the first that it does not; `undefined` for what is no version. */
export function versionSpan(text: string): { readonly from: number; readonly until: number } | undefined {
  if (!/^\d{1,5}(\.\d{1,6}){0,2}$/.test(text)) return undefined
  const wide = [STEP * STEP, STEP, 1][text.split('.').length - 1] ?? 1
  const from = versionNumber(text)
  return { from, until: from + wide }
}

/** The same number; `NULL` where the text is. */
export function versionSql(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const behind = (part: RawBuilder<unknown>) => sql`substr(${part}, instr(${part} || '.', '.') + 1)`
  const minor = behind(text)
  const number = (part: RawBuilder<unknown>) => sql`cast(${part} as integer)`
  return sql`((${number(text)} * ${sql.lit(STEP)} + ${number(minor)}) * ${sql.lit(STEP)} + ${number(behind(minor))})`
}
