// SPDX-License-Identifier: Apache-2.0
/** Reads an uploaded file of hosts within its limits; a file that is no such table is refused as a whole. */
import { COLUMNS, type HostRow, type Overrides, rowOf } from './columns.ts'
import { type CsvLine, csvLines } from './csv.ts'
import { problem } from './problems.ts'

export const MAX_ROWS = 100_000
export const MAX_BYTES = 16 * 2 ** 20
/** How many bad lines are told of. */
const MAX_TOLD = 100

/** A row as it was uploaded. */
export type UploadedRow = {
  /** Among the rows, counted from 1, as EIM's messages count them. */
  readonly number: number
  readonly line: number
  readonly row: HostRow
}

type BadLine = { readonly line: number; readonly message: string }

/** Throws `csv-unusable` with the lines that do not fit, and `import-too-large`. */
export async function readHosts(
  upload: AsyncIterable<Uint8Array>,
  overrides: Overrides = {},
): Promise<readonly UploadedRow[]> {
  const rows: UploadedRow[] = []
  const bad: BadLine[] = []
  let headed = false
  for await (const { line, cells } of csvLines(limited(upload))) {
    if (!headed) {
      headed = true
      checkHeader(line, cells)
      continue
    }
    if (rows.length === MAX_ROWS) throw problem('import-too-large', `more than ${MAX_ROWS} rows`)
    if (cells.length === COLUMNS.length) rows.push({ number: rows.length + 1, line, row: rowOf(cells, overrides) })
    else bad.push(wrongCount(line, cells))
    if (bad.length === MAX_TOLD) break
  }
  if (!headed) throw problem('csv-unusable', 'it is empty', { lines: [{ line: 1, message: 'the header is missing' }] })
  if (bad.length > 0) throw problem('csv-unusable', told(bad), { lines: bad })
  return rows
}

async function* limited(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const part of bytes) {
    size += part.byteLength
    if (size > MAX_BYTES) throw problem('import-too-large', `more than ${MAX_BYTES} bytes`)
    yield part
  }
}

function checkHeader(line: number, cells: readonly string[]): void {
  const wrong = COLUMNS.findIndex((name, at) => cells[at]?.trim() !== name)
  if (wrong === -1 && cells.length === COLUMNS.length) return
  const message = headerFault(cells, wrong)
  throw problem('csv-unusable', `line ${line}: ${message}`, { lines: [{ line, message }] })
}

function headerFault(cells: readonly string[], wrong: number): string {
  if (cells.some(cell => cell.includes('\0') || cell.includes('\ufffd')))
    return 'the file is no text in UTF-8: save it as "CSV UTF-8"'
  if (wrong === -1) return `the header has ${cells.length} columns, not ${COLUMNS.length}`
  return `column ${wrong + 1} of the header must be "${COLUMNS[wrong]}"`
}

function wrongCount(line: CsvLine['line'], cells: readonly string[]): BadLine {
  return { line, message: `has ${cells.length} columns, not ${COLUMNS.length}` }
}

function told(bad: readonly BadLine[]): string {
  const shown = bad.slice(0, 3).map(({ line, message }) => `line ${line} ${message}`)
  return bad.length > 3 ? `${shown.join('; ')}; and more` : shown.join('; ')
}
