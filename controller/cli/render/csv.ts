// SPDX-License-Identifier: Apache-2.0
/** Small tables as text with commas (RFC 4180), in and out. */
import { problem } from '../problems.ts'
import type { Column } from './table.ts'

/** Draws all columns; what a spreadsheet would take for a formula gets an apostrophe before it. */
export function drawCsv<Row>(columns: readonly Column<Row>[], rows: readonly Row[], now: number): string {
  const lines = [columns.map(({ title }) => title), ...rows.map(row => columns.map(({ cell }) => cell(row, now)))]
  return lines.map(cells => `${cells.map(csvCell).join(',')}\n`).join('')
}

function csvCell(cell: string): string {
  const text = /^[=+@\t\r]|^-./.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows by the names of the header; names are matched whatever the case. Throws `input-unreadable` with the line. */
export function readTable(text: string, what: string): readonly ReadonlyMap<string, string>[] {
  const [header, ...rows] = linesOf(text.replace(/^\ufeff/, ''), what)
  if (header === undefined) throw problem('input-unreadable', `${what} is empty`)
  const names = header.cells.map(name => name.toLowerCase())
  return rows.map(({ line, cells }) => {
    if (cells.length !== names.length)
      throw problem('input-unreadable', `${what}, line ${line}: ${cells.length} columns, not ${names.length}`)
    return new Map(names.map((name, at) => [name, cells[at] ?? '']))
  })
}

type Line = { readonly line: number; readonly cells: readonly string[] }

function linesOf(text: string, what: string): readonly Line[] {
  const lines: Line[] = []
  let cells: string[] = []
  let line = 1
  let began = 1
  // A cell is quoted, with doubled quotes in it, or goes to the next comma or line end.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  while (cell.lastIndex < text.length || cells.length > 0) {
    const found = cell.exec(text)
    if (found === null) throw problem('input-unreadable', `${what}, line ${line}: a quote stands where none may`)
    const [whole, quoted, plain = '', end] = found
    line += whole.match(/\n/g)?.length ?? 0
    cells.push((quoted?.replaceAll('""', '"') ?? plain).trim())
    if (end === ',') continue
    if (cells.some(each => each !== '')) lines.push({ line: began, cells })
    cells = []
    began = line
  }
  return lines
}
