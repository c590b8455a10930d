// SPDX-License-Identifier: Apache-2.0
/** Tables as text with commas (RFC 4180), in and out; the only importer of the package. */
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { problem } from './problems.ts'

export type CsvLine = {
  /** Where it ends in the file, counted from 1: quoted line breaks count. */
  readonly line: number
  readonly cells: readonly string[]
}

/** Longer than any row of hosts; a quote that is never closed ends here. */
const MAX_LINE_CHARACTERS = 65_536

/**
 * Reads a table piece by piece. A byte order mark, CRLF and line breaks within quotes are taken as they are meant; empty
 * lines are passed over. Throws `csv-unusable` naming the line, and whatever `bytes` throws.
 */
export async function* csvLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MAX_LINE_CHARACTERS,
  })
  const source = Readable.from(bytes, { objectMode: false })
  source.on('error', thrown => parser.destroy(thrown))
  source.pipe(parser)
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) // `info: true`
      yield { line: info.lines, cells: record }
  } catch (thrown) {
    throw thrown instanceof CsvError ? unusable(thrown) : thrown
  } finally {
    source.destroy()
    parser.destroy()
  }
}

function unusable(error: CsvError): unknown {
  const line = typeof error.lines === 'number' ? error.lines : 1
  const message = SAID[error.code] ?? 'cannot be read as comma-separated values'
  return problem('csv-unusable', `line ${line} ${message}`, { lines: [{ line, message }] })
}

const SAID: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'opens a quote that is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'has text behind a closing quote',
  INVALID_OPENING_QUOTE: 'has a quote in the middle of a cell',
  CSV_MAX_RECORD_SIZE: 'is too long, or opens a quote that is never closed',
}

/** Writes one line, ended by a line feed. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\n`
}

/** What a spreadsheet would take for a formula gets an apostrophe before it, so that it stays a text. */
function csvCell(cell: string): string {
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
