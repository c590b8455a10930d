// SPDX-License-Identifier: Apache-2.0
/** Tables as text with commas (RFC 4180), read and written in the browser. Pure. */

export type Table = {
  readonly separator: string
  readonly lines: readonly { readonly line: number; readonly cells: readonly string[] }[]
}
export type CsvFault = { readonly line: number; readonly is: 'open-quote' | 'text-after-quote' }

/** Reads a table. The separator is the one of the first line: comma, semicolon or tab. Empty lines are passed over. */
export function readCsv(text: string): Table | { readonly fault: CsvFault } {
  const separator = separatorOf(text)
  const lines: { line: number; cells: string[] }[] = []
  let cells: string[] = []
  let line = 1
  let at = 0
  const endLine = (): void => {
    if (cells.length > 1 || cells[0] !== '') lines.push({ line, cells })
    cells = []
  }
  while (at <= text.length) {
    let cell = ''
    if (text[at] === '"') {
      const began = line
      const quoted = readQuoted(text, at)
      if (quoted === undefined) return { fault: { line: began, is: 'open-quote' } }
      cell = quoted.cell
      line += breaksIn(cell)
      at = quoted.end
      if (at < text.length && text[at] !== separator && !isBreak(text, at))
        return { fault: { line, is: 'text-after-quote' } }
    } else {
      const from = at
      while (at < text.length && text[at] !== separator && !isBreak(text, at)) at++
      cell = text.slice(from, at)
    }
    cells.push(cell)
    if (text[at] === separator) {
      at++
      continue
    }
    endLine()
    if (at >= text.length) break
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1
    line++
  }
  return { separator, lines }
}

function isBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r'
}

function breaksIn(text: string): number {
  return (text.match(/\r\n|\n|\r/g) ?? []).length
}

/** `end` is behind the closing quote; `undefined` when it is never closed. */
function readQuoted(text: string, at: number): { readonly cell: string; readonly end: number } | undefined {
  let from = at + 1
  let cell = ''
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return undefined
    cell += text.slice(from, quote)
    if (text[quote + 1] !== '"') return { cell, end: quote + 1 }
    cell += '"'
    from = quote + 2
  }
}

/** Spreadsheets write what their country does. */
function separatorOf(text: string): string {
  const [first = ''] = text.split(/[\r\n]/, 1)
  const count = (separator: string): number => first.split(separator).length
  return [',', ';', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best))
}

/** What a spreadsheet would take for a formula gets an apostrophe before it, which the controller takes off again. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map(cells => `${cells.map(written).join(',')}\n`).join('')
}

function written(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
