// SPDX-License-Identifier: Apache-2.0
/** The table of out-of-band features claims nothing without a test, and names tests that exist. */
import { describe, expect, it } from 'vitest'
import { read, trackedFiles } from './tree.ts'

type Row = { readonly n: number; readonly status: string; readonly tests: readonly { file: string; title: string }[] }

const rows: readonly Row[] = read('docs/oob-features.md')
  .split('\n')
  .flatMap(line => {
    const [, number] = /^\| (\d+) \|/.exec(line) ?? []
    if (number === undefined) return []
    const cells = line.split(' | ')
    const tests = [...(cells[3] ?? '').matchAll(/`([^`]+)`(?: “([^”]+)”)?/g)]
    return [
      {
        n: Number(number),
        status: cells[2] ?? '',
        tests: tests.map(([, file = '', title = '']) => ({ file, title })),
      },
    ]
  })

const STATUSES = ['works against the simulator', 'works in part', 'not built', 'needs hardware']
const files = new Set(trackedFiles())

describe('the table of out-of-band features', () => {
  it('has a line for each of them, in order', () => {
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 87 }, (_, at) => at + 1))
    expect(rows.filter(({ status }) => !STATUSES.includes(status))).toEqual([])
  })

  it('names a test for everything that works', () => {
    const claimed = rows.filter(({ status }) => status.startsWith('works'))

    expect(claimed.filter(({ tests }) => tests.length === 0)).toEqual([])
    expect(claimed.length).toBeGreaterThan(70)
  })

  it('names tests that exist', () => {
    const missing = rows.flatMap(({ n, tests }) =>
      tests.filter(({ file, title }) => !files.has(file) || !read(file).includes(title)).map(each => ({ n, ...each })),
    )

    expect(missing).toEqual([])
  })
})
