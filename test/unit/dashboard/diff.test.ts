// SPDX-License-Identifier: Apache-2.0
/** Differences of documents, and how two changes of one are brought together. */
import { describe, expect, it } from 'vitest'
import { changesBetween, same } from '../../../controller/web/app/kit/diff.ts'
import { type Choice, mergeOf, pathKey } from '../../../controller/web/app/kit/merge.ts'

describe('the difference of two documents', () => {
  it('is nothing when only the order of members differs', () => {
    expect(same({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toBe(true)
    expect(changesBetween({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
  })

  it('tells what came, what went and what changed', () => {
    expect(changesBetween({ gone: 1, other: 'a', stays: true }, { other: 'b', stays: true, fresh: null })).toEqual([
      { path: ['gone'], before: 1, after: undefined },
      { path: ['other'], before: 'a', after: 'b' },
      { path: ['fresh'], before: undefined, after: null },
    ])
  })

  it('compares lists of named things by their names, wherever they stand', () => {
    const before = {
      nics: [
        { deviceName: 'a', mtu: 1500 },
        { deviceName: 'b', mtu: 1500 },
      ],
    }
    const after = {
      nics: [
        { deviceName: 'b', mtu: 9000 },
        { deviceName: 'a', mtu: 1500 },
      ],
    }

    expect(changesBetween(before, after)).toEqual([{ path: ['nics', 'b', 'mtu'], before: 1500, after: 9000 }])
  })

  it('takes lists without names, or with a name twice, as a whole', () => {
    expect(changesBetween({ list: [1, 2] }, { list: [1, 3] })).toEqual([
      { path: ['list'], before: [1, 2], after: [1, 3] },
    ])
    const twice = [{ deviceName: 'a' }, { deviceName: 'a' }]
    expect(changesBetween({ list: twice }, { list: [{ deviceName: 'a' }] })).toHaveLength(1)
  })

  it('is not misled by members that every object inherits', () => {
    const hostile = JSON.parse('{"__proto__":{"x":1},"constructor":1}')

    expect(changesBetween({}, hostile).map(({ path }) => path.join('.'))).toEqual(['__proto__', 'constructor'])
  })
})

const base = { timeZone: 'UTC', note: 'a', windows: [{ from: '01:00' }], nested: { x: 1, y: 1 } }
const all = (choice: Choice, merge: ReturnType<typeof mergeOf>) =>
  merge.resolve(new Map(merge.conflicts.map(({ path }) => [pathKey(path), choice])))?.document

describe('two changes of one document', () => {
  it('are both taken where they touch other members, nested ones too', () => {
    const merge = mergeOf({
      base,
      theirs: { ...base, timeZone: 'Europe/Berlin', nested: { x: 2, y: 1 } },
      mine: { ...base, note: 'b', nested: { x: 1, y: 3 } },
    })

    expect(merge.conflicts).toEqual([])
    expect(merge.resolve(new Map())?.document).toEqual({
      timeZone: 'Europe/Berlin',
      note: 'b',
      windows: base.windows,
      nested: { x: 2, y: 3 },
    })
    expect(merge.taken.map(({ path, side }) => `${path.join('.')} ${side}`)).toEqual([
      'timeZone theirs',
      'note mine',
      'nested.x theirs',
      'nested.y mine',
    ])
  })

  it('give no document before each conflict is chosen', () => {
    const merge = mergeOf({ base, theirs: { ...base, note: 'theirs' }, mine: { ...base, note: 'mine' } })

    expect(merge.conflicts).toEqual([{ path: ['note'], base: 'a', theirs: 'theirs', mine: 'mine' }])
    expect(merge.resolve(new Map())).toBeUndefined()
    expect(all('theirs', merge)).toMatchObject({ note: 'theirs' })
    expect(all('mine', merge)).toMatchObject({ note: 'mine' })
  })

  it('are no conflict where both did the same', () => {
    const merge = mergeOf({ base, theirs: { ...base, note: 'z' }, mine: { ...base, note: 'z' } })

    expect(merge.conflicts).toEqual([])
    expect(merge.taken).toEqual([{ path: ['note'], side: 'same', value: 'z' }])
    expect(all('mine', merge)).toEqual({ ...base, note: 'z' })
  })

  it('conflict where one removes what the other changes', () => {
    const { note: _, ...without } = base
    const merge = mergeOf({ base, theirs: without, mine: { ...base, note: 'mine' } })

    expect(merge.conflicts).toEqual([{ path: ['note'], base: 'a', theirs: undefined, mine: 'mine' }])
    expect(all('theirs', merge)).toEqual(without)
    expect(all('mine', merge)).toEqual({ ...base, note: 'mine' })
  })

  it('keep what one side removed and the other left alone out of the document', () => {
    const { note: _, ...without } = base

    expect(all('mine', mergeOf({ base, theirs: without, mine: { ...base, timeZone: 'x' } }))).toEqual({
      ...without,
      timeZone: 'x',
    })
  })

  it('keep both additions to a list, and what either took away stays away', () => {
    const [one, two, three] = [{ from: '01:00' }, { from: '02:00' }, { from: '03:00' }]
    const merge = mergeOf({
      base: { windows: [one, two] },
      theirs: { windows: [one, three] },
      mine: { windows: [two, { from: '04:00' }] },
    })

    expect(all('both', merge)).toEqual({ windows: [three, { from: '04:00' }] })
  })

  it('of documents that were not there before conflict only where they differ', () => {
    const merge = mergeOf({ base: undefined, theirs: { a: 1, b: 1 }, mine: { a: 1, c: 1 } })

    expect(merge.conflicts).toEqual([])
    expect(merge.resolve(new Map())?.document).toEqual({ a: 1, b: 1, c: 1 })
  })

  it('spell paths so that no two are alike', () => {
    expect(pathKey(['a/b', 'c~'])).toBe('/a~1b/c~0')
    expect(pathKey([])).toBe('')
  })
})
