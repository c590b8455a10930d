// SPDX-License-Identifier: Apache-2.0
/** The program muster-provision: seeds for cloud-init and join tokens, from the keys of a real controller. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../arch/tree.ts'
import { startTestController, type TestController } from '../support/controller.ts'

const KEYRING =
  '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEawHU0xYJKwYBBAHaRw8BAQdA\n=W0VD\n-----END PGP PUBLIC KEY BLOCK-----\n'

describe('muster-provision', () => {
  const dir = mkdtempSync(join(tmpdir(), 'muster-provision-test-'))
  let controller: TestController
  let token = ''
  let count = 0
  beforeAll(async () => {
    controller = await startTestController({ config: { modules: { onboarding: {} } } })
    token = await controller.joinToken(3)
    writeFileSync(join(dir, 'muster-archive-keyring.asc'), KEYRING)
    writeFileSync(join(dir, 'controller-root.pem'), controller.controller.root)
    writeFileSync(join(dir, 'token'), `${token}\n`)
  })
  afterAll(async () => {
    await controller?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  const provision = (args: readonly string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'provisioning/bin.js'), ...args], {
      encoding: 'utf8',
      input,
    })
    return { code: status, out: stdout, err: stderr }
  }
  const seed = (more: Readonly<Record<string, string | undefined>>) => {
    const out = join(dir, `seeds-${count++}`)
    const usual = {
      url: 'https://ctl.example:8443',
      fingerprint: `sha256:${controller.controller.rootFingerprint}`,
      keys: dir,
      out,
      'token-file': join(dir, 'token'),
    }
    const args = Object.entries({ ...usual, ...more }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    )
    return { ...provision(['seed', ...args]), out }
  }

  it('writes seeds that cloud-init reads, for every machine of a table', () => {
    writeFileSync(join(dir, 'machines.csv'), 'hostname\r\npress-04\r\npress-05\r\n')
    const { code, err, out } = seed({ machines: join(dir, 'machines.csv'), package: 'muster-agent-oob' })
    const text = readFileSync(join(out, 'press-05/user-data'), 'utf8')
    const data = parse(text)

    expect([code, err, readdirSync(out)]).toEqual([0, '', ['press-04', 'press-05']])
    expect(text.startsWith('#cloud-config\n')).toBe(true)
    expect(data).toMatchObject({
      hostname: 'press-05',
      packages: ['muster-agent', 'muster-agent-oob'],
      runcmd: [['muster-agent', 'enroll', 'https://ctl.example:8443', '--token-file', '/run/muster-join']],
    })
    const files = Object.fromEntries(
      data.write_files.map(({ path, content }: { path: string; content: string }) => [path, content]),
    )
    expect(files['/run/muster-join']).toBe(`${token}\n`)
    expect(files['/usr/share/keyrings/muster-controller-root.pem'].trim()).toBe(controller.controller.root.trim())
    expect(files['/usr/share/keyrings/muster-archive-keyring.asc']).toBe(KEYRING)
    expect(readFileSync(join(out, 'press-05/meta-data'), 'utf8')).toBe(
      'instance-id: press-05\nlocal-hostname: press-05\n',
    )
    expect(statSync(join(out, 'press-05/user-data')).mode & 0o777).toBe(0o600)
  })

  it('takes apt and the agent through a proxy', () => {
    const { out } = seed({ hostname: 'press-04', proxy: 'http://proxy.example:3128' })
    const text = readFileSync(join(out, 'press-04/user-data'), 'utf8')

    expect(text).toContain('Acquire::https::Proxy "http://proxy.example:3128";')
    expect(
      parse(text).write_files.find(({ path }: { path: string }) => path === '/etc/muster-agent/config.yaml').content,
    ).toBe('proxy: http://proxy.example:3128\n')
  })

  it.each([
    [
      'a root of another fingerprint',
      { hostname: 'a', fingerprint: `sha256:${'0'.repeat(64)}` },
      1,
      'has the fingerprint',
    ],
    ['a name that is none', { hostname: 'press 04\nruncmd: [reboot]' }, 1, 'no host name'],
    ['a column nobody knows', { machines: 'hostnme\npress-04\n' }, 1, 'hostnme'],
    ['a machine that is there twice', { machines: 'hostname\npress-04\npress-04\n' }, 1, 'twice'],
    ['a table without machines', { machines: 'hostname\n\n' }, 1, 'no machine'],
    ['a broken token', { machines: 'hostname,token\npress-04,muster-join_1.abc\n' }, 1, 'line 2'],
    ['no token at all', { hostname: 'press-04', 'token-file': undefined }, 1, 'join token'],
    ['an address with more in it', { hostname: 'a', url: 'https://ctl.example/"; x' }, 2, '--url'],
    ['an address without TLS', { hostname: 'a', url: 'http://ctl.example' }, 2, '--url'],
    ['a package that is none', { hostname: 'a', package: 'x; reboot' }, 2, 'no name of a package'],
    ['neither table nor name', {}, 2, '--machines or --hostname'],
  ])('writes nothing for %s', (_, more: Readonly<Record<string, string | undefined>>, code, said) => {
    const { machines } = more
    if (machines !== undefined) writeFileSync(join(dir, 'table.csv'), machines)
    const ended = seed({ ...more, ...(machines === undefined ? {} : { machines: join(dir, 'table.csv') }) })

    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(said)])
    expect(existsSync(ended.out)).toBe(false)
  })

  it('says what a token is, and never its secret', () => {
    const { code, out } = provision(['token', 'inspect'], `  ${token}\n`)
    const [, id = '', secret = ''] = token.split('.')

    expect(code).toBe(0)
    expect(out).toBe(`id    ${id}\nroot  sha256:${controller.controller.rootFingerprint}\n`)
    expect(out).not.toContain(secret)
  })

  it('says what is wrong with a token', () => {
    const ended = provision(['token', 'inspect', '-'], token.slice(0, 40))

    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/cut off/)])
    expect(ended.err).not.toContain(token.split('.')[2])
  })

  it.each([[['teleport']], [['kit']], [['kit', 'teleport']], [['seed', '--teleport', 'x']], [[]]])(
    'explains itself when it is called as %j',
    args => {
      const ended = provision(args)

      expect(ended.code).toBe(2)
      expect(ended.out + ended.err).toMatch(/Usage:|muster-provision --help/)
    },
  )
})
