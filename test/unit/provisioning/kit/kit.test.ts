// SPDX-License-Identifier: Apache-2.0
/** Which packages a kit takes, and that its archive is one. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { choose, type Offer, readPackages } from '../../../../provisioning/kit/select.ts'
import { type TarEntry, tarSize, writeTar } from '../../../../provisioning/kit/tar.ts'
import { compareVersions } from '../../../../provisioning/kit/versions.ts'

const offer = (name: string, version: string, needs: readonly string[] = []): Offer => ({
  ...{ name, version, needs, arch: 'amd64', path: `apt/${name}_${version}.deb`, bytes: 1, sha256: '' },
})

describe('versions', () => {
  // Each older than the next, as `dpkg --compare-versions` has it.
  const ascending = [
    '0.1~~',
    '0.1~rc1',
    '0.1',
    '0.1-1',
    '0.1-1+b1',
    '0.1a',
    '0.1+git',
    '0.9',
    '0.10',
    '1.0',
    '1.0.1',
    '1:0.1',
  ]

  it('are ordered as dpkg orders them', () => {
    expect([...ascending].reverse().sort(compareVersions)).toEqual(ascending)
    for (const [at, one] of ascending.entries())
      for (const [beside, other] of ascending.entries())
        expect(Math.sign(compareVersions(one, other)), `${one} ${other}`).toBe(Math.sign(at - beside))
  })
})

describe('a choice', () => {
  it('is the newest of what was asked for, with what that needs, however it goes round', () => {
    const offers = [
      offer('agent', '0.9', ['runtime', 'libc6']),
      offer('agent', '0.10', ['runtime', 'libc6', 'oob']),
      offer('oob', '0.10', ['agent']),
      offer('runtime', '24.1'),
      offer('controller', '0.10'),
    ]

    const { chosen, absent } = choose(offers, ['agent'])

    expect(chosen.map(({ name, version }) => `${name} ${version}`)).toEqual(['agent 0.10', 'oob 0.10', 'runtime 24.1'])
    expect(absent).toEqual([])
    expect(choose(offers, ['agent', 'teleport']).absent).toEqual(['teleport'])
  })

  it('reads what apt reads', () => {
    const text =
      'Package: agent\nVersion: 1\nArchitecture: all\nPre-Depends: a (>= 1) | b\nDepends: c:any, d [amd64],\n e\nFilename: pool/a.deb\nSize: 7\nSHA256: ff\n\n'

    expect(readPackages(text)).toMatchObject([
      {
        name: 'agent',
        version: '1',
        arch: 'all',
        path: 'apt/pool/a.deb',
        bytes: 7,
        sha256: 'ff',
        needs: ['a', 'b', 'c', 'd'],
      },
    ])
  })
})

describe('an archive', () => {
  const entry = (path: string, content: string, mode = 0o644): TarEntry => ({
    path,
    size: Buffer.byteLength(content),
    mode,
    content: () => [Buffer.from(content)],
  })
  const pack = async (entries: readonly TarEntry[]): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of writeTar(entries, 1_800_000_000)) parts.push(part)
    return Buffer.concat(parts)
  }

  it('is read by tar, with long paths, empty files and modes', async () => {
    const long = `${'folder-of-forty-letters-is-long-enough/'.repeat(3)}${'n'.repeat(60)}`
    const entries = [entry('a/empty', ''), entry('a/script', 'x'.repeat(513), 0o755), entry(long, 'deep')]

    const bytes = await pack(entries)
    const { status, stdout, stderr } = spawnSync('tar', ['tvf', '-'], {
      input: bytes,
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
    })

    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^-rw-r--r-- root\/root +0 2027-01-15 08:00 a\/empty$/m)
    expect(stdout).toMatch(/^-rwxr-xr-x root\/root +513 .* a\/script$/m)
    expect(stdout).toContain(long)
    expect(bytes.length).toBe(tarSize(entries))
  })

  it('is not finished when a file has another size than was said', async () => {
    await expect(pack([{ ...entry('a', 'abc'), size: 2 }])).rejects.toThrow('a has 3 bytes')
    await expect(pack([{ ...entry('a', 'abc'), size: 9 }])).rejects.toThrow('a has 3 bytes')
  })

  it('refuses a path that no archive can hold', async () => {
    await expect(pack([entry('x'.repeat(300), '')])).rejects.toThrow('too long')
  })
})
