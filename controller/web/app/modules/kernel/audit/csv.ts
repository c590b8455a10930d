// SPDX-License-Identifier: Apache-2.0
/** Entries as a spreadsheet takes them. */
import type { Entry } from './search.ts'

const COLUMNS: readonly (readonly [string, (entry: Entry) => string | undefined])[] = [
  ['n', entry => String(entry.n)],
  ['at', entry => entry.at],
  ['chain', entry => entry.chain],
  ['principal', entry => entry.principal.id],
  ['name', entry => entry.name],
  ['kind', entry => entry.principal.kind],
  ['via', entry => entry.principal.via],
  ['address', entry => entry.principal.address],
  ['action', entry => entry.action],
  ['target', entry => entry.target],
  ['outcome', entry => entry.outcome],
  ['reason', entry => entry.reason],
  ['request', entry => entry.request],
  ['detail', entry => (entry.detail === undefined ? undefined : JSON.stringify(entry.detail))],
  ['hash', entry => entry.hash],
]

export function csvHead(): string {
  return `${COLUMNS.map(([name]) => name).join(',')}\r\n`
}

/** RFC 4180. No cell is taken for a formula: one that begins like one has an apostrophe before it. */
export function csvLines(entries: readonly Entry[]): string {
  return entries.map(entry => `${COLUMNS.map(([, of]) => cell(of(entry) ?? '')).join(',')}\r\n`).join('')
}

function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
