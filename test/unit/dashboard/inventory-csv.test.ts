// SPDX-License-Identifier: Apache-2.0
/** Files of hosts in the browser: read and written as the controller reads and writes them. */
import { describe, expect, it } from 'vitest'
import { COLUMNS } from '../../../controller/modules/inventory/import/columns.ts'
import { csvLine, csvLines } from '../../../controller/modules/inventory/import/csv.ts'
import { SAYS } from '../../../controller/modules/inventory/import/rules.ts'
import { readCsv, writeCsv } from '../../../controller/web/app/modules/inventory/import/csv.ts'
import {
  columnOf,
  decodeFile,
  findingsIn,
  MAX_BYTES,
  readHosts,
  tableOf,
} from '../../../controller/web/app/modules/inventory/import/table.ts'

const head = COLUMNS.join(',')
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const row = (serial: string): string => `${serial}${','.repeat(12)}`

const TRICKY = [
  ['a', 'b'],
  ['with, comma', 'with "quotes"'],
  ['two\nlines', 'two\r\nlines'],
  ['', ''],
  ['<b>x</b>', '\u202eevil'],
]

describe('a table', () => {
  it('comes back as it was written, and the controller reads the same', async () => {
    const text = writeCsv(TRICKY)
    const table = readCsv(text)
    const theirs: (readonly string[])[] = []
    for await (const { cells } of csvLines(
      (async function* () {
        yield bytes(text)
      })(),
    ))
      theirs.push(cells)

    expect('lines' in table ? table.lines.map(({ cells }) => cells) : []).toEqual(TRICKY)
    expect(theirs).toEqual(TRICKY)
  })

  it('guards formulas as the controller does', () => {
    const cells = ['=1+1', '@x', '-3', '+4', "'plain", 'x']

    expect(writeCsv([cells])).toBe(csvLine(cells))
  })

  it('knows the separators of spreadsheets, byte order marks and all line ends', () => {
    expect(readCsv('a;b\r\n1;2\r\n')).toMatchObject({
      separator: ';',
      lines: [{ cells: ['a', 'b'] }, { cells: ['1', '2'] }],
    })
    expect(readCsv('a\tb\r1\t2')).toMatchObject({ separator: '\t', lines: [{}, { line: 2, cells: ['1', '2'] }] })
    expect(readHosts(`\uFEFF${head}\n${row('SN001')}\n`)).toMatchObject({ rows: [{ id: 0 }] })
  })

  it('counts lines within quotes', () => {
    expect(readCsv('"a\nb",c\nd,e')).toMatchObject({ lines: [{ line: 2 }, { line: 3 }] })
  })

  it('says where a quote is wrong', () => {
    expect(readCsv('a,b\n"open,c')).toEqual({ fault: { line: 2, is: 'open-quote' } })
    expect(readCsv('"a"b,c')).toEqual({ fault: { line: 1, is: 'text-after-quote' } })
  })
})

describe('a file', () => {
  it.each([
    ['spreadsheet', new Uint8Array([0x50, 0x4b, 3, 4])],
    ['binary', new Uint8Array([1, 0, 2])],
    ['not-utf8', new Uint8Array([0x53, 0xe9, 0x72])],
    ['too-large', new Uint8Array(MAX_BYTES + 1)],
  ])('that is %s is refused before it is read', (is, content) => {
    expect(decodeFile(content)).toMatchObject({ fault: { is } })
  })

  it.each([
    ['', { is: 'empty' }],
    [`${head}\n`, { is: 'no-rows' }],
    ['name,serial\nx,y', { is: 'header', column: 0, found: 'name' }],
    [`${COLUMNS.slice(0, 5).join(',')}\n`, { is: 'header', column: 5, found: '' }],
    [`${head},More\n`, { is: 'header', column: 13, found: 'More' }],
    [`${head}\n${row('SN001')}\nSN002,\n`, { is: 'columns', lines: [{ line: 3, columns: 2 }] }],
  ])('of %j says what is wrong', (text, fault) => {
    expect(readHosts(text)).toEqual({ fault })
  })

  it('is sent with its header and without errors of an earlier check', () => {
    const read = readHosts(`${head}\n${row('SN001')}Invalid Site;\n`)

    expect(read).toMatchObject({ hadErrors: true })
    expect('rows' in read ? tableOf(read.rows) : '').toBe(`${head}\n${row('SN001')}\n`)
  })
})

describe('findings', () => {
  it('are those of each row, none where the controller sends none', () => {
    const answer = `${head}\n${row('SN001')}\n${row('x')}Invalid Serial number; Invalid Site;\n`

    expect(findingsIn(answer, 2)).toEqual([[], ['Invalid Serial number', 'Invalid Site']])
    expect(findingsIn(`${head}\n`, 2)).toEqual([[], []])
  })

  it('are about the cell that a person would correct', () => {
    const about = { serial: 0, uuid: 1, profile: 2, site: 3, security: 4, account: 5, metadata: 6, lvm: 7 } as const
    for (const [name, column] of Object.entries(about))
      expect(columnOf(SAYS[name as keyof typeof about]), name).toBe(column)
    expect(columnOf(SAYS.cloudInit)).toBe(8)
    expect(columnOf(SAYS.template)).toBe(10)
    expect(columnOf(SAYS.clusterConfig)).toBe(11)
    expect(columnOf(SAYS.uuidTwice(3))).toBe(1)
    expect(columnOf(SAYS.siteRequired)).toBe(3)
    expect(columnOf(SAYS.profileRequired)).toBe(2)
    expect(columnOf(SAYS.oneRequired)).toBe(0)
  })
})
