// SPDX-License-Identifier: Apache-2.0
/** Values that no request may hold: found wherever they stand, and named by a pointer. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unsound } from '../../../../controller/http/sound.ts'
import { spentMs } from '../../../support/effort.ts'

describe('a value of a request', () => {
  it.each([
    ['half a character', 'a\ud800b', ''],
    ['the other half', { note: '\udfff' }, '/note'],
    ['U+0000', { a: [{ b: 'x\0' }] }, '/a/0/b'],
    ['a negative zero', [1, -0], '/1'],
    ['a number past 2^53', { a: 2 ** 53 }, '/a'],
    ['an infinite number', { a: Number.POSITIVE_INFINITY }, '/a'],
    ['a name with U+0000', { 'a/b~': { 'x\0': 1 } }, '/a~1b~0/x\0'],
  ])('may not be %s', (_, value, pointer) => {
    expect(unsound(value, '/body')?.pointer).toBe(`/body${pointer}`)
  })

  it('may be anything else that JSON can say', () => {
    const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' }).filter(value => !holdsOdd(value))
    fc.assert(fc.property(json, value => unsound(value, '') === undefined))
  })

  it('may not nest without end, and says so in no time', () => {
    const deep = JSON.parse(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)
    const start = spentMs()

    const finding = unsound(deep, '/body')

    expect(finding?.message).toContain('deeper')
    expect(finding?.pointer.length).toBeLessThan(250)
    expect(spentMs() - start).toBeLessThan(200)
  })

  it('is not looked into when it is bytes or a stream', () => {
    expect(unsound(Buffer.from('\0'), '')).toBeUndefined()
    expect(unsound(Readable.from(['\0']), '')).toBeUndefined()
  })
})

function holdsOdd(value: unknown): boolean {
  if (typeof value === 'number')
    return Object.is(value, -0) || (Number.isInteger(value) && !Number.isSafeInteger(value))
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed()
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, each]) => holdsOdd(name) || holdsOdd(each))
}
