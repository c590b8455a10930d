// SPDX-License-Identifier: Apache-2.0
/** Tables: aligned, cut to the terminal where there is one, never cut anywhere else. */
import { cut, literal, pad, widthOf } from './text.ts'

export type Tone = 'good' | 'bad' | 'warn' | 'dim'

export type Column<Row> = {
  readonly title: string
  /** The text of a cell; it is made harmless here, not there. */
  readonly cell: (row: Row, now: number) => string
  /** Numbers stand to the right. */
  readonly right?: true
  /** Shown with `-o wide` only. */
  readonly wide?: true
  readonly tone?: (row: Row) => Tone | undefined
}

export type Look = {
  /** Columns of the terminal; `undefined` for no limit. */
  readonly columns: number | undefined
  readonly color: boolean
  readonly now: number
}

export type Drawn = {
  readonly text: string
  /** Titles of the columns there was no room for. */
  readonly hidden: readonly string[]
}

const GAP = 2
/** A column narrower than this tells nothing. */
const LEAST = 6

/** Draws rows as lines of text with a header; columns that do not fit even when cut are left out from the right. */
export function drawTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): Drawn {
  const cells = rows.map(row => columns.map(column => literal(column.cell(row, look.now))))
  const natural = columns.map((column, at) =>
    Math.max(widthOf(column.title), ...cells.map(line => widthOf(line[at] ?? ''))),
  )
  const widths = look.columns === undefined ? natural : narrowed(natural, look.columns)
  const shown = columns.slice(0, widths.length)
  const lines = [drawLine(shown, widths, { texts: shown.map(column => column.title), tones: [], look })]
  for (const [at, row] of rows.entries()) {
    const tones = shown.map(column => column.tone?.(row))
    lines.push(drawLine(shown, widths, { texts: cells[at] ?? [], tones, look }))
  }
  return { text: lines.join(''), hidden: columns.slice(widths.length).map(column => column.title) }
}

/** Takes from the widest until the line fits; gives up the last column when nothing is left to take. */
function narrowed(natural: readonly number[], room: number): readonly number[] {
  const widths = [...natural]
  const excess = (): number => widths.reduce((sum, width) => sum + width + GAP, -GAP) - room
  while (excess() > 0) {
    const widest = Math.max(...widths)
    if (widest > LEAST) {
      widths[widths.indexOf(widest)] = widest - 1
      continue
    }
    if (widths.length === 1) return [Math.max(1, room)]
    widths.pop()
    // What is left may stretch again: there is room now.
    for (const [at, width] of natural.slice(0, widths.length).entries()) widths[at] = width
  }
  return widths
}

type Line = { readonly texts: readonly string[]; readonly tones: readonly (Tone | undefined)[]; readonly look: Look }

function drawLine<Row>(
  columns: readonly Column<Row>[],
  widths: readonly number[],
  { texts, tones, look }: Line,
): string {
  const parts = columns.map((column, at) => {
    const width = widths[at] ?? 0
    const text = cut(texts[at] ?? '', width)
    const last = at === columns.length - 1 && column.right !== true
    return paint(last ? text : pad(text, width, column.right === true), look.color ? tones[at] : undefined)
  })
  return `${parts.join(' '.repeat(GAP)).trimEnd()}\n`
}

/** SGR codes of ECMA-48 §8.3.117 that read on light and dark alike. */
const SGR: Readonly<Record<Tone, number>> = { good: 32, bad: 31, warn: 33, dim: 2 }

/** Colors a text; without a tone it stays as it is. */
export function paint(text: string, tone: Tone | undefined): string {
  return tone === undefined ? text : `\u001b[${SGR[tone]}m${text}\u001b[0m`
}

/** Draws one thing as lines of `name  value`, names aligned; absent values are left out. */
export function drawFacts(facts: readonly (readonly [string, string | undefined])[]): string {
  const present = facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, value] as const],
  )
  const width = Math.max(0, ...present.map(([name]) => name.length))
  return present.map(([name, value]) => `${name.padEnd(width)}  ${literal(value)}\n`).join('')
}
