// SPDX-License-Identifier: Apache-2.0
/** What a command prints: data on standard output in the asked form, everything else on standard error. */
import type { Terminal } from './ports.ts'
import { problem } from './problems.ts'
import { drawCsv } from './render/csv.ts'
import { type Column, drawTable, type Look } from './render/table.ts'
import { readTemplate, type Template } from './render/template.ts'
import { counted, literalJson, literalLines } from './render/text.ts'

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name', 'csv'] as const
/** `template`: as a text says, with places that are filled from what `json` shows. */
export type Format = (typeof FORMATS)[number] | 'template'

/** How rows of one kind are shown. */
export type View<Row> = {
  /** `Host`; lists are `HostList`. */
  readonly kind: string
  /** What `-o name` prints: what other commands accept. */
  readonly name: (row: Row) => string
  readonly columns: readonly Column<Row>[]
  /** What to do when there is none. */
  readonly empty?: string
}

export interface Output {
  readonly format: Format
  readonly look: Look
  list<Row>(
    view: View<Row>,
    rows: readonly Row[],
    more?: { readonly total?: number; readonly tookMs?: number },
  ): Promise<void>
  /** One thing; `draw` is how a person sees it. */
  item<Row>(
    view: Pick<View<Row>, 'kind' | 'name'>,
    row: Row,
    draw: (row: Row) => string | Promise<string>,
  ): Promise<void>
  /** One of many things that come over time: a line of text, or of NDJSON. */
  line(value: unknown, text: string): Promise<void>
  /** Exactly this, on standard output. */
  data(content: string | Uint8Array): Promise<void>
  /** For the person, on standard error; not with `--quiet`. */
  note(text: string): Promise<void>
}

export type OutputParts = {
  readonly terminal: Terminal
  readonly format: string
  readonly quiet: boolean
  readonly color: boolean
  readonly now: number
}

/** Whether colors are wanted: on a terminal that can, unless NO_COLOR or `--no-color` says otherwise. */
export function wantsColor({ env, output }: Terminal): boolean {
  return output.isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
}

export function createOutput({ terminal, format: asked, quiet, color, now }: OutputParts): Output {
  const template = templateIn(asked)
  const format = template === undefined ? asked : 'template'
  if (!isFormat(format) || asked === 'template')
    throw problem('usage', `-o takes ${FORMATS.join(', ')}, jsonpath=..., template=...`)
  const look: Look = { columns: terminal.output.columns, color, now }
  const data = (content: string | Uint8Array) => terminal.output.write(content)
  const fill = (value: unknown): Promise<void> => {
    const text = literalLines(template?.(value) ?? '')
    return data(text === '' || text.endsWith('\n') ? text : `${text}\n`)
  }
  const note = async (text: string): Promise<void> => {
    if (!quiet) await terminal.error.write(`${literalLines(text)}\n`)
  }
  return {
    format,
    look,
    data,
    note,
    list: async (view, rows, more = {}) => {
      if (format === 'name') return data(rows.map(row => `${literalLines(view.name(row))}\n`).join(''))
      if (format === 'json' || format === 'yaml') {
        return data(await written(format, { apiVersion: 'v1', kind: `${view.kind}List`, items: rows }))
      }
      if (format === 'template') return fill({ apiVersion: 'v1', kind: `${view.kind}List`, items: rows })
      if (format === 'csv') return data(drawCsv(view.columns, rows, now))
      const { text, hidden } = drawTable(
        view.columns.filter(column => format === 'wide' || column.wide !== true),
        rows,
        look,
      )
      if (rows.length > 0) await data(text)
      if (terminal.output.isTerminal) await note(footerOf(view, { rows: rows.length, hidden, ...more }))
    },
    item: async (view, row, draw) => {
      if (format === 'name') return data(`${literalLines(view.name(row))}\n`)
      if (format === 'template') return fill({ apiVersion: 'v1', kind: view.kind, item: row })
      if (format === 'csv') throw problem('usage', '-o csv is for lists')
      if (format === 'table' || format === 'wide') return data(await draw(row))
      return data(await written(format, { apiVersion: 'v1', kind: view.kind, item: row }))
    },
    line: async (value, text) => {
      if (format === 'template') return fill(value)
      const lines = format === 'json' || (format === 'table' && !terminal.output.isTerminal)
      if (lines) return data(`${literalJson(JSON.stringify(value))}\n`)
      if (format === 'yaml') return data(`---\n${await written('yaml', value)}`)
      return data(`${text}\n`)
    },
  }
}

function isFormat(text: string): text is Format {
  return text === 'template' || FORMATS.some(format => format === text)
}

function templateIn(asked: string): Template | undefined {
  const [, language, text = ''] = /^(jsonpath|template)=(.*)$/s.exec(asked) ?? []
  return language === 'jsonpath' || language === 'template' ? readTemplate(language, text) : undefined
}

async function written(format: 'json' | 'yaml', value: unknown): Promise<string> {
  if (format === 'json') return `${literalJson(JSON.stringify(value, undefined, 2))}\n`
  const { writeYaml } = await import('./render/yaml.ts')
  return writeYaml(value)
}

type Listed = {
  readonly rows: number
  readonly total?: number
  readonly tookMs?: number
  /** Titles of the columns there was no room for. */
  readonly hidden: readonly string[]
}

function footerOf(
  { kind, empty }: Pick<View<never>, 'kind' | 'empty'>,
  { rows, total = rows, tookMs, hidden }: Listed,
): string {
  const noun = kind.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const count = total === rows ? counted(rows, noun) : `${rows} of ${counted(total, noun)}`
  const took = tookMs === undefined ? '' : `, ${tookMs} ms`
  const gone = hidden.length === 0 || rows === 0 ? '' : `; no room for ${hidden.join(', ')} (-o json has them)`
  return `${count}${took}${gone}${rows === 0 && empty !== undefined ? `\ntry: ${empty}` : ''}`
}
