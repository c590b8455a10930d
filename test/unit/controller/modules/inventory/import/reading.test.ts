// SPDX-License-Identifier: Apache-2.0
/** Files of hosts as people and spreadsheets write them, and files that are none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { COLUMNS } from '../../../../../../controller/modules/inventory/import/columns.ts'
import { csvLine, csvLines } from '../../../../../../controller/modules/inventory/import/csv.ts'
import { MAX_ROWS, readHosts } from '../../../../../../controller/modules/inventory/import/reading.ts'

const HEADER = COLUMNS.join(',')
const lineOf = (...cells: string[]) => [...cells, ...Array(COLUMNS.length - cells.length).fill('')].join(',')

async function* pieces(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const read = (text: string, size?: number) => readHosts(pieces(text, size))

describe('a file of hosts', () => {
  it('may begin with a byte order mark, end lines with CRLF, and have line breaks within quotes', async () => {
    const rows = await read(
      `\ufeff${HEADER}\r\n${lineOf('ABC123', '', '"os\r\none"')}\r\n\r\n${lineOf(' DEF456 ')}\r\n`,
    )

    expect(rows).toMatchObject([
      { number: 1, row: { serial: 'ABC123', osProfile: 'os\r\none' } },
      { number: 2, row: { serial: 'DEF456', error: '' } },
    ])
  })

  it('may lack the last line end, and may have no rows', async () => {
    expect(await read(`${HEADER}\n${lineOf('ABC123')}`)).toHaveLength(1)
    expect(await read(HEADER)).toHaveLength(0)
  })

  it('takes what is given for all rows before what a row says', async () => {
    const rows = await readHosts(pieces(`${HEADER}\n${lineOf('ABC123', '', 'one')}\n`), { osProfile: 'two' })

    expect(rows).toMatchObject([{ row: { serial: 'ABC123', osProfile: 'two' } }])
  })
})

describe('what is no file of hosts', () => {
  it.each([
    ['', 1],
    ['Serial,UUID\n', 1],
    [`${HEADER},More\n`, 1],
    [`${HEADER}\nABC123,\n`, 2],
    [`${HEADER}\n${lineOf('ABC123')},x\n`, 2],
    [`${HEADER}\n${lineOf('ABC123')}\n"never closed${'x'.repeat(100_000)}`, 3],
    [`${HEADER}\n${lineOf('ABC123')}\n"a"b${lineOf('')}\n`, 3],
  ])('is refused with its line: %j', async (text, line) => {
    await expect(read(text, 65_536)).rejects.toMatchObject({
      code: 'csv-unusable',
      status: 422,
      fields: { lines: [{ line }] },
    })
  })

  it('names every line that does not fit', async () => {
    const text = `${HEADER}\n${lineOf('ABC123')}\nA\n${lineOf('DEF456')}\nB,C\n`

    await expect(read(text)).rejects.toMatchObject({
      fields: {
        lines: [
          { line: 3, message: 'has 1 columns, not 13' },
          { line: 5, message: 'has 2 columns, not 13' },
        ],
      },
    })
  })

  it('is refused beyond the number of rows and bytes, without being read to its end', async () => {
    let given = 0
    const endless = async function* (part: string): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(`${HEADER}\n`)
      for (; ; given++) yield new TextEncoder().encode(part)
    }
    const many = `${lineOf('ABC123')}\n`.repeat(1_000)

    await expect(readHosts(endless(many))).rejects.toMatchObject({ code: 'import-too-large', status: 413 })
    expect(given).toBeLessThan(MAX_ROWS / 1_000 + 100)
    given = 0
    await expect(readHosts(endless(`${lineOf('A'.repeat(60_000))}\n`))).rejects.toMatchObject({ status: 413 })
    expect(given).toBeLessThan(1_000)
  })
})

describe('what is written', () => {
  it.each(['=cmd()', '+1', '-1', '@sum', '\tx', '\rx'])('no spreadsheet takes for a formula: %j', text => {
    expect(csvLine([text])).toMatch(/^"?'/)
  })

  it('is read again as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 5 }),
        async table => {
          const read: string[][] = []
          for await (const { cells } of csvLines(pieces(table.map(csvLine).join('')))) read.push([...cells])

          expect(read.map(cells => cells.map(cell => cell.replace(/^'(?=[=+\-@\t\r])/, '')))).toEqual(
            table
              .filter(cells => cells.length > 1 || cells[0] !== '')
              .map(cells => cells.map(cell => cell.replace(/^'(?=[=+\-@\t\r])/, ''))),
          )
        },
      ),
    )
  })
})
