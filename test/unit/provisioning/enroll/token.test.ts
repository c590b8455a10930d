// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  credentialOf,
  formatToken,
  type JoinToken,
  newToken,
  parseCredential,
  parseToken,
  secretDigest,
  secretMatches,
} from '../../../../provisioning/enroll/token.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const tokens = fc.tuple(bytes(48), bytes(32)).map(([drawn, root]): JoinToken => {
  let used = 0
  const random = (count: number) => {
    used += count
    return drawn.subarray(used - count, used)
  }
  return { ...newToken(random), root: Buffer.from(root).toString('hex') }
})
const example: JoinToken = { ...newToken(count => new Uint8Array(count).fill(7)), root: 'ab'.repeat(32) }
const spelled = formatToken(example)

const why = (text: string): string => {
  const parsed = parseToken(text)
  return parsed.token === undefined ? parsed.why : 'it is a token'
}

describe('a join token', () => {
  it('is spelled as documented', () => {
    expect(spelled).toMatch(/^muster-join_1\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/)
  })

  it('is read back, also with white space around it', () => {
    fc.assert(
      fc.property(tokens, token => {
        expect(parseToken(formatToken(token))).toEqual({ token })
        expect(parseToken(`  ${formatToken(token)}\r\n`)).toEqual({ token })
      }),
    )
  })

  it('cut off anywhere is never a token, and is said to be cut off', () => {
    fc.assert(
      fc.property(tokens, fc.nat(), (token, at) => {
        const whole = formatToken(token)
        const cut = whole.slice(0, 1 + (at % (whole.length - 1)))
        expect(why(cut)).toMatch(/cut off/)
      }),
    )
  })

  it('is not read when a character is changed to one no token has', () => {
    fc.assert(
      fc.property(fc.nat(spelled.length - 1), fc.constantFrom('!', 'ü', '/', '+', '=', '\0', ' '), (at, odd) => {
        if (at === 0 && odd === ' ') return
        const text = spelled.slice(0, at) + odd + spelled.slice(at + 1)
        expect(parseToken(text.trim() === text ? text : `x${text}`).token).toBeUndefined()
      }),
    )
  })

  it('has one spelling only', () => {
    // The last character of each part carries unused bits.
    const parts = spelled.split('.')
    for (const part of [1, 2, 3]) {
      const other = [...parts]
      other[part] = `${parts[part]!.slice(0, -1)}${parts[part]!.endsWith('x') ? 'y' : 'x'}`
      expect(parseToken(other.join('.')).token).toBeUndefined()
    }
  })

  it('is never repeated by the reason it is refused for', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), junk => {
        const reason = why(`${spelled.slice(0, 60)}${junk}`)
        expect(reason).not.toContain(example.secret.slice(0, 8))
      }),
    )
  })

  it('is never more than refused, whatever was pasted', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => parseToken(text).token === undefined))
  })

  it.each([
    ['', /empty/],
    ['   \n', /empty/],
    [spelled.replace('.', '.\n'), /white space inside/],
    [`${spelled} ${spelled}`, /white space inside/],
    [spelled.replace('join_1', 'join_2'), /update the agent/],
    ['muster_pat_abcdefgh', /something else/],
    ['muster-join', /cut off/],
    [`${spelled}.more`, /goes on after its end/],
    [`${spelled}A`, /fingerprint of the root is not one/],
    [spelled.split('.').slice(0, 3).join('.'), /fingerprint of the root is missing/],
    [spelled.slice(0, -1), /cut off in the fingerprint/],
  ])('pasted as %j is refused with its reason', (text, reason) => {
    expect(why(text)).toMatch(reason)
  })
})

describe('what a machine sends of it', () => {
  it('is id and secret, without the root', () => {
    const sent = credentialOf(example)

    expect(sent).toBe(`${example.id}.${example.secret}`)
    expect(parseCredential(sent)).toEqual({ id: example.id, secret: example.secret })
  })

  it.each([
    '',
    '.',
    spelled,
    `${example.id}.`,
    `${example.id}.${example.secret}.x`,
    `${example.id}.${example.secret}x`,
  ])('is not %j', text => {
    expect(parseCredential(text)).toBeUndefined()
  })

  it('is compared with a digest', () => {
    const digest = secretDigest(example.secret)

    expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(secretMatches(example.secret, digest)).toBe(true)
    expect(secretMatches(`${example.secret}x`, digest)).toBe(false)
    expect(secretMatches(example.secret, '')).toBe(false)
  })
})
