// SPDX-License-Identifier: Apache-2.0
/** Forms of output: data on one stream, words on the other. */
import { describe, expect, it } from 'vitest'
import { createOutput, type Output, type View, wantsColor } from '../../../../controller/cli/output.ts'
import type { Terminal } from '../../../../controller/cli/ports.ts'
import { readYaml } from '../../../../controller/cli/render/yaml.ts'

type Row = { readonly id: string; readonly size: number }
const view: View<Row> = {
  kind: 'SmallThing',
  name: row => row.id,
  empty: 'muster thing create',
  columns: [
    { title: 'ID', cell: row => row.id },
    { title: 'SIZE', cell: row => String(row.size), right: true },
  ],
}
const rows: readonly Row[] = [
  { id: 'a', size: 7 },
  { id: 'b', size: 1_000 },
]

function desk(format: string, more: { columns?: number; quiet?: boolean; env?: Record<string, string> } = {}) {
  const said = { out: '', err: '' }
  const sink = (to: 'out' | 'err') => ({
    isTerminal: more.columns !== undefined,
    columns: more.columns,
    write: async (content: string | Uint8Array) => {
      said[to] += String(content)
    },
  })
  const terminal: Terminal = {
    env: more.env ?? {},
    home: undefined,
    input: { isTerminal: false, read: async () => new Uint8Array(), ask: async () => '', keys: () => () => undefined },
    output: sink('out'),
    error: sink('err'),
  }
  const output: Output = createOutput({ terminal, format, quiet: more.quiet === true, color: false, now: 0 })
  return { said, output, terminal }
}

describe('a list', () => {
  it('is a table with a footer on a terminal, the footer apart from the data', async () => {
    const { said, output } = desk('table', { columns: 80 })
    await output.list(view, rows, { total: 5, tookMs: 12 })

    expect(said.out).toBe('ID  SIZE\na      7\nb   1000\n')
    expect(said.err).toBe('2 of 5 small things, 12 ms\n')
  })

  it('says nothing but data without a terminal', async () => {
    const { said, output } = desk('table')
    await output.list(view, rows)

    expect(said.err).toBe('')
  })

  it('teaches when it is empty', async () => {
    const { said, output } = desk('table', { columns: 80 })
    await output.list(view, [])

    expect(said).toEqual({ out: '', err: '0 small things\ntry: muster thing create\n' })
  })

  it('is a versioned envelope in JSON and in YAML', async () => {
    const json = desk('json')
    await json.output.list(view, rows)
    const yaml = desk('yaml')
    await yaml.output.list(view, rows)

    expect(JSON.parse(json.said.out)).toEqual({ apiVersion: 'v1', kind: 'SmallThingList', items: rows })
    expect(readYaml(yaml.said.out, 'it')).toEqual(JSON.parse(json.said.out))
  })

  it('is names alone with -o name', async () => {
    const { said, output } = desk('name')
    await output.list(view, rows)

    expect(said.out).toBe('a\nb\n')
  })

  it('refuses a form that does not exist', () => {
    expect(() => desk('xml')).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})

describe('things that come over time', () => {
  it('are text on a terminal and NDJSON elsewhere', async () => {
    const terminal = desk('table', { columns: 80 })
    await terminal.output.line({ a: 1 }, 'a is 1')
    const pipe = desk('table')
    await pipe.output.line({ a: 1 }, 'a is 1')

    expect(terminal.said.out).toBe('a is 1\n')
    expect(pipe.said.out).toBe('{"a":1}\n')
  })
})

describe('YAML', () => {
  it('quotes and escapes what a terminal would obey, and reads back the same', async () => {
    const { said, output } = desk('yaml')
    const item = { id: 'x\u001b[31m\u009b\u202e', multi: 'a\nb', yes: 'yes', number: '1' }
    await output.item({ kind: 'Thing', name: each => each.id }, item, () => '')

    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be left
    expect(said.out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(readYaml(said.out, 'it')).toEqual({ apiVersion: 'v1', kind: 'Thing', item })
  })

  it.each([
    'a: &a [1]\nb: *a',
    'a: 1\na: 2',
    '{',
    'a:\n\t- b',
    'a: !!js/function x',
    '- !!binary aGk=',
    'a: .nan',
    'a: -.inf',
    'a: 1\n---\nb: 2',
  ])('refuses what is more than JSON: %j', text => {
    expect(() => readYaml(text, 'it')).toThrow(expect.objectContaining({ code: 'input-unreadable' }))
  })
})

describe('colors', () => {
  it('are wanted on a terminal only, and not when somebody says no', () => {
    expect(wantsColor(desk('table', { columns: 80 }).terminal)).toBe(true)
    expect(wantsColor(desk('table').terminal)).toBe(false)
    expect(wantsColor(desk('table', { columns: 80, env: { NO_COLOR: '1' } }).terminal)).toBe(false)
    expect(wantsColor(desk('table', { columns: 80, env: { NO_COLOR: '' } }).terminal)).toBe(true)
    expect(wantsColor(desk('table', { columns: 80, env: { TERM: 'dumb' } }).terminal)).toBe(false)
  })
})
