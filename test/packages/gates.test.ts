// SPDX-License-Identifier: Apache-2.0
/** What distributions and the service manager ask of packages: their own checkers are run on them. */
import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { Config as AgentConfig, DEFAULTS } from '../../agent/config.ts'
import { PolicyFile, parsePolicy } from '../../agent/policy.ts'
import { Config as ControllerConfig, load, resolveConfig } from '../../controller/config.ts'
import { findings } from '../../plugins/contract/index.ts'
import { ROOT, read } from '../arch/tree.ts'
import { builtPackages, packageFile } from '../support/packages.ts'
import { missingTools } from '../support/tools.ts'

const base = await mkdtemp(join(tmpdir(), 'muster-gates-'))
const tree = join(base, 'tree')
const without = new Map<string, readonly string[]>()
/** A check that needs tools; says which are missing when it is skipped. */
function needs(...tools: string[]): boolean {
  const missing = missingTools(tools)
  if (missing.length > 0 && !without.has(tools.join())) {
    without.set(tools.join(), missing)
    process.stderr.write(`packages are not checked by ${tools.join(', ')}: no ${missing.join(', ')}\n`)
  }
  return missing.length === 0
}
const builds = needs('dpkg-deb', 'rpmbuild', 'flock')
const [lintian, rpmlint, man, mandoc, bash, analyze] = [
  needs('lintian'),
  needs('rpmlint'),
  needs('man', 'groff'),
  needs('mandoc'),
  needs('bash'),
  needs('systemd-analyze'),
]
const qemu = needs('qemu-aarch64-static') && existsSync('/usr/aarch64-linux-gnu/lib/ld-linux-aarch64.so.1')
if (!qemu) process.stderr.write('packages for arm64 are not started: no qemu-aarch64-static with libc6-arm64-cross\n')

const complaints = (...[file = '', ...args]: string[]): string => {
  const { stdout, stderr, error } = spawnSync(file, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  return error === undefined ? `${stdout}${stderr}` : error.message
}

describe.skipIf(!builds)('packages', () => {
  let folder = ''
  const files = async (ending: string): Promise<readonly string[]> =>
    (await readdir(folder)).flatMap(file => (file.endsWith(ending) ? [join(folder, file)] : []))
  const pages = async (): Promise<readonly string[]> => {
    const found = await readdir(join(tree, 'usr/share/man'), { recursive: true })
    return Promise.all(
      found
        .filter(path => path.endsWith('.gz'))
        .map(async path => {
          const file = join(base, path.replace(/^.*\/|\.gz$/g, ''))
          await writeFile(file, gunzipSync(await readFile(join(tree, 'usr/share/man', path))))
          return file
        }),
    )
  }

  beforeAll(async () => {
    folder = await builtPackages({ format: 'deb,rpm' })
    for (const file of await files('.deb')) await promisify(execFile)('dpkg-deb', ['-x', file, tree])
  })
  afterAll(() => rm(base, { recursive: true, force: true }))

  it.skipIf(!lintian)('are clean for lintian', async () => {
    // Compression for tests is one that the lintian of Debian 12 does not know; releases have another.
    const options = ['--allow-root', '--fail-on', 'warning,error', '--suppress-tags', 'malformed-deb-archive']

    expect(complaints('lintian', ...options, ...(await files('.deb')))).toBe('')
  })

  it('explain each thing that lintian is not to say', async () => {
    for (const name of await readdir(join(ROOT, 'packaging/lintian'))) {
      const lines = read(`packaging/lintian/${name}`).trimEnd().split('\n')

      expect(lines[1], name).toMatch(/^# \w/)
      expect(lines.filter(line => !/^(# \w|[a-z-]+: [a-z0-9-]+)/.test(line))).toEqual([])
    }
  })

  it.skipIf(!rpmlint)('are clean for rpmlint', async () => {
    const said = complaints('rpmlint', '-c', join(ROOT, 'packaging/rpmlint.toml'), ...(await files('.rpm')))

    expect(said).toMatch(/ 0 errors, 0 warnings/)
  })

  it.skipIf(!man)('have a page in the manual for each program, which the formatter takes without a word', async () => {
    const programs = (await readdir(join(tree, 'usr/bin'))).toSorted()
    const all = await pages()

    expect(all.map(file => file.replace(/^.*\/|\.\d$/g, '')).toSorted()).toEqual(
      [...programs, 'muster-helper'].toSorted(),
    )
    for (const file of all) expect(complaints('groff', '-man', '-ww', '-Tutf8', '-z', file), file).toBe('')
    const page = complaints('man', '-l', '-P', 'cat', join(base, 'muster.1'))
    // Every noun of the command line, with its verbs.
    for (const words of ['host ls', 'token create', 'system backup']) expect(page).toContain(words)
  })

  it.skipIf(!mandoc)('have a manual that the other formatter takes too', async () => {
    for (const file of await pages()) expect(complaints('mandoc', '-Tlint', '-Wwarning', file), file).toBe('')
  })

  it.skipIf(!bash)('complete what is typed', async () => {
    const completed = async (program: string, ...words: string[]): Promise<string> => {
      const script = join(tree, 'usr/share/bash-completion/completions', program)
      const typed = [program, ...words]
      const act = `. ${script}; COMP_WORDS=(${typed.map(each => `'${each}'`).join(' ')}); COMP_CWORD=${words.length}; _${program.replaceAll('-', '_')}; echo "\${COMPREPLY[*]}"`
      return (await promisify(execFile)('bash', ['-c', act])).stdout.trim()
    }

    expect(await completed('muster-agent', 'enr')).toBe('enroll')
    expect(await completed('muster-agent', 'enroll', '--tok')).toBe('--token-file')
    expect(await completed('muster-controller', 'adm')).toBe('admin')
    for (const program of ['muster', 'muster-agent', 'muster-controller', 'muster-provision']) {
      expect(existsSync(join(tree, `usr/share/zsh/vendor-completions/_${program}`))).toBe(true)
      expect(existsSync(join(tree, `usr/share/fish/vendor_completions.d/${program}.fish`))).toBe(true)
    }
  })

  it.skipIf(!analyze)('let services do little', async () => {
    const limits = { 'muster-agent': 2, 'muster-controller': 2, 'muster-helper': 6 }
    for (const [name, limit] of Object.entries(limits)) {
      const unit = join(tree, 'usr/lib/systemd/system', `${name}.service`)
      const options = ['security', '--offline=yes', `--threshold=${limit * 10}`, unit]
      const { status, stdout } = spawnSync('systemd-analyze', options, { encoding: 'utf8' })

      expect(status, stdout.trimEnd().split('\n').at(-1)).toBe(0)
    }
  })

  it.skipIf(!analyze)('have units that the service manager understands', async () => {
    const units = (await readdir(join(tree, 'usr/lib/systemd/system'))).map(name => `/usr/lib/systemd/system/${name}`)
    const said = complaints('systemd-analyze', 'verify', '--man=no', `--root=${tree}`, ...units)
    const about = said
      .split('\n')
      .filter(
        line => /muster/.test(line) && !/is not executable|Failed to locate|Unit sysinit.target not found/.test(line),
      )

    expect(units.length).toBe(4)
    expect(about).toEqual([])
  })

  it.skipIf(!qemu)('start on the other machine too', async () => {
    const other = await builtPackages({ arch: 'arm64', only: ['muster-runtime', 'muster-agent'] })
    const arm = join(base, 'arm64')
    for (const name of ['muster-runtime', 'muster-agent'])
      await promisify(execFile)('dpkg-deb', ['-x', await packageFile(other, name), arm])
    const node = ['-L', '/usr/aarch64-linux-gnu', join(arm, 'usr/lib/muster-runtime/node')]
    const { stdout } = await promisify(execFile)('qemu-aarch64-static', [
      ...node,
      join(arm, 'usr/lib/muster-agent/muster-agent.mjs'),
      '--version',
    ])
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    // The addon is the other machine's as well.
    const addon = join(arm, 'usr/lib/muster-agent/better-sqlite3.linux-arm64.node')
    const probe = `process.dlopen({ exports: {} }, ${JSON.stringify(addon)}); console.log(process.arch)`
    expect((await promisify(execFile)('qemu-aarch64-static', [...node, '-e', probe])).stdout).toBe('arm64\n')
  })
})

/** A file of settings with everything switched on that stands behind a `#`; prose stands behind `# `. */
function switchedOn(file: string): unknown {
  return parse(
    read(file)
      .replaceAll(/^#(?! )/gm, '')
      .replaceAll(/^#(?= {2}\S)/gm, ''),
  )
}

describe('settings that packages bring', () => {
  const agent = 'packaging/conffiles/muster-agent/config.yaml'
  const policy = 'packaging/conffiles/muster-agent/policy.yaml'
  const controller = 'packaging/conffiles/muster-controller/config.yaml'

  it('of the agent are all there, change nothing, and show the default', () => {
    const shown = switchedOn(agent) as Record<string, unknown>

    expect(parse(read(agent))).toBeNull()
    expect(Object.keys(shown).toSorted()).toEqual(Object.keys(AgentConfig.properties).toSorted())
    expect(findings(AgentConfig, shown)).toEqual([])
    expect(shown).toMatchObject(DEFAULTS)
  })

  it('of the local policy are all there and deny nothing', async () => {
    expect(Object.keys(switchedOn(policy) as object).toSorted()).toEqual(Object.keys(PolicyFile.properties).toSorted())
    expect(findings(PolicyFile, switchedOn(policy))).toEqual([])
    expect(await parsePolicy(read(policy), policy)).toMatchObject({ deny: [], fault: undefined })
  })

  it('of the controller are all there, show the default, and name the one folder', async () => {
    const shown = switchedOn(controller) as Record<string, object>
    const file = join(ROOT, controller)

    expect(Object.keys(shown).toSorted()).toEqual(Object.keys(ControllerConfig.properties).toSorted())
    expect(Object.keys(shown.http ?? {}).toSorted()).toEqual(membersOf('http'))
    expect(Object.keys(shown.bus ?? {}).toSorted()).toEqual(membersOf('bus'))
    expect(findings(ControllerConfig, shown)).toEqual([])
    const dataDir = '/var/lib/muster-controller'
    expect(load([file], {})).toEqual({ dataDir })
    // Everything that is shown is what holds anyway; examples of what has no default aside.
    const {
      http,
      bus,
      memory: ____,
      ...rest
    } = shown as { http: Record<string, unknown>; bus: Record<string, unknown>; memory: object }
    const { url: _, certificate: __, ...plain } = http
    const { announce: ___, ...dialled } = bus
    expect(resolveConfig({ ...rest, http: plain, bus: dialled })).toEqual(resolveConfig({ dataDir }))
  })
})

function membersOf(name: 'http' | 'bus'): readonly string[] {
  const shape = ControllerConfig.properties[name]
  return Object.keys(shape.properties).toSorted()
}
