// SPDX-License-Identifier: Apache-2.0
/** The last accepted desired of every section, and the last report made of it. */
import type { DesiredMessage } from '../../plugins/contract/index.ts'
import type { Row, Rows } from './rows.ts'

export type HeldDesired = {
  readonly section: string
  readonly epoch: number
  readonly revision: number
  /** The signed message as it was accepted. */
  readonly message: DesiredMessage
}

export type DesiredTable = {
  get(section: string): HeldDesired | undefined
  list(): readonly HeldDesired[]
  /** Replaces what the section held. */
  put(held: HeldDesired): void
}

export function desiredTable(rows: Rows): DesiredTable {
  return {
    get(section) {
      const row = rows.one('SELECT section, epoch, revision, document FROM desired WHERE section = ?', section)
      return row === undefined ? undefined : heldOf(row)
    },
    list: () => rows.all('SELECT section, epoch, revision, document FROM desired ORDER BY section').map(heldOf),
    put({ section, epoch, revision, message }) {
      rows.change(
        `INSERT INTO desired (section, epoch, revision, document) VALUES (?, ?, ?, ?)
         ON CONFLICT (section) DO UPDATE SET epoch = excluded.epoch, revision = excluded.revision, document = excluded.document`,
        section,
        epoch,
        revision,
        JSON.stringify(message),
      )
    },
  }
}

function heldOf(row: Row): HeldDesired {
  return {
    section: String(row.section),
    epoch: Number(row.epoch),
    revision: Number(row.revision),
    message: JSON.parse(String(row.document)) as DesiredMessage, // written by put, which takes nothing else
  }
}

export type ReportedTable = {
  digestOf(section: string): string | undefined
  put(section: string, digest: string, body: string): void
  /** Makes the next report of the section count as new. */
  remove(section: string): void
}

export function reportedTable(rows: Rows): ReportedTable {
  return {
    digestOf(section) {
      const row = rows.one('SELECT digest FROM reported WHERE section = ?', section)
      return row === undefined ? undefined : String(row.digest)
    },
    put(section, digest, body) {
      rows.change(
        `INSERT INTO reported (section, digest, body) VALUES (?, ?, ?)
         ON CONFLICT (section) DO UPDATE SET digest = excluded.digest, body = excluded.body`,
        section,
        digest,
        body,
      )
    },
    remove(section) {
      rows.change('DELETE FROM reported WHERE section = ?', section)
    },
  }
}
