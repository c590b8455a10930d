// SPDX-License-Identifier: Apache-2.0
/** What the list of hosts works out in the browser: chips, words, columns, and what an act reaches. */
import { describe, expect, it } from 'vitest'
import { bounded, literalText } from '../../../controller/web/app/kit/unseen.ts'
import { acts } from '../../../controller/web/app/modules/kernel/hosts/acts.ts'
import { blastOf, blastSentence } from '../../../controller/web/app/modules/kernel/hosts/blast.ts'
import { chipsOf, complianceOf } from '../../../controller/web/app/modules/kernel/hosts/chips.ts'
import { moved, prefsFor } from '../../../controller/web/app/modules/kernel/hosts/prefs.ts'
import {
  orderOf,
  readSearch,
  readSorting,
  spellSorting,
} from '../../../controller/web/app/modules/kernel/hosts/rows.ts'
import { keySuggestions, valueSuggestions } from '../../../controller/web/app/modules/kernel/hosts/suggest.ts'
import { toggleWord, tokenOf, withoutWord, wordAt } from '../../../controller/web/app/modules/kernel/hosts/tokens.ts'

const presence = { online: false, since: '', lastSeen: '', standing: 'active' as const }
const at = (section: string, status: string, [desired, reported] = [0, 0]) => ({ section, status, desired, reported })

describe('chips', () => {
  it.each([
    ['online', { presence: { ...presence, online: true }, hostStatus: 'Running' }],
    ['never', { hostStatus: '' }],
    ['never', { presence: { ...presence, reason: 'never-connected' }, hostStatus: '' }],
    ['asleep', { presence: { ...presence, reason: 'stopped' }, hostStatus: 'Agent stopped' }],
    ['asleep', { presence: { ...presence, reason: 'rebooting' }, hostStatus: 'Rebooting' }],
    ['offline', { presence: { ...presence, reason: 'lost' }, hostStatus: 'No Connection' }],
    ['offline', { hostStatus: 'Invalidated' }],
  ])('say %s of %j', (state, host) => {
    expect(chipsOf(host).reachability).toMatchObject({ state, token: `reachability:${state}` })
  })

  it('tell health by the kind of the status, and why', () => {
    const failing = chipsOf({ hostStatus: 'No Connection', hostStatusIndicator: 'STATUS_INDICATION_ERROR' }).health

    expect(failing).toEqual({ state: 'failing', why: 'No Connection', token: 'health:failing' })
    expect(chipsOf({}).health.state).toBe('unknown')
  })

  it.each([
    ['failed', [at('os', 'failed'), at('power', 'held')]],
    ['held', [at('power', 'held'), at('os', 'progressing')]],
    ['progressing', [at('os', 'settled', [3, 2])]],
    ['unsupported', [at('amt', 'unsupported', [1, 1])]],
    ['settled', [at('amt', 'unsupported')]],
    ['settled', []],
  ])('say %s of the worst section in %j', (state, sections) => {
    expect(complianceOf(sections).state).toBe(state)
  })

  it('say nothing of compliance while the sections are not known', () => {
    expect(chipsOf({}).compliance).toBeUndefined()
  })
})

describe('the search', () => {
  it('takes a word in, in place of another of its key, and out again', () => {
    expect(toggleWord('press line:4', 'reachability:offline')).toBe('press line:4 reachability:offline')
    expect(toggleWord('reachability:online press', 'reachability:offline')).toBe('press reachability:offline')
    expect(toggleWord('press reachability:offline', 'reachability:offline')).toBe('press')
    expect(toggleWord('line:4', '-line:5')).toBe('line:4 -line:5')
  })

  it('knows the word at the cursor and leaves it out', () => {
    expect(wordAt('a site:ber c', 8)).toMatchObject({ key: 'site', value: 'ber', at: 2, end: 10 })
    expect(wordAt('a  c', 2)).toMatchObject({ text: '', at: 2, end: 2 })
    expect(withoutWord('a b c', { at: 2, end: 3 })).toBe('a c')
  })

  it('writes values in the words people use', () => {
    expect(tokenOf('health', 'STATUS_INDICATION_ERROR')).toBe('health:failing')
    expect(tokenOf('site', 'Hall 2', true)).toBe('-site:"Hall 2"')
  })

  it('offers keys that begin so, and values with their numbers', () => {
    const labels = { member: 'metadata', values: [{ value: 'line', count: 7 }], more: false, absent: 0, total: 9 }
    const health = { ...labels, values: [{ value: 'STATUS_INDICATION_ERROR', count: 2 }] }

    expect(keySuggestions(wordAt('li', 2), labels)).toEqual([{ text: 'line:', hint: 'label', count: 7, goesOn: true }])
    expect(valueSuggestions(wordAt('health:f', 8), 'health', health)).toEqual([{ text: 'health:failing', count: 2 }])
    expect(valueSuggestions(wordAt('-line:', 6), 'line', { ...labels, values: [{ value: '4', count: 3 }] })).toEqual([
      { text: '-line:4', count: 3 },
    ])
  })

  it('keeps what is wrong with it instead of throwing', () => {
    expect(readSearch('health:good')).toMatchObject({ problem: expect.stringContaining('column 1') })
  })
})

describe('the order', () => {
  it('goes through the address and back', () => {
    for (const text of ['', 'agent', '-agent']) expect(spellSorting(readSorting(text))).toBe(text)
    expect(orderOf(readSorting('-agent'))).toBe('agent desc')
    expect(orderOf(readSorting('-contact'))).toBe('online desc,hostStatusTimestamp desc')
    expect(orderOf(undefined)).toBe('name')
  })
})

describe('columns', () => {
  const defaults = ['a', 'b', 'c'].map(id => ({ id, shown: true, width: 'normal' as const }))

  it('keep what was chosen, leave out what is gone and add what is new', () => {
    const kept = [{ id: 'c', shown: false, width: 'wide' }, { id: 'gone' }, { id: 'a' }, { id: 'c' }]

    expect(prefsFor(kept, defaults).map(({ id, shown, width }) => [id, shown, width])).toEqual([
      ['c', false, 'wide'],
      ['a', true, 'normal'],
      ['b', true, 'normal'],
    ])
  })

  it.each([null, 3, 'x', {}, [null, 1, {}]])('survive %j in the browser', kept => {
    expect(prefsFor(kept, defaults)).toEqual(defaults)
  })

  it('move by one, and not over the end', () => {
    expect(moved(defaults, 'b', -1).map(({ id }) => id)).toEqual(['b', 'a', 'c'])
    expect(moved(defaults, 'c', 1)).toEqual(defaults)
  })
})

describe('an act on many', () => {
  it('is said in a sentence', () => {
    const row = (online: boolean, site: string) => ({
      presence: { ...presence, online },
      site: { resourceId: site },
      simulated: false,
    })
    const blast = blastOf([row(true, 's1'), row(false, 's1'), row(true, 's2')])

    expect(blastSentence('reboot', blast)).toBe('Reboots 3 hosts on 2 sites, 1 offline.')
  })

  it('names the hosts, or the search that found them', () => {
    const reboot = acts.find(({ name }) => name === 'hosts.reboot')
    const ids = Array.from({ length: 51 }, (_, index) => `host-${String(index).padStart(8, '0')}`)

    expect(reboot?.cli({ project: 'default', ids: ['host-1a2b3c4d'] } as never)).toBe(
      'muster host reboot host-1a2b3c4d -y',
    )
    expect(reboot?.cli({ project: 'p', ids, q: 'site:"hall 2"' } as never)).toBe(
      `muster -p p host reboot -q 'site:"hall 2"' --confirm-count 51 -y`,
    )
  })

  it('keeps the labels a host has already', () => {
    const label = acts.find(({ name }) => name === 'hosts.label')
    const input = {
      project: 'default',
      ids: ['host-1a2b3c4d'],
      set: [{ key: 'line', value: '4' }],
      before: {
        'host-1a2b3c4d': [
          { key: 'line', value: '3' },
          { key: 'lab', value: 'yes' },
        ],
      },
    }

    expect(label?.calls(input as never)[0]?.body).toEqual({
      metadata: [
        { key: 'lab', value: 'yes' },
        { key: 'line', value: '4' },
      ],
    })
  })
})

describe('text of machines', () => {
  it('hides nothing', () => {
    expect(literalText('press\u202Egpj.exe')).toBe('press⟨U+202E⟩gpj.exe')
    expect(literalText('a\u0000b\u200Bc\u001b[31m')).toBe('a⟨U+0000⟩b⟨U+200B⟩c⟨U+001B⟩[31m')
    expect(literalText('Zürich 東京 🙂')).toBe('Zürich 東京 🙂')
  })

  it('is cut between characters', () => {
    expect(bounded('🙂🙂🙂🙂', 3)).toBe('🙂🙂…')
    expect(bounded('short', 5)).toBe('short')
  })
})
