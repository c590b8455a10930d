// SPDX-License-Identifier: Apache-2.0
/** What of a file is sent, for any range, and which paths are ever looked at. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerTo } from '../../../../../controller/modules/packages/asked.ts'
import { keptFor, soundPath, typeOf } from '../../../../../controller/modules/packages/paths.ts'

const version = (size: number) => ({ etag: '"a"', lastModified: 'Sat, 21 Nov 2026 00:00:00 GMT', size })

describe('an answer', () => {
  it('lies within the file, whatever is asked for', () => {
    const part = fc.option(fc.nat(2_000), { nil: undefined })
    fc.assert(
      fc.property(fc.nat(1_000), part, part, (size, first, last) => {
        const answer = answerTo({ range: `bytes=${first ?? ''}-${last ?? ''}` }, version(size))
        if (answer.status === 304 || answer.status === 416) return answer.status === 416
        return answer.from >= 0 && answer.length >= 0 && answer.from + answer.length <= size
      }),
    )
  })

  it('to anything that is no range is the whole file', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const answer = answerTo({ range: `x${text}` }, version(10))
        return answer.status === 200 && answer.length === 10
      }),
    )
  })

  it('minds tags before times', () => {
    const later = 'Sun, 22 Nov 2026 00:00:00 GMT'

    expect(answerTo({ 'if-none-match': '"b"', 'if-modified-since': later }, version(1)).status).toBe(200)
    expect(answerTo({ 'if-none-match': '*' }, version(1)).status).toBe(304)
    expect(answerTo({ 'if-modified-since': later }, version(1)).status).toBe(304)
    expect(answerTo({ 'if-modified-since': 'yesterday' }, version(1)).status).toBe(200)
  })
})

describe('a path', () => {
  it('never leads out of the folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), text => {
        const path = soundPath(`apt/${text}`)
        return (
          path === undefined || ((!path.includes('..') || !/(^|\/)\.\.?(\/|$)/.test(path)) && !/[\0\\%]/.test(path))
        )
      }),
    )
  })

  it.each([
    'apt/pool/main/m/muster-agent/muster-agent_1.0~rc1+b2_amd64.deb',
    'rpm/packages/a-1:2^git-1.x86_64.rpm',
    'keys/a.gpg',
    'kit/install.sh',
  ])('of the repository is one: %s', path => {
    expect(soundPath(path)).toBe(path)
  })

  it('says what its file is, and whether it may change', () => {
    expect(typeOf('rpm/repodata/repomd.xml.asc')).toBe('application/pgp-signature')
    expect(typeOf('apt/dists/stable/main/binary-amd64/Packages')).toBe('text/plain; charset=utf-8')
    expect(keptFor('rpm/repodata/repomd.xml')).toBe('no-cache')
    expect(keptFor(`rpm/repodata/${'0'.repeat(64)}-primary.xml.gz`)).toContain('immutable')
    expect(keptFor('apt/dists/stable/main/binary-amd64/Packages.gz')).toBe('no-cache')
  })
})
