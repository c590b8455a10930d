// SPDX-License-Identifier: Apache-2.0
/** Reports and results that no receipt has named yet, and telemetry that found no link. */
import type { Row, Rows } from './rows.ts'

export type OutboxKind = 'reported' | 'result' | 'telemetry'

export type OutboxEntry = {
  /** ULID, the id of the message inside. */
  readonly id: string
  readonly kind: OutboxKind
  /** The section of a report, the command of a result, the stream of telemetry. */
  readonly key: string
  readonly payload: string
  /** How often the link broke while only this one was on its way. */
  readonly kills: number
}

export type OutboxHead = Pick<OutboxEntry, 'id' | 'kind' | 'key'>

/** More than this is never kept: telemetry makes room first, then the oldest reports, and results last. */
export const MAX_ENTRIES = 10_000

export type OutboxTable = {
  /**
   * A newer report or result replaces the older of its key; telemetry piles up.
   * Returns what had to go to make room, which the caller tells of: `undefined` as a rule.
   */
  put(entry: Omit<OutboxEntry, 'kills'>): OutboxHead | undefined
  /** Reports and results, oldest first. */
  list(limit: number): readonly OutboxEntry[]
  /** The same without what they carry. */
  heads(limit: number): readonly OutboxHead[]
  get(id: string): OutboxEntry | undefined
  /** Telemetry, oldest first. */
  listTelemetry(limit: number): readonly OutboxEntry[]
  count(): number
  /** Makes room by forgetting the oldest telemetry; returns how many batches went. */
  dropTelemetry(count: number): number
  remove(ids: readonly string[]): void
  /** Returns how often that entry has broken the link by now. */
  blame(id: string): number
}

export function outboxTable(rows: Rows, maxEntries = MAX_ENTRIES): OutboxTable {
  const count = (): number => Number(rows.one('SELECT count(*) AS count FROM outbox')?.count)
  return {
    put({ id, kind, key, payload }) {
      return rows.atomically(() => {
        if (kind !== 'telemetry') rows.change('DELETE FROM outbox WHERE kind = ? AND key = ?', kind, key)
        rows.change('INSERT INTO outbox (id, kind, key, payload) VALUES (?, ?, ?, ?)', id, kind, key, payload)
        return count() > maxEntries ? dropOne(rows, id) : undefined
      })
    },
    list: limit =>
      rows
        .all("SELECT id, kind, key, payload, kills FROM outbox WHERE kind <> 'telemetry' ORDER BY rowid LIMIT ?", limit)
        .map(entryOf),
    heads: limit =>
      rows.all("SELECT id, kind, key FROM outbox WHERE kind <> 'telemetry' ORDER BY rowid LIMIT ?", limit).map(headOf),
    get(id) {
      const row = rows.one('SELECT id, kind, key, payload, kills FROM outbox WHERE id = ?', id)
      return row === undefined ? undefined : entryOf(row)
    },
    listTelemetry: limit =>
      rows
        .all("SELECT id, kind, key, payload, kills FROM outbox WHERE kind = 'telemetry' ORDER BY rowid LIMIT ?", limit)
        .map(entryOf),
    count,
    dropTelemetry: count =>
      rows.change(
        `DELETE FROM outbox WHERE rowid IN
           (SELECT rowid FROM outbox WHERE kind = 'telemetry' ORDER BY rowid LIMIT ?)`,
        count,
      ),
    remove(ids) {
      rows.atomically(() => {
        for (const id of ids) rows.change('DELETE FROM outbox WHERE id = ?', id)
      })
    },
    blame(id) {
      const row = rows.one('UPDATE outbox SET kills = kills + 1 WHERE id = ? RETURNING kills', id)
      return Number(row?.kills ?? 0)
    },
  }
}

function dropOne(rows: Rows, spared: string): OutboxHead | undefined {
  const row = rows.one(
    `DELETE FROM outbox WHERE rowid = (
       SELECT rowid FROM outbox WHERE id <> ?
       ORDER BY CASE kind WHEN 'telemetry' THEN 0 WHEN 'reported' THEN 1 ELSE 2 END, rowid LIMIT 1
     ) RETURNING id, kind, key`,
    spared,
  )
  return row === undefined ? undefined : headOf(row)
}

function headOf(row: Row): OutboxHead {
  // The column has a CHECK on these three.
  return { id: String(row.id), kind: row.kind as OutboxKind, key: String(row.key) }
}

function entryOf(row: Row): OutboxEntry {
  return {
    ...headOf(row),
    payload: String(row.payload),
    kills: Number(row.kills),
  }
}
