// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkFilter } from '../../../../controller/query/check.ts'
import { matches } from '../../../../controller/query/evaluate.ts'
import { MAX_FILTER_DEPTH, MAX_FILTER_LENGTH, parseFilter } from '../../../../controller/query/filter.ts'
import type { Fields, Filter } from '../../../../controller/query/query.ts'
import { textOf } from '../../../../controller/query/text.ts'
import { Problem } from '../../../../plugins/contract/index.ts'
import { FIELDS, filters } from '../../../support/filters.ts'

/** The filter as nested brackets. */
const shape = (text: string): string => {
  const filter = parseFilter(text)
  return filter === undefined ? '' : brackets(filter)
}

function brackets(filter: Filter): string {
  if (filter.kind === 'not') return `!${brackets(filter.part)}`
  if (filter.kind === 'has') return `has(${filter.field.join('.')})`
  if (filter.kind === 'text') return filter.value.text
  if (filter.kind === 'compare') return `${filter.field.join('.')}${filter.operator}${filter.value.text}`
  return `(${filter.parts.map(brackets).join(filter.kind === 'and' ? ' & ' : ' | ')})`
}

function refusalOf(act: () => unknown): Problem {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

const withoutPositions = (filter: unknown): unknown =>
  JSON.parse(JSON.stringify(filter, (key, value) => (key === 'at' ? 0 : value)))

describe('the grammar of filters', () => {
  it.each([
    ['', ''],
    ['  \t', ''],
    ['press', 'press'],
    ['press line', '(press & line)'],
    ['a b AND c', '(a & b & c)'],
    ['a AND b OR c', '(a & (b | c))'],
    ['a OR b AND c', '((a | b) & c)'],
    ['a b OR c', '(a & (b | c))'],
    ['(a AND b) OR c', '((a & b) | c)'],
    ['not a and Not b', '(!a & !b)'],
    ['-a -(b OR c)', '(!a & !(b | c))'],
    ['NOT NOT a', '!!a'],
    ['name = press', 'name=press'],
    ['name=press', 'name=press'],
    ["hostStatus='error'", 'hostStatus=error'],
    ['host_status="running"', 'hostStatus=running'],
    ['cpu_cores>=4', 'cpuCores>=4'],
    ["site.resourceId='site-1a2b3c4d'", 'site.resourceId=site-1a2b3c4d'],
    ['NOT has(site)', '!has(site)'],
    ['HAS( instance.workloadMembers )', 'has(instance.workloadMembers)'],
    ['createdAt > 2026-01-31T08:00:00Z', 'createdAt>2026-01-31T08:00:00Z'],
    ['size<-3', 'size<-3'],
    ['a.b.c.d.e=1', 'a.b.c.d.e=1'],
    ['site:*', 'site:*'],
    ['metadata=\'{"key":"k","value":"v"}\'', 'metadata={"key":"k","value":"v"}'],
    ['metadata.edge.intel.com/x_y=v', 'metadata.edge.intel.com/x_y=v'],
    ["name='it\\'s'", "name=it's"],
    ['name="a \\"b\\" \\\\ c"', 'name=a "b" \\ c'],
    ['"a AND b"', 'a AND b'],
    ['android', 'android'],
  ])('reads %s', (text, tree) => {
    expect(shape(text)).toBe(tree)
  })

  it.each([
    ['name =', 7, 'the end', 'a value'],
    ['name = AND b', 8, '"AND"', 'a value'],
    ['(a', 3, 'the end', ')'],
    ['a)', 2, '")"', 'the end'],
    ['a AND', 6, 'the end', 'a member'],
    ['OR a', 1, '"OR"', 'quote the word'],
    ['name ~ "x"', 6, '"~"', 'quote the word'],
    ['name="a" && uuid="b"', 10, '"&&"', 'quote the word'],
    ['NOT', 4, 'the end', 'a member'],
    ['name = "open', 8, '""open"', 'closing "'],
    ['a ! b', 3, '"!"', 'comparator'],
    ['a,b', 2, '","', 'comparator'],
    ['name = = b', 8, '"="', 'a value'],
    ['a = b = c', 7, '"="', 'the end'],
    ['count(site)', 1, '"count"', 'has(member)'],
    ['has()', 5, '")"', 'a member'],
    ['has(site', 9, 'the end', ')'],
    ['a.b.c.d.e.f=1', 1, '"a.b.c.d.e.f"', '5 levels'],
    ['a..b=1', 1, '"a..b"', 'names between the dots'],
  ])('refuses %s at its column', (text, column, token, expected) => {
    const refusal = refusalOf(() => parseFilter(text))

    expect(refusal).toMatchObject({ code: 'filter-invalid', status: 400 })
    expect(refusal.detail).toContain(`column ${column}: ${token}`)
    expect(refusal.detail).toContain(expected)
    expect(refusal.fields.column).toBe(column)
  })

  it('reads back every tree it writes', () => {
    fc.assert(
      fc.property(filters, filter => {
        expect(withoutPositions(parseFilter(textOf(filter)))).toEqual(withoutPositions(filter))
      }),
      { numRuns: 500 },
    )
  })

  it('throws nothing but its own problem, whatever it is given', () => {
    const pieces = [
      ...'()=!<>:,.-\'"\\ ',
      'AND',
      'or',
      'NOT',
      'has(',
      'name',
      'size',
      'metadata',
      '{"key"',
      '\0',
      'é',
      '\ud800',
    ]
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map(parts => parts.join('')),
      fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map(parts => parts.join(' ')),
    )
    fc.assert(
      fc.property(garbage, text => {
        try {
          const filter = parseFilter(text)
          checkFilter(filter, FIELDS)
          matches(filter, {}, FIELDS)
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'filter-invalid', status: 400 })
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('ends early however deep, long or wide the text is', () => {
    const hostile = [
      '('.repeat(MAX_FILTER_LENGTH),
      'NOT '.repeat(500),
      '-'.repeat(MAX_FILTER_LENGTH),
      'a '.repeat(1_000),
      'a OR '.repeat(400),
      'x'.repeat(MAX_FILTER_LENGTH + 1),
    ]
    for (const text of hostile) expect(refusalOf(() => parseFilter(text)).code).toBe('filter-invalid')
    const brackets = MAX_FILTER_DEPTH
    expect(shape(`${'('.repeat(brackets)}a${')'.repeat(brackets)}`)).toBe('a')
  })
})

describe('what is asked of members', () => {
  const check = (text: string, fields: Fields = FIELDS) => checkFilter(parseFilter(text), fields)

  it('names the members that come close to one that is not known', () => {
    const refusal = refusalOf(() => check('press AND nmae = x'))

    expect(refusal.detail).toBe('column 11: "nmae": expected a known member; did you mean name, note?')
    expect(refusal.fields).toMatchObject({ token: 'nmae', column: 11, near: ['name', 'note'] })
  })

  it.each(['constructor = x', '__proto__ = x', 'has(toString)', 'hasOwnProperty.name = x'])(
    'does not know %s',
    text => {
      expect(refusalOf(() => check(text)).detail).toContain('a known member')
    },
  )

  it.each([
    ['size = many', 'a whole number'],
    ['size = 99999999999999999999', 'a whole number'],
    ['state = broken', 'one of UNSPECIFIED, ON, OFF'],
    ['state > ON', 'has no order'],
    ['flag = perhaps', 'true or false'],
    ['createdAt > yesterday', 'a time such as'],
    ['createdAt > 2026-02-30T00:00:00Z', 'a time such as'],
    ['createdAt < 999999999999999', 'a time such as'],
    ['place = "site-1"', 'place.resourceId'],
    ['name > ""', 'a value to compare with >'],
    ["metadata = '{key}'", 'a label such as'],
    ["metadata = '[]'", 'a label such as'],
  ])('refuses %s', (text, expected) => {
    expect(refusalOf(() => check(text)).detail).toContain(expected)
  })

  it('takes the values of an enum with and without their common prefix, in any case', () => {
    const on = { state: 'THING_STATE_ON' }
    for (const value of ['THING_STATE_ON', 'thing_state_on', 'ON', 'on'])
      expect(matches(parseFilter(`state = ${value}`), on, FIELDS)).toBe(true)
  })
})

describe('the meaning of filters', () => {
  const host = {
    resourceId: 'host-0000000a',
    name: 'Press 04',
    hostStatus: 'Error: quarantined',
    hostStatusTimestamp: 1_767_225_600,
    cpuCores: 8,
    memoryBytes: '17179869184',
    site: { resourceId: 'site-1', name: 'Lyon' },
    instance: { workloadMembers: [{ workload: { name: 'line' } }, { workload: { name: 'camera' } }] },
    metadata: [{ key: 'building', value: 'b2' }],
    timestamps: { createdAt: '2026-01-01T00:00:00.500Z' },
  }
  const fields: Fields = {
    resourceId: { type: 'id', searched: true },
    name: { type: 'text', searched: true },
    note: { type: 'text' },
    hostStatus: { type: 'text' },
    hostStatusTimestamp: { type: 'time' },
    cpuCores: { type: 'integer' },
    memoryBytes: { type: 'integer' },
    site: { type: 'reference' },
    siteId: { type: 'id' },
    'site.resourceId': { type: 'id' },
    'site.name': { type: 'text' },
    'instance.workloadMembers': { type: 'reference' },
    'instance.workloadMembers.workload.name': { type: 'text' },
    metadata: { type: 'labels' },
    createdAt: { type: 'time' },
    simulated: { type: 'boolean' },
  }
  it.each([
    ['name = press', true],
    ['name = "s 0"', true],
    ['name != press', false],
    ['name = ""', false],
    ['note = ""', true],
    ['note != ""', false],
    ['note != x', true],
    ['NOT note = x', true],
    ['note < x', false],
    ['NOT note < x', true],
    ["hostStatus='error'", true],
    ["hostStatus='provisioned'", false],
    ["hostStatus=''", false],
    ["site.resourceId='site-1'", true],
    ["site.resourceId='site'", false],
    ['site.resourceId:site', true],
    ['site.name=LYON', true],
    ['siteId=site-1', true],
    ['NOT has(site)', false],
    ['has(instance.workloadMembers)', true],
    ['instance.workloadMembers.workload.name = camera', true],
    ['instance.workloadMembers.workload.name != camera', false],
    ['cpuCores > 4 AND cpuCores <= 8', true],
    ['memoryBytes >= 17179869184', true],
    ['metadata=\'{"key":"building","value":"b2"}\'', true],
    ['metadata=\'{"key":"building","value":"b"}\'', false],
    ['metadata.building=b2', true],
    ['metadata.building=b', false],
    ['metadata.building:b', true],
    ['metadata.line=""', true],
    ['metadata.line!=b2', true],
    ['has(metadata.building)', true],
    ['metadata = ""', false],
    ['metadata = uild', true],
    ['press', true],
    ['host-0000000a', true],
    ['lyon', false],
    ['createdAt = 2026-01-01T00:00:00Z', true],
    ['createdAt = 1767225600', true],
    ['createdAt <= 2026-01-01T00:00:00Z', true],
    ['createdAt > 2026-01-01T00:00:00Z', false],
    ['createdAt = 2026-01-01T00:00:00.500Z', true],
    ['createdAt = 2026-01-01T00:00:00.499Z', false],
    ['hostStatusTimestamp = 2026-01-01T00:00:00Z', true],
    ['simulated = false', true],
  ])('answers %s with %s', (text, expected) => {
    expect(matches(parseFilter(text), host, fields)).toBe(expected)
  })
})
