// SPDX-License-Identifier: Apache-2.0
/** What the builder of repositories reads and writes, without any program. */
import { describe, expect, it } from 'vitest'
import { releaseText, sortStanzas } from '../../../packaging/repository/apt.ts'
import { placeOf } from '../../../packaging/repository/collect.ts'
import { keysFor, secretKeys } from '../../../packaging/repository/keys.ts'

const key = (kind: string, validity: string, bits: number, algorithm: number, made: number, fingerprint: string) =>
  `sec:${validity}:${bits}:${algorithm}:0:${made}:::u:::scESC:::+:::23::0:\nfpr:::::::::${fingerprint}:\n${kind === 'sub' ? `ssb:u:255:18:0:${made}::::::e:::+:::23:\nfpr:::::::::SUB${fingerprint}:\n` : ''}`

describe('keys', () => {
  const text = [
    key('', 'u', 255, 22, 20, 'NEW'),
    key('sub', 'u', 255, 22, 10, 'OLD'),
    key('', 'r', 255, 22, 30, 'REVOKED'),
    key('', 'e', 4_096, 1, 30, 'EXPIRED'),
    key('', 'u', 2_048, 1, 10, 'WEAK'),
    key('', 'u', 4_096, 1, 10, 'RSA'),
  ].join('')

  it('are those that sign and live, oldest first, without subkeys', () => {
    expect(keysFor('apt', secretKeys(text)).map(({ fingerprint }) => fingerprint)).toEqual(['OLD', 'NEW'])
    expect(keysFor('rpm', secretKeys(text)).map(({ fingerprint }) => fingerprint)).toEqual(['RSA'])
  })
})

describe('indexes', () => {
  it('are in one order, whatever order the packages were found in', () => {
    const [a, b] = ['Package: x\nFilename: pool/a.deb', 'Package: x\nFilename: pool/b.deb']

    expect(sortStanzas(`${b}\n\n${a}\n\n`)).toBe(sortStanzas(`${a}\n\n${b}\n`))
  })

  it('are named with digest and size, and until when they count', () => {
    const at = new Date('2026-01-02T03:04:05Z')
    const text = releaseText([{ path: 'main/binary-amd64/Packages', content: Buffer.from('') }], {
      at,
      validUntil: new Date('2026-02-02T03:04:05Z'),
    })

    expect(text).toContain('Date: Fri, 02 Jan 2026 03:04:05 +0000\nValid-Until: Mon, 02 Feb 2026 03:04:05 +0000\n')
    expect(text).toContain(
      '\n e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855          0 main/binary-amd64/Packages\n',
    )
  })
})

describe('a place', () => {
  it('leaves the epoch out, as names of packages do', () => {
    const deb = { format: 'deb', name: 'muster-agent', version: '1:0.2.0', arch: 'arm64' } as const

    expect(placeOf(deb)).toBe('apt/pool/main/m/muster-agent/muster-agent_0.2.0_arm64.deb')
    expect(placeOf({ ...deb, format: 'rpm', version: '0.2.0-1', arch: 'aarch64' })).toBe(
      'rpm/packages/muster-agent-0.2.0-1.aarch64.rpm',
    )
  })
})
