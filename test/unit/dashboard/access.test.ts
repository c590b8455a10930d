// SPDX-License-Identifier: Apache-2.0
/** Roles, permissions, tokens and people in the words of the dashboard. */
import { describe, expect, it } from 'vitest'
import { PERMISSIONS, ROLES } from '../../../controller/kernel/permissions.ts'
import { readLabel } from '../../../controller/web/app/kit/labels.ts'
import {
  grantsText,
  grantText,
  placeFlags,
  placeText,
  RIGHTS,
  rightText,
  roleSentence,
} from '../../../controller/web/app/kit/rights.ts'
import { explainLine } from '../../../controller/web/app/modules/access/explain.ts'
import { fittingBindings } from '../../../controller/web/app/modules/access/given.ts'
import { fittingPeople, isAdmin, isWeak, stateOf } from '../../../controller/web/app/modules/access/people.ts'
import type { Binding, Person } from '../../../controller/web/app/modules/access/queries.ts'
import { browserOf } from '../../../controller/web/app/modules/access/session-lines.tsx'
import {
  endsSoon,
  fittingTokens,
  idleDays,
  isExpired,
  isUnused,
  type Token,
} from '../../../controller/web/app/modules/kernel/access/tokens.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-06-01T12:00:00Z')
const ago = (days: number): string => new Date(NOW - days * DAY).toISOString()

describe('permissions', () => {
  it('have words each, and no word stands for one that is gone', () => {
    expect([...RIGHTS].sort()).toEqual([...PERMISSIONS].sort())
  })

  it('are told apart by their words', () => {
    expect(new Set(RIGHTS.map(rightText)).size).toBe(RIGHTS.length)
  })
})

describe('a role as a sentence', () => {
  it('says what it can and what of the great things it cannot', () => {
    expect(roleSentence(['host.read', 'host.operate'])).toBe(
      'Can look at hosts and restart hosts and switch them on and off. Cannot change the configuration of hosts, open the console or screen of a machine, retire hosts and erase machines, or say who may do what.',
    )
  })

  it('is short for everything and for nothing', () => {
    expect(roleSentence(PERMISSIONS)).toBe('Can do everything.')
    expect(roleSentence([])).toBe('Can do nothing.')
  })

  it('does not depend on the order in which permissions are listed', () => {
    expect(roleSentence([...ROLES.engineer].reverse())).toBe(roleSentence(ROLES.engineer))
  })

  it('names a permission that is newer than the page', () => {
    expect(roleSentence(['host.read', 'rollout.write'])).toContain('rollout.write')
  })
})

describe('a place in words', () => {
  it.each([
    [{}, 'everywhere'],
    [{ project: 'plant' }, 'in project plant'],
    [{ project: 'plant', sites: ['site-1'] }, 'for hosts of site Lyon in project plant'],
    [{ project: 'plant', sites: ['site-1', 'site-2'] }, 'for hosts of the sites Lyon and site-2 in project plant'],
    [{ labels: [{ key: 'line', value: '4' }] }, 'for hosts with line=4 in every project'],
    [
      { project: 'p', sites: ['site-1'], labels: [{ key: 'a', value: '' }] },
      'for hosts of site Lyon with a= in project p',
    ],
    [{ project: 'p', sites: [], labels: [] }, 'in project p'],
  ])('%j', (place, text) => {
    expect(placeText(place, id => (id === 'site-1' ? 'Lyon' : id))).toBe(text)
  })

  it('tells a denial from a role', () => {
    expect(grantText({ role: 'security', effect: 'deny', scope: {} })).toBe('never security everywhere')
  })

  it('tells all that was given to somebody, and what their account carries', () => {
    const grants = [{ role: 'viewer', effect: 'allow', scope: { project: 'plant' } }] as const

    expect(grantsText('none', [])).toBe('no role yet')
    expect(grantsText('admin', grants)).toBe('admin everywhere, by the account itself; viewer in project plant')
  })

  it('is what the command line takes', () => {
    const quoted = (word: string): string => word
    const place = { project: 'plant', sites: ['site-1'], labels: [{ key: 'line', value: '4' }] }

    expect(placeFlags(place, quoted)).toBe(' -p plant --site site-1 -l line=4')
    expect(placeFlags({}, quoted)).toBe(' --everywhere')
    expect(explainLine({ who: 'anna', where: '*', host: 'host-1' }, 'host.read', quoted)).toBe(
      'muster access explain host.read --who anna --everywhere',
    )
  })

  it('takes labels as people type them', () => {
    expect(readLabel('line=4')).toEqual({ key: 'line', value: '4' })
    expect(readLabel(' a = b=c ')).toEqual({ key: 'a', value: 'b=c' })
    expect([readLabel('line'), readLabel('=4'), readLabel('')]).toEqual([undefined, undefined, undefined])
  })
})

const token = (id: string, more: Partial<Token> = {}): Token => ({
  id,
  name: id,
  principal: 'p-1',
  role: 'viewer',
  createdAt: ago(10),
  expiresAt: ago(-100),
  ...more,
})

describe('an API token', () => {
  it('is unused from the ninetieth day on, counted from when it was made if it never was used', () => {
    expect(idleDays({ createdAt: ago(90) }, NOW)).toBe(90)
    expect(isUnused(token('never', { createdAt: ago(90) }), NOW)).toBe(true)
    expect(isUnused(token('never', { createdAt: ago(89.99) }), NOW)).toBe(false)
    expect(isUnused(token('used', { createdAt: ago(300), lastUsedAt: ago(2) }), NOW)).toBe(false)
  })

  it('is not called unused once it has expired: nobody need do anything about it', () => {
    const old = token('old', { createdAt: ago(400), expiresAt: ago(0) })

    expect(isExpired(old, NOW)).toBe(true)
    expect(isUnused(old, NOW)).toBe(false)
    expect(endsSoon(old, NOW)).toBe(false)
  })

  it('ends soon in its last week', () => {
    expect(endsSoon(token('soon', { expiresAt: ago(-6) }), NOW)).toBe(true)
    expect(endsSoon(token('later', { expiresAt: ago(-8) }), NOW)).toBe(false)
  })

  it('is found by its owner’s name, and listed by its last use', () => {
    const all = [token('a', { lastUsedAt: ago(5) }), token('b', { lastUsedAt: ago(1), principal: 'p-2' }), token('c')]
    const ownerOf = (id: string): string => (id === 'p-2' ? 'Vera' : 'Anna')
    const names = (show: 'all' | 'mine', words: string) =>
      fittingTokens(all, { show, words, me: 'p-1', now: NOW }, ownerOf).map(({ id }) => id)

    expect(names('all', '')).toEqual(['b', 'a', 'c'])
    expect(names('all', 'VERA')).toEqual(['b'])
    expect(names('mine', '')).toEqual(['a', 'c'])
  })
})

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  name: id,
  kind: 'person',
  role: 'none',
  login: id,
  disabled: false,
  password: true,
  totp: false,
  createdAt: ago(1),
  ...more,
})

const binding = (more: Partial<Binding>): Binding => ({
  id: 'b-00000000',
  role: 'viewer',
  effect: 'allow',
  scope: {},
  createdAt: ago(1),
  createdBy: 'tester',
  ...more,
})

describe('people', () => {
  it('wait while they have neither a password nor signed in', () => {
    expect(stateOf(person('a', { password: false }))).toBe('waiting')
    expect(stateOf(person('a', { password: false, signedInAt: ago(1) }))).toBe('active')
    expect(stateOf(person('a', { disabled: true }))).toBe('disabled')
  })

  it('are administrators only by a role that holds everywhere', () => {
    const held = (more: Partial<Binding>) => isAdmin(person('a'), [binding({ principal: 'a', role: 'admin', ...more })])

    expect(held({})).toBe(true)
    expect(held({ scope: { project: 'plant' } })).toBe(false)
    expect(held({ effect: 'deny' })).toBe(false)
    expect(held({ principal: 'b' })).toBe(false)
    expect(isAdmin(person('a', { role: 'admin' }), [])).toBe(true)
  })

  it('are weak as administrators with a password alone', () => {
    const admin = { role: 'admin' }

    expect(isWeak(person('a', admin), [])).toBe(true)
    expect(isWeak(person('a', { ...admin, totp: true }), [])).toBe(false)
    expect(isWeak(person('a', { ...admin, disabled: true }), [])).toBe(false)
    expect(isWeak(person('a', { ...admin, password: false }), [])).toBe(false)
  })

  it('are found by role, state and second factor', () => {
    const people = [person('vera', { totp: true }), person('bert', { disabled: true }), person('anna')]
    const given = [binding({ principal: 'vera', role: 'operator', scope: { project: 'plant' } })]
    const found = (wanted: Partial<Parameters<typeof fittingPeople>[2]>) =>
      fittingPeople(people, given, { words: '', state: '', factor: '', role: '', ...wanted }).map(({ id }) => id)

    expect(found({})).toEqual(['anna', 'bert', 'vera'])
    expect(found({ role: 'operator' })).toEqual(['vera'])
    expect(found({ state: 'disabled' })).toEqual(['bert'])
    expect(found({ factor: 'none', state: 'active' })).toEqual(['anna'])
    expect(found({ words: ' VER' })).toEqual(['vera'])
  })

  it('have what was given to them found by place, role and name', () => {
    const all = [
      binding({ id: 'b-1', principal: 'a', name: 'Anna', scope: { project: 'plant' } }),
      binding({ id: 'b-2', group: 'engineers', role: 'engineer', scope: {} }),
    ]
    const ids = (words: string, where = '') => fittingBindings(all, { words, where }, id => id).map(({ id }) => id)

    expect(ids('')).toEqual(['b-1', 'b-2'])
    expect(ids('', 'plant')).toEqual(['b-1'])
    expect(ids('', '*')).toEqual(['b-2'])
    expect(ids('group engi')).toEqual(['b-2'])
  })
})

describe('a browser', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'Chrome 156, Linux x86_64',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Firefox 140, Windows NT 10.0',
    ],
    ['muster/0.1.0', 'muster 0'],
    ['', ''],
  ])('%s', (agent, said) => {
    expect(browserOf(agent)).toBe(said)
  })
})
