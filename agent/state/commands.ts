// SPDX-License-Identifier: Apache-2.0
/** Every command id this host has begun, so that none runs twice. */
import type { CommandMessage, EpochMs, ResultMessage } from '../../plugins/contract/index.ts'
import type { Row, Rows } from './rows.ts'

export type BegunCommand = {
  readonly id: string
  readonly startedAt: EpochMs
  /** The boot during which it began. */
  readonly bootId: string
  readonly message: CommandMessage
}

export type CommandTable = {
  /** `begun` without a result, or the result it ended with. */
  get(id: string): { readonly state: 'begun' } | { readonly state: 'done'; readonly result: ResultMessage } | undefined
  /** Remembers that it runs from now on. False when the id is known already. */
  begin(begun: BegunCommand, keepUntil: EpochMs): boolean
  finish(id: string, result: ResultMessage): void
  /** Those that began and have no result, oldest first. */
  unfinished(): readonly BegunCommand[]
  /** Forgets finished ones that need not be remembered any longer. */
  forgetBefore(at: EpochMs): void
}

export function commandTable(rows: Rows): CommandTable {
  return {
    get(id) {
      const row = rows.one('SELECT state, result FROM commands WHERE id = ?', id)
      if (row === undefined) return undefined
      if (row.state !== 'done') return { state: 'begun' }
      return { state: 'done', result: JSON.parse(String(row.result)) as ResultMessage } // written by finish
    },
    begin({ id, startedAt, bootId, message }, keepUntil) {
      const changed = rows.change(
        `INSERT INTO commands (id, section, state, keep_until, started_at, boot_id, command)
         VALUES (?, ?, 'started', ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
        id,
        message.head.section,
        keepUntil,
        startedAt,
        bootId,
        JSON.stringify(message),
      )
      return changed === 1
    },
    finish(id, result) {
      rows.change("UPDATE commands SET state = 'done', result = ? WHERE id = ?", JSON.stringify(result), id)
    },
    unfinished: () =>
      rows
        .all("SELECT id, started_at, boot_id, command FROM commands WHERE state = 'started' ORDER BY started_at, id")
        .map(begunOf),
    forgetBefore(at) {
      rows.change("DELETE FROM commands WHERE state = 'done' AND keep_until < ?", at)
    },
  }
}

function begunOf(row: Row): BegunCommand {
  return {
    id: String(row.id),
    startedAt: Number(row.started_at),
    bootId: String(row.boot_id),
    message: JSON.parse(String(row.command)) as CommandMessage, // written by begin
  }
}
