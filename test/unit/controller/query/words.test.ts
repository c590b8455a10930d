// SPDX-License-Identifier: Apache-2.0
/** The words that command line and dashboard look for hosts with. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOST_FIELDS, hostFields } from '../../../../controller/kernel/host-fields.ts'
import { checkFilter } from '../../../../controller/query/check.ts'
import { matches } from '../../../../controller/query/evaluate.ts'
import { parseFilter } from '../../../../controller/query/filter.ts'
import type { Fields } from '../../../../controller/query/query.ts'
import { versionNumber, versionSpan } from '../../../../controller/query/version.ts'
import { readWords, spellWord } from '../../../../controller/query/words.ts'
import { cutWords } from '../../../../controller/query/words-cut.ts'
import { KEYS } from '../../../../controller/query/words-keys.ts'

/** What inventory would add. */
const MORE: Fields = {
  productName: { type: 'text' },
  cpuModel: { type: 'text' },
  'operatingSystem.name': { type: 'text' },
  'operatingSystem.kernel': { type: 'text' },
}
const FIELDS: Fields = { ...hostFields([]), ...MORE }

const meaning = (text: string): string | undefined => readWords(text).filter

describe('words', () => {
  it.each([
    ['reachability:offline', 'reachability = "offline"'],
    ['reachability:offline,never', 'reachability = "offline" OR reachability = "never"'],
    ['health:failing', 'hostStatusIndicator = "STATUS_INDICATION_ERROR"'],
    ['compliance:held', 'compliance = "held"'],
    ['agent:<2.3', 'agent < "2.3"'],
    ['agent:>=2.10.1', 'agent >= "2.10.1"'],
    ['os:ubuntu', 'operatingSystem.name = "ubuntu"'],
    ['-model:nuc', 'NOT productName = "nuc"'],
    ['site:"hall 2"', 'site.name = "hall 2" OR site.resourceId = "hall 2" OR metadata.site = "hall 2"'],
    ['-site:*', 'NOT has(site.name)'],
    ['line:*', 'has(metadata.line)'],
    ['label:lab', 'metadata = "{\\"key\\":\\"lab\\"}"'],
    ['label:lab=yes', 'metadata.lab = "yes"'],
    ['owner:"team a"', 'metadata.owner = "team a"'],
    ['press lyon', '"press" AND "lyon"'],
    ['-"hall 2"', 'NOT "hall 2"'],
  ])('say %s as %s', (text, filter) => {
    expect(meaning(text)).toBe(filter)
  })

  it('keep to the parameters that there are for one bare word, labels and presence', () => {
    expect(readWords('press line:4 -online:true')).toEqual({ search: 'press', label: 'line=4', online: false })
    expect(readWords('"press 4"')).toEqual({ search: 'press 4' })
    expect(readWords('  ')).toEqual({})
  })

  it('are never a filter that the controller refuses', () => {
    for (const [key, { values, type }] of Object.entries(KEYS))
      for (const value of [...Object.keys(values ?? { some: '' }), '*', ...(type === 'version' ? ['<2', '2.3'] : [])])
        for (const dash of ['', '-'])
          expect(
            () => checkFilter(parseFilter(meaning(`${dash}${key}:${value}`) ?? ''), FIELDS),
            `${dash}${key}:${value}`,
          ).not.toThrow()
  })

  it.each([
    ['line:4 health:good', 'column 8: health:good: expected one of ok, degraded'],
    ['compliance:<held', 'has no order'],
    ['line:<4', 'column 1: line:<4'],
    ['agent:<new', 'such as 2.3'],
    ['site:', 'a value behind site:'],
    ['press -', 'column 7: -: expected a word behind the dash'],
    ['bad(key:"x y"', 'the key of a label'],
  ])('say where %s cannot be answered', (text, why) => {
    expect(() => readWords(text)).toThrow(why)
  })

  it('are written as they are read, whatever is in them', () => {
    const key = fc.option(fc.constantFrom('line', 'site', 'a.b/c'), { nil: undefined })
    fc.assert(
      fc.property(key, fc.string({ minLength: 1 }), fc.boolean(), (name, value, excluded) => {
        const text = spellWord({ ...(name === undefined ? {} : { key: name }), value, excluded })
        const words = cutWords(`before ${text} after`)

        expect(words.map(each => each.text)).toEqual(['before', text, 'after'])
        expect(words[1]).toMatchObject({ value, excluded, ...(name === undefined ? {} : { key: name }) })
      }),
    )
  })

  it('cut any text into pieces that are all of it', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const words = cutWords(text)

        expect(
          words
            .map(each => each.text)
            .join('')
            .replaceAll(/\s/g, ''),
        ).toBe(text.replaceAll(/\s/g, ''))
        for (const word of words) expect(text.slice(word.at, word.end)).toBe(word.text)
      }),
    )
  })
})

describe('versions', () => {
  const agentOf = (agent: string) => ({ presence: { agent }, agent })
  const fits = (words: string, agent: string) =>
    matches(parseFilter(readWords(words).filter ?? ''), agentOf(agent), { ...HOST_FIELDS, agent: { type: 'version' } })

  it.each([
    ['agent:<2.3', '2.2.9', true],
    ['agent:<2.3', '2.10.0', false],
    ['agent:<2.10', '2.9.4', true],
    ['agent:<=2.3', '2.3.9', true],
    ['agent:>2.3', '2.3.9', false],
    ['agent:>2.3', '2.4.0-rc.1', true],
    ['agent:2.3', '2.3.7', true],
    ['agent:2.3', '2.30.0', false],
    ['-agent:2.3', '2.3.7', false],
  ])('%s of %s is %s', (words, agent, expected) => {
    expect(fits(words, agent)).toBe(expected)
  })

  it('have an order by their numbers', () => {
    expect(['1.10.0', '1.9.9', '0.1.0-test', '2'].sort((a, b) => versionNumber(a) - versionNumber(b))).toEqual([
      '0.1.0-test',
      '1.9.9',
      '1.10.0',
      '2',
    ])
    expect(versionSpan('1.2.3.4')).toBeUndefined()
    expect(versionSpan('x')).toBeUndefined()
  })
})
