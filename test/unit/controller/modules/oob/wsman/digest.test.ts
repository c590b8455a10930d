// SPDX-License-Identifier: Apache-2.0
/** Answers to challenges are those of the standards' examples, and are written as MPS writes them. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Answers, passwordHash, readChallenge } from '../../../../../../controller/modules/oob/wsman/digest.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'

const login = { username: 'admin', password: Secret.of('P@ssw0rd') }
const random = (count: number) => new Uint8Array(count).fill(0xab)
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const realm = 'Digest:A4070000000000000000000000000000'

describe('a challenge', () => {
  it('is read as AMT sends it', () => {
    expect(readChallenge([`Digest realm="${realm}", nonce="WPgTAAAAAAD/Zw+F=",stale="false",qop="auth"`])).toEqual({
      realm,
      nonce: 'WPgTAAAAAAD/Zw+F=',
      hasQop: true,
      isSession: false,
      opaque: undefined,
      algorithm: undefined,
      isStale: false,
    })
  })

  it('is read with white space, quotes within, other schemes before, and any case', () => {
    const values = [
      'Basic realm="x"',
      'Negotiate, DIGEST Realm = "a\\"b, c" , NONCE=abc, qop="auth-int, auth", Stale=TRUE, algorithm=MD5',
    ]

    expect(readChallenge(values)).toMatchObject({
      realm: 'a"b, c',
      nonce: 'abc',
      hasQop: true,
      isStale: true,
      algorithm: 'MD5',
    })
  })

  it('without qop is the old one', () => {
    expect(readChallenge(['Digest realm="x", nonce="y"']).hasQop).toBe(false)
  })

  it.each([
    [[]],
    [['Basic realm="x"']],
    [['Digest nonce="y"']],
    [['Digest realm="x",nonce="y",algorithm=SHA-256']],
    [['Digest realm="x",nonce="y",qop="auth-int"']],
  ])('that we cannot answer is unexpected: %j', values => {
    expect(() => readChallenge(values)).toThrow(expect.objectContaining({ code: 'amt-unexpected' }))
  })

  it('with MD5 is found behind one with SHA-256', () => {
    expect(
      readChallenge(['Digest realm="x",nonce="1",algorithm=SHA-256', 'Digest realm="x",nonce="2",algorithm=MD5']).nonce,
    ).toBe('2')
  })
})

describe('an answer', () => {
  const challenge = readChallenge([`Digest realm="${realm}", nonce="N",qop="auth"`])

  it('is written as MPS writes it, and counts', () => {
    const answers = new Answers(challenge, random)
    const expected = (nc: string) => {
      const response = md5(`${md5(`admin:${realm}:P@ssw0rd`)}:N:${nc}:abababababababab:auth:${md5('POST:/wsman')}`)
      return `Digest username="admin",realm="${realm}",nonce="N",uri="/wsman",qop="auth",response="${response}",nc="${nc}",cnonce="abababababababab"`
    }

    expect(answers.next(login)).toBe(expected('00000001'))
    expect(answers.next(login)).toBe(expected('00000002'))
    for (let at = 0; at < 7; at++) answers.next(login)
    expect(answers.next(login)).toBe(expected('0000000a'))
  })

  it('without qop is that of RFC 2069', () => {
    const answers = new Answers(readChallenge(['Digest realm="r", nonce="n"']), random)
    const response = md5(`${md5('admin:r:P@ssw0rd')}:n:${md5('POST:/wsman')}`)

    expect(answers.next(login)).toBe(`Digest username="admin",realm="r",nonce="n",uri="/wsman",response="${response}"`)
  })

  it('repeats what is opaque and the algorithm, also that of sessions', () => {
    const answers = new Answers(
      readChallenge(['Digest realm="r", nonce="n", qop="auth", opaque="o\\"p", algorithm=MD5-sess']),
      random,
    )
    const first = md5(`${md5('admin:r:P@ssw0rd')}:n:abababababababab`)
    const response = md5(`${first}:n:00000001:abababababababab:auth:${md5('POST:/wsman')}`)

    expect(answers.next(login)).toContain(`response="${response}"`)
    expect(answers.next(login)).toMatch(/,opaque="o\\"p",algorithm=MD5-sess$/)
  })

  it('is that of the login it is given, whichever answered before, with a client nonce of its own', () => {
    let drawn = 0
    const counting = (count: number) => Uint8Array.from({ length: count }, () => drawn++ % 256)
    const answers = new Answers(challenge, counting)
    const other = { username: 'admin', password: Secret.of('other') }
    const cnonces = [login, other, login].map((each, at) => {
      const text = answers.next(each)
      const [, cnonce = ''] = /cnonce="([0-9a-f]{16})"/.exec(text) ?? []
      const secret = each.password.use(password => md5(`admin:${realm}:${password}`))
      expect(text).toContain(`response="${md5(`${secret}:N:0000000${at + 1}:${cnonce}:auth:${md5('POST:/wsman')}`)}"`)
      return cnonce
    })

    expect(new Set(cnonces).size).toBe(3)
  })

  it('takes passwords as UTF-8', () => {
    const answers = new Answers(readChallenge(['Digest realm="r", nonce="n"']), random)
    const response = md5(`${md5('admin:r:pä&ß')}:n:${md5('POST:/wsman')}`)

    expect(answers.next({ username: 'admin', password: Secret.of('pä&ß') })).toContain(response)
  })
})

it('hashes a password as AMT keeps it', () => {
  expect(passwordHash(login, realm).toString('hex')).toBe(md5(`admin:${realm}:P@ssw0rd`))
})
