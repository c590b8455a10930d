// SPDX-License-Identifier: Apache-2.0
/** Selecting hosts, and the options that carry it. */
import { describe, expect, it } from 'vitest'
import { changedLabels, spellLabels } from '../../../../controller/cli/labels.ts'
import { createOptions } from '../../../../controller/cli/options.ts'
import { filterOf, readQuery, selects } from '../../../../controller/cli/query.ts'
import { parseFilter } from '../../../../controller/query/filter.ts'
import { textOf } from '../../../../controller/query/text.ts'

const usage = expect.objectContaining({ code: 'usage' })

describe('a query', () => {
  it('turns words into search, labels and presence', () => {
    expect(readQuery(' zone:berlin  press online:true line:4 ')).toEqual({
      search: 'press',
      label: 'zone=berlin,line=4',
      online: true,
    })
    expect(readQuery('')).toEqual({})
  })

  it.each([
    ['-press', 'NOT "press"'],
    ['-line:4', 'NOT metadata.line = "4"'],
    ['health:failing -"odd', 'hostStatusIndicator = "STATUS_INDICATION_ERROR" AND NOT "\\"odd"'],
  ])('says in the filter language what words and labels alone cannot: %s', (text, filter) => {
    expect(readQuery(text)).toEqual({ filter })
    expect(textOf(parseFilter(filter)!)).toBe(filter)
  })

  it('takes presence the other way round too', () => {
    expect(readQuery('-online:true')).toEqual({ online: false })
  })

  it.each(['-', 'health:good', '-k(:v', 'line:<4', 'agent:<new', 'online:maybe'])(
    'says so when the controller cannot answer: %s',
    text => {
      expect(() => readQuery(text)).toThrow(usage)
    },
  )
})

describe('a selection', () => {
  it('joins -q and every -l', () => {
    const options = createOptions({ query: 'zone:berlin', selector: ['line=4,shift=a', 'x=y'], offline: true })

    expect(filterOf(options)).toEqual({ label: 'zone=berlin,line=4,shift=a,x=y', online: false })
  })

  it('joins -q and --filter, which may be one of the names that EIM’s command line has', () => {
    const of = (options: Readonly<Record<string, string>>) => filterOf(createOptions(options)).filter

    expect(of({ filter: 'name = a OR name = b', query: '-lab' })).toBe('(name = a OR name = b) AND (NOT "lab")')
    expect(of({ filter: 'Deauthorized' })).toBe('currentState=HOST_STATE_UNTRUSTED')
    expect(of({ filter: 'constructor' })).toBe('constructor')
    expect(of({ filter: ' ' })).toBeUndefined()
  })

  it('is none when nothing was asked, so that nobody reboots everything for want of a word', () => {
    expect(selects(filterOf(createOptions({})))).toBe(false)
    expect(selects(filterOf(createOptions({ query: '  ' })))).toBe(false)
  })

  it('refuses labels without a value and presence in two ways', () => {
    expect(() => filterOf(createOptions({ selector: ['site'] }))).toThrow(usage)
    expect(() => filterOf(createOptions({ selector: ['=berlin'] }))).toThrow(usage)
    expect(() => filterOf(createOptions({ online: true, offline: true }))).toThrow(usage)
  })
})

describe('options', () => {
  it('read durations and counts, and refuse what is neither', () => {
    const options = createOptions({ timeout: '1h30m', limit: '20', expires: 'soon', uses: '-1', caFile: 'x' })

    expect(options.durationMs('timeout')).toBe(5_400_000)
    expect(options.count('limit')).toBe(20)
    expect(options.text('ca-file')).toBe('x')
    expect(options.count('absent')).toBeUndefined()
    expect(() => options.durationMs('expires')).toThrow(usage)
    expect(() => options.count('uses')).toThrow(usage)
  })
})

describe('labels', () => {
  const labels = [
    { key: 'site', value: 'berlin' },
    { key: 'lab', value: '' },
  ]

  it('are set, replaced and removed', () => {
    expect(spellLabels(changedLabels(labels, ['line=4', 'site=lyon', 'lab-', 'absent-']))).toBe('line=4 site=lyon')
  })

  it('keep a dash at the end of a value', () => {
    expect(spellLabels(changedLabels([], ['k=v-']))).toBe('k=v-')
  })

  it.each([[[]], [['site']], [['-']], [['=x']]])('refuse %j', changes => {
    expect(() => changedLabels(labels, changes)).toThrow(usage)
  })
})
