// SPDX-License-Identifier: Apache-2.0
/** Addresses and fingerprints as people paste them. */
import { describe, expect, it } from 'vitest'
import { readAddress, readFingerprint } from '../../../../controller/cli/address.ts'

describe('an address', () => {
  it('takes the secret out of a pasted one-time link', () => {
    expect(readAddress('https://ctl.example:8443/setup#k3-_Z')).toEqual({
      url: 'https://ctl.example:8443',
      setup: 'k3-_Z',
    })
  })

  it('keeps a path in front and loses the slash behind', () => {
    expect(readAddress('https://ctl.example/fleet/')).toEqual({ url: 'https://ctl.example/fleet', setup: undefined })
    expect(readAddress('https://ctl.example/fleet/setup#x')).toEqual({ url: 'https://ctl.example/fleet', setup: 'x' })
  })

  it.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])(
    'may be plain on this machine: %s',
    url => {
      expect(readAddress(url).url).toBe(url)
    },
  )

  it.each([
    'http://ctl.example:8080',
    'http://127.0.0.1.example:8080',
    'http://10.0.0.1',
    'ftp://ctl.example',
    'ctl.example:8443',
    'https://anna:secret@ctl.example',
    'https://ctl.example/?a=b',
    'https://ctl.example/#secret',
    '',
  ])('is refused without repeating a secret: %s', url => {
    expect(() => readAddress(url)).toThrow(expect.objectContaining({ code: 'url-unusable' }))
    expect(() => readAddress(url)).not.toThrow(/secret/)
  })
})

describe('a fingerprint', () => {
  const digits = 'ab'.repeat(32)

  it('is the same in the forms in which tools print it', () => {
    expect(readFingerprint(`sha256:${digits}`)).toBe(digits)
    expect(readFingerprint(`SHA256:${digits.toUpperCase()}`)).toBe(digits)
    expect(readFingerprint(`${'AB:'.repeat(31)}AB`)).toBe(digits)
  })

  it.each(['sha256:abcd', `sha1:${'a'.repeat(40)}`, `${digits}00`, ''])('is refused when it is not whole: %s', text => {
    expect(() => readFingerprint(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  })
})
