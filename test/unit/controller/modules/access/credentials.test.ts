// SPDX-License-Identifier: Apache-2.0
/** Hashes, codes, waits and patterns, against the vectors of their standards. */
import { argon2Sync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createBackoff } from '../../../../../controller/modules/access/accounts/backoff.ts'
import { weakness } from '../../../../../controller/modules/access/accounts/common.ts'
import { createPasswords, parsePhc } from '../../../../../controller/modules/access/accounts/passwords.ts'
import { base32, codeAt, matchingStep, stepAt } from '../../../../../controller/modules/access/accounts/totp.ts'
import { fits, isFor, toldBy } from '../../../../../controller/modules/access/oidc/claims.ts'
import { spentMs } from '../../../../support/effort.ts'

const cost = { memoryKiB: 256, passes: 1, parallelism: 1 }

describe('argon2id of this Node', () => {
  it('gives the tag of RFC 9106 §5.3', () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    })

    expect(tag.toString('hex')).toBe('0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659')
  })
})

describe('a password hash', () => {
  const passwords = createPasswords({ random: randomBytes, cost })

  it('is a PHC string that says how it was made', async () => {
    const phc = await passwords.hash('four words of mine')

    expect(phc).toMatch(/^\$argon2id\$v=19\$m=256,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(parsePhc(phc)?.cost).toEqual(cost)
    expect(await passwords.verify(phc, 'four words of mine')).toBe(true)
    expect(await passwords.verify(phc, 'four words of yours')).toBe(false)
    expect(await passwords.verify(undefined, 'four words of mine')).toBe(false)
    expect(await passwords.verify('$2b$10$notours', 'four words of mine')).toBe(false)
  })

  it('fits the same letters in another composition of Unicode', async () => {
    const phc = await passwords.hash('cafe\u0301 au lait, s’il vous plaît')

    expect(await passwords.verify(phc, 'caf\u00e9 au lait, s’il vous plaît')).toBe(true)
  })

  it('of another cost is known to be outdated, and still fits', async () => {
    const stronger = createPasswords({ random: randomBytes, cost: { ...cost, passes: 2 } })
    const phc = await passwords.hash('four words of mine')

    expect(stronger.isOutdated(phc)).toBe(true)
    expect(stronger.isOutdated(await stronger.hash('four words of mine'))).toBe(false)
    expect(await stronger.verify(phc, 'four words of mine')).toBe(true)
  })

  it('is worked on by so many at once; more wait, and still more are refused', async () => {
    const few = createPasswords({ random: randomBytes, cost, atOnce: 2, waiting: 3 })

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, async () => {
        const hashing = few.hash('four words of mine')
        expect(few.running).toBeLessThanOrEqual(2)
        return hashing
      }),
    )

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5)
    expect(few.running).toBe(0)
  })
})

describe('a password', () => {
  it.each([
    ['short', 'only eleven'],
    ['common', 'Password1234'],
    ['a run', 'abcdefghijkl'],
    ['a run backwards', '210987654321'],
    ['few characters', 'aaaabbbbaaaabbbb'],
    ['the name', 'ada.lovelace1'],
  ])('that is %s is weak', (_, password) => {
    expect(weakness(password, ['Ada.Lovelace'])).toBeDefined()
  })

  it('of four words is fine', () => {
    expect(weakness('marble tuesday otter wheel', ['Ada'])).toBeUndefined()
  })
})

describe('a code', () => {
  const secret = Buffer.from('12345678901234567890')

  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at second %i is that of RFC 6238, appendix B', (second, code) => {
    expect(codeAt(secret, stepAt(second * 1_000), 8)).toBe(code)
  })

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of %i steps from now fits: %s', (offset, expected) => {
    const now = 1_700_000_000_000
    const step = stepAt(now) + offset

    expect(matchingStep(secret, codeAt(secret, step), now)).toBe(expected ? step : undefined)
  })

  it('is six digits and nothing else', () => {
    for (const text of ['', '12345', '1234567', '12345a', '١٢٣٤٥٦'])
      expect(matchingStep(secret, text, 59_000)).toBeUndefined()
  })

  it('has its secret written as RFC 4648 has base 32', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI')
  })
})

describe('waiting after failures', () => {
  it('begins with the fifth, doubles, ends at 15 minutes, and is over after a success', () => {
    let now = 0
    const backoff = createBackoff({ monotonic: () => now })
    const waits = Array.from({ length: 20 }, () => {
      backoff.failed('ada')
      const wait = backoff.waitMs('ada')
      now += wait
      return wait / 1_000
    })

    expect(waits.slice(0, 8)).toEqual([0, 0, 0, 0, 1, 2, 4, 8])
    expect(Math.max(...waits)).toBe(900)
    expect(backoff.waitMs('grace')).toBe(0)
    backoff.succeeded('ada')
    backoff.failed('ada')
    expect(backoff.waitMs('ada')).toBe(0)
  })
})

describe('a mapping', () => {
  it.each([
    ['edge-*', 'edge-operators', true],
    ['edge-*', 'my-edge-operators', false],
    ['*_im-r', 'x_im-r', true],
    ['*_im-r', 'x_im-rw', false],
    ['a*b*c', 'abbbc', true],
    ['a*b*c', 'acb', false],
    ['ab*bc', 'abc', false],
    ['plain', 'plain', true],
    ['*', '', true],
  ])('of %s fits %s: %s', (pattern, text, expected) => {
    expect(fits(pattern, text)).toBe(expected)
  })

  it('takes long patterns over long texts without delay', () => {
    const before = spentMs()

    expect(fits(`${'a*'.repeat(100)}b`, 'a'.repeat(10_000))).toBe(false)
    expect(spentMs() - before).toBeLessThan(100)
  })
})

describe('claims', () => {
  it('tell groups as texts, at most 500 of them', () => {
    expect(toldBy({}, {})).toEqual({ groups: [], roles: [] })
    expect(toldBy({ groups: 'one' }, {})?.groups).toEqual(['one'])
    expect(toldBy({ groups: Array.from({ length: 600 }, (_, n) => `g${n}`) }, {})?.groups).toHaveLength(500)
    expect(toldBy({ groups: { admin: true } }, {})).toBeUndefined()
    expect(toldBy({ groups: [{ name: 'admin' }] }, {})).toBeUndefined()
    expect(toldBy({ 'https://x/groups': ['a'] }, { groupsClaim: 'https://x/groups' })?.groups).toEqual(['a'])
    expect(toldBy({ realm: { groups: ['a'] } }, { groupsClaim: 'realm.groups' })?.groups).toEqual(['a'])
    expect(toldBy({ realm_access: { roles: ['p_im-r'] } }, {})?.roles).toEqual(['p_im-r'])
  })

  it.each([
    ['one audience', { aud: 'muster' }, true],
    ['several audiences', { aud: ['other', 'muster'] }, true],
    ['another audience', { aud: 'other' }, false],
    ['none', {}, false],
    ['another party that asked for it', { aud: 'muster', azp: 'other' }, false],
    ['the party, as Keycloak has it', { aud: 'account', azp: 'muster' }, true],
  ])('with %s', (_, claims, expected) => {
    expect(isFor(claims, { clientId: 'muster' })).toBe(expected)
  })
})
