// SPDX-License-Identifier: Apache-2.0
/** Small tables of the command line: what people hand in, and what a spreadsheet gets. */
import { describe, expect, it } from 'vitest'
import { drawCsv, readTable } from '../../../../controller/cli/render/csv.ts'

const read = (text: string) => readTable(text, 'file').map(row => Object.fromEntries(row))

describe('a table that is read', () => {
  it.each([
    'Name,Power\npress-04,on\n',
    '\ufeffNAME,power\r\n\r\npress-04,on\r\n',
    '"Name","Power"\n" press-04 ","on"',
  ])('has rows by the names of its header: %j', text => {
    expect(read(text)).toEqual([{ name: 'press-04', power: 'on' }])
  })

  it('keeps commas, quotes and line ends that are quoted, and empty last cells', () => {
    expect(read('a,b\n"x,""y""\nz",\n')).toEqual([{ a: 'x,"y"\nz', b: '' }])
  })

  it.each([
    ['', 'file is empty'],
    ['a,b\n1\n', 'line 2: 1 columns, not 2'],
    ['a,b\n"1\n2",3\n4\n', 'line 4'],
    ['a,b\n1,x"y\n', 'line 2'],
    ['a,b\n"1,2\n', 'line 2'],
  ])('is refused with its line: %j', (text, says) => {
    expect(() => read(text)).toThrow(says)
  })
})

describe('a table that is written', () => {
  const columns = [{ title: 'NAME', cell: (row: string) => row }]

  it.each([
    ['=cmd()', "'=cmd()"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@x', "'@x"],
    ['-', '-'],
    ['a,"b"', '"a,""b"""'],
  ])('makes a formula of no cell: %j', (cell, written) => {
    expect(drawCsv(columns, [cell], 0)).toBe(`NAME\n${written}\n`)
  })
})
