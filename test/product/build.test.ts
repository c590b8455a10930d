// SPDX-License-Identifier: Apache-2.0
/** What `npm run build` writes: the same bytes each time, complete, and programs that really run away from the repository. */
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import manifest from '../../package.json' with { type: 'json' }
import lockfile from '../../package-lock.json' with { type: 'json' }
import { finish, type Started, start } from '../arch/programs.ts'
import { ROOT } from '../arch/tree.ts'

const base = await mkdtemp(join(tmpdir(), 'muster-build-'))
const out = join(base, 'first')
const script = (path: string): string => join(out, path)
const AGENT = script('agent/muster-agent.mjs')
const CONTROLLER = script('controller/muster-controller.mjs')
const MUSTER = script('cli/muster.mjs')
const SIMULATOR = script('simulator/muster-sim.mjs')

const build = (folder: string, ...options: string[]) =>
  finish(join(ROOT, 'packaging/build/main.ts'), ['--out', folder, ...options], {
    cwd: base,
    env: { PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` },
  })

beforeAll(async () => {
  expect(await build(out)).toMatchObject({ code: 0, stderr: '' })
})
afterAll(() => rm(base, { recursive: true, force: true }))

const sums = async (folder: string): Promise<readonly (readonly [string, string])[]> => {
  const lines = (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n')
  return lines.map(line => [line.slice(66), line.slice(0, 64)] as const)
}

describe('a build', () => {
  it('gives the same bytes a second time', async () => {
    const again = join(base, 'second')
    await build(again)

    expect(await sums(again)).toEqual(await sums(out))
    expect((await sums(out)).length).toBeGreaterThan(15)
  })

  it('lists the digest of every file', async () => {
    const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
    const listed = await sums(out)

    expect(listed).toHaveLength(files.length - 1)
    for (const [file, digest] of listed) {
      expect(
        createHash('sha256')
          .update(await readFile(join(out, file)))
          .digest('hex'),
      ).toBe(digest)
    }
  })

  it('says nothing of the machine it was made on', async () => {
    for (const [file] of await sums(out)) {
      expect((await readFile(join(out, file))).includes(ROOT), file).toBe(false)
    }
  })

  it('leaves a folder alone that it did not write', async () => {
    const precious = join(base, 'precious')
    await mkdir(precious)
    await writeFile(join(precious, 'thesis.txt'), 'years of work')

    expect((await build(precious)).code).not.toBe(0)
    expect(await readdir(precious)).toEqual(['thesis.txt'])
  })

  it('ships the addon for both kinds of machine', async () => {
    // e_machine of the ELF header: 62 is x86-64, 183 is AArch64.
    const machine = async (target: string): Promise<number> =>
      (await readFile(script(`agent/better-sqlite3.linux-${target}.node`))).readUInt16LE(18)

    expect(await machine('x64')).toBe(62)
    expect(await machine('arm64')).toBe(183)
  })

  it('makes programs executable and carries no map of the sources', async () => {
    for (const file of [AGENT, CONTROLLER, MUSTER, SIMULATOR]) {
      expect((await stat(file)).mode & 0o111, file).toBe(0o111)
      expect(await readFile(file, 'utf8')).not.toContain('sourceMappingURL')
    }
  })
})

type Bom = { components: { name: string; version: string }[]; metadata: object; serialNumber?: string }

describe('a bill of materials', () => {
  it.each(['agent', 'controller', 'cli', 'simulator'])(
    'of the %s names packages of the lockfile, and Node',
    async folder => {
      const bom: Bom = JSON.parse(await readFile(script(`${folder}/sbom.cdx.json`), 'utf8'))
      const locked = Object.entries(lockfile.packages as Record<string, { version?: string }>).map(
        ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`,
      )
      const named = bom.components.map(({ name, version }) => `${name}@${version}`)

      expect(named).toContain(`node@${process.versions.node}`)
      expect(named.filter(each => !each.startsWith('node@') && !locked.includes(each))).toEqual([])
      expect(bom).not.toHaveProperty('serialNumber')
      expect(bom.metadata).not.toHaveProperty('timestamp')
    },
  )

  it.each(['agent', 'controller', 'cli', 'simulator'])('of the %s has a notice for each entry', async folder => {
    const bom: Bom = JSON.parse(await readFile(script(`${folder}/sbom.cdx.json`), 'utf8'))
    const notices = await readFile(script(`${folder}/THIRD-PARTY-NOTICES.txt`), 'utf8')
    const without = bom.components.filter(
      ({ name, version }) => name !== 'node' && !notices.includes(`${name} ${version} (`),
    )

    expect(bom.components.length).toBeGreaterThan(1)
    expect(without).toEqual([])
  })
})

describe('a built program', () => {
  it.each([
    [AGENT, /^(muster-agent )?\d/],
    [CONTROLLER, /^(muster-controller )?\d/],
    [MUSTER, /^muster \d/],
  ])('%s knows its version', async (file, pattern) => {
    const { code, stdout } = await finish(file, ['version'], { cwd: base })

    expect(code).toBe(0)
    expect(stdout).toMatch(pattern)
    expect(stdout).toContain(manifest.version)
  })

  it('explains itself', async () => {
    expect(await finish(SIMULATOR, ['--help'], { cwd: base })).toMatchObject({ code: 0, stderr: '' })
  })

  it('says what it needs before anything of ours runs on an older Node', async () => {
    const text = await readFile(AGENT, 'utf8')

    expect(text.indexOf('this needs Node 24')).toBeLessThan(1_000)
    expect(text.indexOf('this needs Node 24')).toBeGreaterThan(0)
  })

  it('brings the child of the hardware plugin', async () => {
    const { code, stdout } = await finish(script('agent/source.mjs'), [], { cwd: base })

    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({})
  })
})

describe('built programs together', () => {
  const place = { cwd: base, env: { MUSTER_HOME: join(base, 'home') } }
  const running: Started[] = []
  let url = ''

  const muster = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await finish(MUSTER, args, place)
    expect(code, stderr).toBe(0)
    return stdout
  }
  const tokenFile = async (name: string): Promise<string> => {
    const token = /muster-join_1\.[\w.-]+/.exec(await muster('token', 'create', '--uses', '9', '-o', 'json'))?.[0] ?? ''
    const file = join(base, name)
    await writeFile(file, token, { mode: 0o600 })
    return file
  }
  const launch = (file: string, ...args: string[]): Started => {
    const started = start(file, args, place)
    running.push(started)
    return started
  }
  /** Asks until so many hosts are online; the time of the test is the limit. */
  const online = async (count: number): Promise<string> => {
    const listed = await muster('host', 'ls', '-o', 'json')
    return [...listed.matchAll(/"online":\s*true/g)].length >= count ? listed : online(count)
  }

  /** Rejects with what a program said that ended although it should run. */
  const firstEnd = async (): Promise<never> => {
    const { code, stdout, stderr } = await Promise.race(running.map(({ ended }) => ended))
    throw new Error(`a program ended with ${code}: ${stdout}${stderr}`)
  }

  beforeAll(async () => {
    // Somewhere else than where it was built, so that nothing can be found by way of the repository.
    await cp(out, join(base, 'installed'), { recursive: true })
    const config = join(base, 'controller.yaml')
    const http = { listen: ['https://127.0.0.1:0'] }
    const bus = { listen: '127.0.0.1:0', trustLoopback: true }
    // Firmware's port is a fixed one unless said otherwise, and other tests may have it.
    const modules = { ...DEFAULT_MODULES, oob: { cira: { listen: '127.0.0.1:0' } } }
    await writeFile(config, JSON.stringify({ dataDir: join(base, 'data'), http, bus, modules }))
    const controller = launch(CONTROLLER, 'run', '--config', config)
    const [, origin = '', secret = ''] = await controller.prints(/(https:\/\/[\d.:]+)\/setup#(\S+)/)
    const [, fingerprint = ''] = await controller.prints(/fingerprint (sha256:\w+)/)
    url = origin
    await muster('login', url, '--ca-fingerprint', fingerprint, '--setup', secret, '--name', 'tester')
  })
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGTERM')
    await Promise.all(running.map(({ ended }) => ended))
  })

  it('bring a machine and simulated ones under a controller', async () => {
    const config = join(base, 'agent.yaml')
    const stateDir = join(base, 'agent-state')
    const policyFile = join(base, 'policy.yaml')
    await writeFile(policyFile, 'deny: [power/*]\n')
    // One plugin as a process: the program has to find itself again.
    await writeFile(config, JSON.stringify({ stateDir, policyFile, startJitterMs: 0, isolation: { os: 'process' } }))
    const enrolled = await finish(
      AGENT,
      ['enroll', url, '--token-file', await tokenFile('one'), '--config', config],
      place,
    )
    expect(enrolled.code, enrolled.stderr).toBe(0)
    launch(AGENT, 'run', '--config', config)
    launch(
      SIMULATOR,
      'up',
      '2',
      '--url',
      url,
      '--token-file',
      await tokenFile('many'),
      '--dir',
      join(base, 'simulated'),
    )

    expect(await Promise.race([online(3), firstEnd()])).toContain('simulated')
  })

  it('stop when they are asked to', async () => {
    for (const { child, ended } of running.toReversed()) {
      child.kill('SIGTERM')
      expect((await ended).code).toBe(0)
    }
  })
})
