// SPDX-License-Identifier: Apache-2.0
/** A file of hosts: what it must look like, what is in it, and which cell a finding of the controller is about. Pure. */
import { COLUMNS } from '../../../../../modules/inventory/import/columns.ts'
import { readCsv, writeCsv } from './csv.ts'

/** Columns that people fill. */
export const FILLED = COLUMNS.length - 1
const ERROR = FILLED

export const MAX_BYTES = 16 * 2 ** 20
export const MAX_ROWS = 100_000

export type Row = {
  readonly id: number
  readonly cells: readonly string[]
  /** What the last check found; absent before the first one. */
  readonly findings: readonly string[]
  /** It was changed since. */
  readonly changed: boolean
}

export type FileFault =
  | { readonly is: 'too-large'; readonly bytes: number }
  | { readonly is: 'spreadsheet' | 'binary' | 'not-utf8' | 'empty' | 'no-rows' }
  | { readonly is: 'header'; readonly column: number; readonly found: string }
  | { readonly is: 'columns'; readonly lines: readonly { readonly line: number; readonly columns: number }[] }
  | { readonly is: 'open-quote' | 'text-after-quote'; readonly line: number }
  | { readonly is: 'too-many'; readonly rows: number }

export type ReadFile = {
  readonly rows: readonly Row[]
  readonly separator: string
  /** Errors of an earlier check stood in the last column; they were taken out. */
  readonly hadErrors: boolean
}

const LOOKED_AT = 4_096

/** The text of a file, or why it is none. */
export function decodeFile(bytes: Uint8Array): string | { readonly fault: FileFault } {
  if (bytes.length > MAX_BYTES) return { fault: { is: 'too-large', bytes: bytes.length } }
  // Workbooks of all makers are zip files, or OLE documents.
  if ((bytes[0] === 0x50 && bytes[1] === 0x4b) || (bytes[0] === 0xd0 && bytes[1] === 0xcf))
    return { fault: { is: 'spreadsheet' } }
  if (bytes.subarray(0, LOOKED_AT).includes(0)) return { fault: { is: 'binary' } }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { fault: { is: 'not-utf8' } }
  }
}

export function readHosts(text: string): ReadFile | { readonly fault: FileFault } {
  const table = readCsv(text.replace(/^\uFEFF/, ''))
  if ('fault' in table) return { fault: table.fault }
  const [head, ...lines] = table.lines
  if (head === undefined) return { fault: { is: 'empty' } }
  const wrong = COLUMNS.findIndex((name, at) => head.cells[at]?.trim() !== name)
  if (wrong !== -1) return { fault: { is: 'header', column: wrong, found: head.cells[wrong]?.trim() ?? '' } }
  if (head.cells.length > COLUMNS.length)
    return { fault: { is: 'header', column: COLUMNS.length, found: head.cells[COLUMNS.length] ?? '' } }
  const bad = lines.filter(({ cells }) => cells.length !== COLUMNS.length)
  if (bad.length > 0)
    return {
      fault: { is: 'columns', lines: bad.slice(0, 5).map(({ line, cells }) => ({ line, columns: cells.length })) },
    }
  if (lines.length === 0) return { fault: { is: 'no-rows' } }
  if (lines.length > MAX_ROWS) return { fault: { is: 'too-many', rows: lines.length } }
  return {
    separator: table.separator,
    hadErrors: lines.some(({ cells }) => (cells[ERROR] ?? '').trim() !== ''),
    rows: lines.map(({ cells }, id) => ({ id, cells: cells.slice(0, FILLED), findings: [], changed: false })),
  }
}

/** The table that is sent. */
export function tableOf(rows: readonly Pick<Row, 'cells'>[]): string {
  return writeCsv([COLUMNS, ...rows.map(({ cells }) => [...cells, ''])])
}

/** Findings of each row from the file that the controller sends back, in the same order; all are good when none is there. */
export function findingsIn(answer: string, count: number): readonly (readonly string[])[] {
  const table = readCsv(answer)
  const lines = 'fault' in table ? [] : table.lines.slice(1)
  return Array.from({ length: count }, (_, at) =>
    (lines[at]?.cells[ERROR] ?? '')
      .split(';')
      .map(each => each.trim())
      .filter(each => each !== ''),
  )
}

/** Beginnings of the controller's words, and the columns they are about. */
const ABOUT: readonly (readonly [string, number])[] = [
  ['Invalid Serial', 0],
  ['Duplicate Serial', 0],
  ['One of Serial', 0],
  ['Invalid UUID', 1],
  ['Duplicate UUID', 1],
  ['OS Profile and Security', 4],
  ['OS Profile', 2],
  ['Invalid OS profile', 2],
  ['Invalid Site', 3],
  ['Site is', 3],
  ['Invalid Local Account', 5],
  ['Invalid Metadata', 6],
  ['Invalid LVM', 7],
  ['Invalid cloud init', 8],
  ['Invalid cluster template', 10],
  ['Invalid cluster config', 11],
]

/** The column a finding is about; the first where it is about the row. */
export function columnOf(finding: string): number {
  return ABOUT.find(([start]) => finding.startsWith(start))?.[1] ?? 0
}
