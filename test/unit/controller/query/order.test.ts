// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkOrder } from '../../../../controller/query/check.ts'
import { decodeCursor, encodeCursor } from '../../../../controller/query/cursor.ts'
import { parseOrder } from '../../../../controller/query/order.ts'
import { FIELDS } from '../../../support/filters.ts'

describe('orders', () => {
  it('reads members with and without a direction, in either spelling', () => {
    expect(parseOrder('name, created_at DESC ,site.name asc')).toEqual([
      { field: 'name', descending: false, at: 0 },
      { field: 'createdAt', descending: true, at: 6 },
      { field: 'site.name', descending: false, at: 23 },
    ])
    expect(parseOrder('  ')).toEqual([])
  })

  it.each([
    ['name down', 'column 6: "down": expected asc or desc'],
    ['name,,size', 'column 6: the end: expected a member'],
    ['name asc desc', 'column 1: "name asc desc": expected a member'],
    ['name, name desc', 'column 7: "name": expected each member only once'],
  ])('refuses %s', (text, detail) => {
    expect(() => parseOrder(text)).toThrowError(
      expect.objectContaining({ code: 'order-invalid', detail: expect.stringContaining(detail) }),
    )
  })

  it('refuses members that are not known or have no single value', () => {
    expect(() => checkOrder(parseOrder('size, nam'), FIELDS)).toThrowError(/column 7: "nam".*did you mean name/)
    expect(() => checkOrder(parseOrder('place'), FIELDS)).toThrowError(/one value/)
    expect(() => checkOrder(parseOrder('metadata'), FIELDS)).toThrowError(/one value/)
  })

  it('throws nothing but its own problem, whatever it is given', () => {
    const pieces = fc.array(fc.constantFrom('name', 'size', ',', ' ', 'asc', 'desc', '.', '_', '\0', 'é'), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          pieces.map(parts => parts.join('')),
        ),
        text => {
          try {
            checkOrder(parseOrder(text), FIELDS)
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: 'order-invalid' })
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('cursors', () => {
  it('give back the position they were made of, with the same query only', () => {
    const cursor = encodeCursor({ position: ['a', null, 3], total: 7 }, 'digest-of-one-query')

    expect(decodeCursor(cursor, 'digest-of-one-query')).toEqual({ position: ['a', null, 3], total: 7 })
    expect(() => decodeCursor(cursor, 'Digest-of-another')).toThrowError(
      expect.objectContaining({ code: 'cursor-invalid' }),
    )
  })

  it('are refused when they were made up', () => {
    const tag = 'digest-of-on'
    const forged = [
      [tag],
      [tag, 7, {}],
      [tag, 7, ['x']],
      [tag, 7, true],
      [tag, -1, 'x'],
      [tag, 'x'],
      [tag, 1e300, 'x'],
      { tag },
      'text',
      null,
      7,
    ]
    for (const each of forged)
      expect(() => decodeCursor(Buffer.from(JSON.stringify(each)).toString('base64url'), 'digest-of-one')).toThrowError(
        expect.objectContaining({ code: 'cursor-invalid' }),
      )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        expect(() => decodeCursor(text, 'digest-of-one')).toThrowError(
          expect.objectContaining({ code: 'cursor-invalid' }),
        )
      }),
    )
  })
})
