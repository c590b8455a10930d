// SPDX-License-Identifier: Apache-2.0
/** The text of a statement that writes a row over the one with its key. Pure. */

/** Values go in the order of `key` and then of `columns`. */
export function upsertText(table: string, key: readonly string[], columns: readonly string[]): string {
  const all = [...key, ...columns]
  const places = all.map(() => '?').join(', ')
  const changes = columns.map(column => `${column} = excluded.${column}`).join(', ')
  return `insert into ${table} (${all.join(', ')}) values (${places}) on conflict (${key.join(', ')}) do update set ${changes}`
}
