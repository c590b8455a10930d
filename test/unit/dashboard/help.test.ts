// SPDX-License-Identifier: Apache-2.0
/** Help on every failure there is. */
import { describe, expect, it } from 'vitest'
import {
  ALL,
  againOf,
  fitting,
  linesOf,
  nextOf,
  partOf,
  pieces,
  problemOf,
} from '../../../controller/web/app/modules/kernel/help/problems.ts'
import { listProblems } from '../../tools/reference/problems.ts'

describe('help', () => {
  it('has a page with text for every failure of the product', async () => {
    const codes = (await listProblems()).map(({ code }) => code)

    expect(codes.filter(code => problemOf(code) === undefined)).toEqual([])
    for (const problem of ALL) {
      expect(problem.title.length, problem.code).toBeGreaterThan(5)
      expect(nextOf(problem).length, problem.code).toBeGreaterThan(10)
      expect(againOf(problem).length, problem.code).toBeGreaterThan(5)
      expect(partOf(problem), problem.code).not.toContain('/')
    }
  })

  it('is found by any words, in any order', () => {
    expect(fitting('consent host').map(({ code }) => code)).toContain('amt-consent-needed')
    expect(fitting('CONSENT')).toEqual(fitting('consent'))
    expect(fitting('nothing has these words')).toEqual([])
  })

  it('names the command lines of its advice', () => {
    expect(linesOf(problemOf('amt-consent-needed')!)).toEqual([
      'muster oob consent <host> request',
      'muster oob consent <host> send',
      'muster oob --help',
    ])
    expect(pieces('run `muster login` again')).toEqual([
      { text: 'run ', isCode: false },
      { text: 'muster login', isCode: true },
      { text: ' again', isCode: false },
    ])
  })
})
