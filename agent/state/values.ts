// SPDX-License-Identifier: Apache-2.0
/** Single remembered facts of the agent: its session ticket, the highest epoch it has seen, its time floor. */
import type { Rows } from './rows.ts'

/** What is remembered by name; each is written and read by one owner. */
export type ValueName =
  | 'ticket'
  | 'ticket-origin'
  | 'epoch'
  | 'owner'
  | 'witness'
  | 'time-floor'
  | 'transport'
  | 'deadman'
  | 'forgot-before'
  | 'sections'
  | 'standing'
  | 'suspicion'
  | 'reported-epoch'

export type ValueTable = {
  get(name: ValueName): string | undefined
  put(name: ValueName, value: string): void
  remove(name: ValueName): void
}

export function valueTable(rows: Rows): ValueTable {
  return {
    get(name) {
      const row = rows.one('SELECT value FROM "values" WHERE key = ?', name)
      return row === undefined ? undefined : String(row.value)
    },
    put(name, value) {
      rows.change(
        'INSERT INTO "values" (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        name,
        value,
      )
    },
    remove(name) {
      rows.change('DELETE FROM "values" WHERE key = ?', name)
    },
  }
}
