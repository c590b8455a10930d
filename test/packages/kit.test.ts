// SPDX-License-Identifier: Apache-2.0
/** Kits for machines without a network: made by the real program, looked at by it and by their own script. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatToken, newToken } from '../../provisioning/enroll/token.ts'
import { ROOT } from '../arch/tree.ts'
import { openWorkshop, REPOSITORY_TOOLS, type Workshop } from '../support/repository.ts'
import { missingTools } from '../support/tools.ts'

const gone = missingTools([...REPOSITORY_TOOLS, 'dpkg', 'rpmkeys', 'tar', 'awk', 'sha256sum'])
const why = gone.length > 0 ? `not installed: ${gone.join(', ')}` : undefined
if (why !== undefined) process.stderr.write(`kit: skipped, ${why}\n`)
const here = process.arch === 'arm64' ? 'arm64' : 'amd64'

describe.skipIf(why !== undefined)('a kit', () => {
  let shop: Workshop
  let count = 0
  beforeAll(async () => {
    shop = await openWorkshop()
    for (const version of ['0.9.0', '0.10.0']) {
      shop.deb('muster-agent', version)
      shop.rpm('muster-agent', version)
    }
    shop.deb('muster-controller', '0.1.0')
    await shop.publish()
  })
  afterAll(async () => shop?.close())

  const provision = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'provisioning/main.ts'), ...args], {
      encoding: 'utf8',
    })
    return { code: status, out: stdout, err: stderr }
  }
  const build = (...more: readonly string[]): string => {
    const file = join(shop.dir, `kit-${count++}.tar`)
    const { code, err } = provision('kit', 'build', '--repository', shop.out, '--out', file, '--arch', here, ...more)
    expect(code, err).toBe(0)
    return file
  }
  /** The folder a kit unpacks to. */
  const unpack = (file: string): string => {
    const dir = `${file}.d`
    mkdirSync(dir)
    execFileSync('tar', ['xf', file, '-C', dir])
    return join(dir, 'muster-kit')
  }
  const install = (kit: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) => {
    const { status, stdout, stderr } = spawnSync('sh', [join(kit, 'install.sh'), ...args], { encoding: 'utf8', env })
    return { code: status, out: stdout, err: stderr }
  }
  const check = (kit: string) => install(kit, ['--check', '--fingerprint', shop.keys.apt])

  it('holds the newest of what was asked for, and is the same whenever it is made', () => {
    const [one, other] = [build(), build()]
    const kit = unpack(one)

    expect(readFileSync(one).equals(readFileSync(other))).toBe(true)
    expect(execFileSync('ls', [join(kit, 'deb'), join(kit, 'rpm')], { encoding: 'utf8' })).toMatch(
      /InRelease\nPackages\.\w+\nmuster-agent_0\.10\.0_all\.deb\n[\s\S]*muster-agent-0\.10\.0-1\.noarch\.rpm\n$/,
    )
    expect(statSync(one).mode & 0o777).toBe(0o600)
  })

  it('is found sound by the program and by its own script', () => {
    const file = build()
    const verified = provision('kit', 'verify', file, '--fingerprint', shop.keys.apt, '--fingerprint', shop.keys.rpm)
    const checked = check(unpack(file))

    expect([verified.code, verified.err]).toEqual([0, ''])
    expect(verified.out).toContain('signed  muster-agent_0.10.0_all.deb')
    expect([checked.code, checked.err]).toEqual([0, ''])
    expect(checked.out).toContain('muster-agent_0.10.0_all.deb')
  })

  it('carries a token that only its owner may read, for the controller it was made for', () => {
    const { id, secret } = newToken(length => new Uint8Array(length).fill(7))
    const token = formatToken({ id, secret, root: 'ab'.repeat(32) })
    writeFileSync(join(shop.dir, 'token'), `${token}\n`)
    const kit = unpack(build('--url', 'https://ctl.example:8443', '--token-file', join(shop.dir, 'token')))

    expect(readFileSync(join(kit, 'join-token'), 'utf8')).toBe(`${token}\n`)
    expect(statSync(join(kit, 'join-token')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(kit, 'kit.env'), 'utf8')).toContain("MUSTER_URL='https://ctl.example:8443'\n")
  })

  const spoiled: Readonly<Record<string, (kit: string) => void>> = {
    'a package that was changed': kit => appendFileSync(join(kit, 'deb/muster-agent_0.10.0_all.deb'), 'x'),
    'a package that nobody published': kit =>
      cpSync(join(shop.packages, 'muster-agent_0.9.0_all.deb'), join(kit, 'deb/muster-agent_9.9.9_all.deb')),
    'a list that was changed': kit => appendFileSync(join(kit, `deb/Packages.${here}`), '\n'),
    'an index that was changed': kit => {
      const file = join(kit, 'deb/InRelease')
      writeFileSync(file, readFileSync(file, 'utf8').replace('Origin: Muster', 'Origin: Mutter'))
    },
    'an index without a signature': kit => {
      const file = join(kit, 'deb/InRelease')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/-----BEGIN PGP SIGNATURE[\s\S]*/, ''))
    },
    'text after what was signed': kit => {
      // Digests of a list of its own, outside of the signature.
      appendFileSync(join(kit, `deb/Packages.${here}`), '\n')
      const digest = execFileSync('sha256sum', [join(kit, `deb/Packages.${here}`)], { encoding: 'utf8' }).slice(0, 64)
      appendFileSync(join(kit, 'deb/InRelease'), ` ${digest} 1 main/binary-${here}/Packages\n`)
    },
  }

  it.each(Object.keys(spoiled))('is refused for %s', what => {
    const kit = unpack(build())
    spoiled[what]?.(kit)
    const [verified, checked] = [
      provision('kit', 'verify', kit, '--fingerprint', shop.keys.apt, '--fingerprint', shop.keys.rpm),
      check(kit),
    ]

    expect([verified.code, checked.code], verified.out + checked.out).toEqual([1, 4])
  })

  it('is refused when somebody else signed all of it', async () => {
    const other = await openWorkshop()
    other.deb('muster-agent', '0.10.0')
    await other.publish()
    const file = join(shop.dir, 'foreign.tar')
    provision('kit', 'build', '--repository', other.out, '--out', file, '--arch', here)
    await other.close()
    const verified = provision('kit', 'verify', file, '--fingerprint', shop.keys.apt)
    const checked = check(unpack(file))

    expect([verified.code, checked.code]).toEqual([1, 4])
    expect(checked.err).toContain('another key')
  })

  it.each([
    [[], 2, '--fingerprint'],
    [['--fingerprint', 'ABCD'], 2, '40 hexadecimal digits'],
    [['--fingerprint'], 2, 'wants a value'],
    [['--teleport'], 2, 'no option --teleport'],
  ])('says what is wrong with the arguments %j', (args, code, said) => {
    const ended = install(unpack(build('--format', 'deb')), args)

    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(said)])
  })

  it.each([
    ['uname', 'case $1 in -s) echo FreeBSD;; *) echo x86_64;; esac', 'this is FreeBSD'],
    ['uname', 'case $1 in -s) echo Linux;; *) echo riscv64;; esac', 'this machine is riscv64'],
    ['dpkg', 'echo i386', 'the packages do not fit'],
    ['getconf', 'echo glibc 2.31', 'need glibc 2.34'],
  ])('is not for a machine whose %s says "%s"', (program, script, said) => {
    const kit = unpack(build('--format', 'deb'))
    const bin = join(kit, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const ended = install(kit, ['--check', '--fingerprint', shop.keys.apt], {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
    })

    expect([ended.code, ended.err]).toEqual([3, expect.stringContaining(said)])
  })

  it('is not for a machine whose packages it does not hold', () => {
    const kit = unpack(build('--format', 'rpm'))

    expect(install(kit, ['--check', '--fingerprint', shop.keys.apt])).toMatchObject({
      code: 3,
      err: expect.stringContaining('holds no .deb'),
    })
  })

  describe('where there is rpm and no dpkg', () => {
    const rpmOnly = (kit: string): NodeJS.ProcessEnv => {
      const bin = join(kit, 'bin')
      mkdirSync(bin)
      const tools = [
        'awk',
        'basename',
        'cat',
        'cut',
        'dirname',
        'getconf',
        'gpg',
        'gpg-agent',
        'grep',
        'head',
        'id',
        'mkdir',
        'mktemp',
        'rm',
        'rpm',
        'rpmkeys',
        'sed',
        'sh',
        'sha256sum',
        'tail',
        'tr',
        'uname',
      ]
      for (const tool of tools) {
        const path = execFileSync('sh', ['-c', `command -v ${tool} || true`], { encoding: 'utf8' }).trim()
        if (path !== '') symlinkSync(path, join(bin, tool))
      }
      return { PATH: bin, HOME: kit }
    }

    it('is looked at by rpm with the key of that fingerprint', () => {
      const kit = unpack(build())
      const env = rpmOnly(kit)
      const [sound, other] = [shop.keys.rpm, shop.keys.apt].map(key =>
        install(kit, ['--check', '--fingerprint', key], env),
      )

      expect(sound).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringContaining('muster-agent-0.10.0-1.noarch.rpm'),
      })
      expect(other?.code).toBe(4)
    })

    it('is refused with a package that nobody signed', () => {
      const kit = unpack(build())
      renameSync(join(kit, 'rpm/muster-agent-0.10.0-1.noarch.rpm'), join(kit, 'signed'))
      cpSync(join(shop.packages, 'muster-agent-0.10.0-1.noarch.rpm'), join(kit, 'rpm/muster-agent-0.10.0-1.noarch.rpm'))
      const ended = install(kit, ['--check', '--fingerprint', shop.keys.rpm], rpmOnly(kit))

      expect(ended).toMatchObject({ code: 4, err: expect.stringContaining('not signed') })
    })
  })

  it('is not made of packages that are not there', () => {
    const ended = provision(
      'kit',
      'build',
      '--repository',
      shop.out,
      '--out',
      join(shop.dir, 'none.tar'),
      '--package',
      'muster-teleport',
    )

    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('muster-teleport')])
  })
})
