// SPDX-License-Identifier: Apache-2.0
/** The reference says what the sources say, and every failure has one name. */
import { describe, expect, it } from 'vitest'
import { listProblems } from '../tools/reference/problems.ts'
import { PAGES } from '../tools/reference.ts'
import { read } from './tree.ts'

const problems = await listProblems()

describe('problems', () => {
  it('have one owner each', () => {
    const codes = problems.map(({ code }) => code)
    const twice = problems.filter(({ code }) => codes.indexOf(code) !== codes.lastIndexOf(code))

    expect(codes.length).toBeGreaterThan(60)
    expect(twice.map(({ code, owner }) => `${code} in ${owner}`)).toEqual([])
  })

  it('have codes in kebab case and titles without a full stop', () => {
    const odd = problems.filter(
      ({ code, title }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code) || !/^[A-Z].*[^.]$/.test(title),
    )

    expect(odd.map(({ code }) => code)).toEqual([])
  })

  it('have a status of HTTP that means failure', () => {
    expect(problems.filter(({ status }) => status < 400 || status > 599).map(({ code }) => code)).toEqual([])
  })
})

describe('the reference', () => {
  it.each(Object.entries(PAGES))('%s is what `node test/tools/reference.ts` writes', async (file, write) => {
    expect(read(file)).toBe(await write())
  })
})
