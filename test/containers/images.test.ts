// SPDX-License-Identifier: Apache-2.0
/** The images: the same bytes each time, nothing in them that they do not need, and a fleet that really comes up. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeFor } from '../../packaging/build/packages/runtime.ts'
import { buildImages } from '../../packaging/container/build.ts'
import { basePackages } from '../../packaging/container/debian.ts'
import type { ImageName } from '../../packaging/container/images.ts'
import { type Entry, entriesIn } from '../../packaging/container/tar.ts'
import { ROOT } from '../arch/tree.ts'
import { type ContainerFleet, containerFleet } from '../support/container-fleet.ts'
import { type Engine, startEngine, whyNoEngine } from '../support/engines.ts'

const EPOCH = 1_700_000_000
const USER = 65_532
const out = mkdtempSync(join(tmpdir(), 'muster-images-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

const cache = join(ROOT, 'node_modules/.cache/images')

function sourceOf(architecture: 'amd64' | 'arm64') {
  const offline = existsSync(join(cache, `debian-${architecture}/debs`))
  return { cache, offline, mirror: process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org', architecture }
}

function built(images: readonly ImageName[], folder: string, architecture: 'amd64' | 'arm64' = 'amd64') {
  const target = { root: ROOT, out: join(out, folder), images, architectures: [architecture] }
  return buildImages({ ...target, version: '0.1.0', epoch: EPOCH, source: sourceOf(architecture) })
}

/** What comes from outside: without it there is nothing to test, and a build that fails although it is there has failed. */
async function canBeBuilt(architecture: 'amd64' | 'arm64'): Promise<boolean> {
  try {
    await basePackages(sourceOf(architecture))
    await runtimeFor(ROOT, architecture, join(cache, 'runtime'))
    return true
  } catch (thrown) {
    process.stderr.write(
      `no images of ${architecture} here, their tests are skipped: ${String(thrown).slice(0, 300)}\n`,
    )
    return false
  }
}

const NAMES = ['controller', 'agent', 'simulator'] as const
const images = (await canBeBuilt('amd64')) ? await built(NAMES, 'first') : []
const arm = images.length > 0 && (await canBeBuilt('arm64')) ? await built(['agent'], 'arm', 'arm64') : []

type Opened = { readonly config: any; readonly layers: readonly Buffer[]; readonly files: ReadonlyMap<string, Entry> }

/** Opens an archive as `docker load` would, and lays its layers over each other. */
function opened(file: string): Opened {
  const archive = new Map(entriesIn(readFileSync(file)).map(entry => [entry.path, entry]))
  const blob = (path: string): Buffer => {
    const entry = archive.get(path)
    if (entry?.kind !== 'file') throw new Error(`${file} has no ${path}`)
    return Buffer.from(entry.content)
  }
  const [listed] = JSON.parse(blob('manifest.json').toString())
  const layers: Buffer[] = listed.Layers.map((path: string) => gunzipSync(blob(path)))
  const files = new Map(layers.flatMap(layer => entriesIn(layer)).map(entry => [entry.path, entry]))
  return { config: JSON.parse(blob(listed.Config).toString()), layers, files }
}

function textOf(entry: Entry | undefined): string {
  return entry?.kind === 'file' ? Buffer.from(entry.content).toString() : ''
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

describe.skipIf(images.length === 0)('an image', () => {
  const byName = new Map(images.map(({ file }, index) => [NAMES[index]!, opened(file)]))

  it('is the same, bit for bit, when it is built again somewhere else', async () => {
    const [again] = await built(['agent'], 'second')

    expect(again?.file).not.toBe(images[1]?.file)
    expect(again?.sha256).toBe(images[1]?.sha256)
    expect(sha256(readFileSync(again!.file))).toBe(images[1]?.sha256)
  })

  it.each(NAMES)('of the %s is one that its own digests describe', name => {
    const file = images[NAMES.indexOf(name)]!.file
    const entries = entriesIn(readFileSync(file))
    const blobs = entries.filter(entry => entry.path.startsWith('blobs/sha256/') && entry.kind === 'file')
    const { config, layers } = byName.get(name)!
    const index = JSON.parse(textOf(entries.find(entry => entry.path === 'index.json')))
    const manifest = JSON.parse(textOf(entries.find(entry => entry.path.endsWith(index.manifests[0].digest.slice(7)))))

    expect(blobs).toHaveLength(5)
    for (const blob of blobs)
      expect(sha256(blob.kind === 'file' ? blob.content : Buffer.of())).toBe(basename(blob.path))
    expect(config.rootfs.diff_ids).toEqual(layers.map(layer => `sha256:${sha256(layer)}`))
    expect(manifest.layers).toHaveLength(3)
    expect(config.created).toBe(new Date(EPOCH * 1_000).toISOString())
  })

  it.each(NAMES)('of the %s has no shell, no package manager and nothing that gives privileges', name => {
    const { files } = byName.get(name)!
    const programs = [...files.values()].filter(
      ({ kind, mode, path }) => kind === 'file' && (mode & 0o111) !== 0 && !/\.so(\.|$)/.test(path),
    )

    expect(programs.map(({ path }) => path).filter(path => !/^usr\/(lib\/muster-|bin\/muster)/.test(path))).toEqual([])
    expect(
      [...files.values()]
        .filter(each => each.kind !== 'folder')
        .map(each => each.path)
        .filter(path => /(^|\/)(sh|bash|dash|busybox|perl|apt|apt-get|dpkg|su|sudo|mount)$/.test(path)),
    ).toEqual([])
    expect([...files.values()].filter(({ mode }) => (mode & 0o6000) !== 0)).toEqual([])
    expect(
      [...files.values()].filter(({ kind, mode }) => kind !== 'link' && (mode & 0o002) !== 0).map(each => each.path),
    ).toEqual(['tmp'])
    expect(textOf(files.get('etc/passwd'))).not.toMatch(/:\/bin\//)
  })

  it.each(NAMES)('of the %s starts a program that is in it, as a user without rights', name => {
    const { config, files } = byName.get(name)!
    const { User, Entrypoint, Volumes, Healthcheck, StopSignal, Labels } = config.config

    expect(User).toBe(`${USER}:${USER}`)
    expect(files.get(Entrypoint[0].slice(1))?.mode).toBe(0o755)
    expect(files.has(Entrypoint.at(-1).slice(1))).toBe(true)
    expect(Object.keys(Volumes)).toEqual([`/var/lib/muster-${name}`])
    expect(Healthcheck.Test.slice(1, 3).every((path: string) => files.has(path.slice(1)))).toBe(true)
    expect(StopSignal).toBe('SIGTERM')
    expect(Labels).toMatchObject({
      'org.opencontainers.image.version': '0.1.0',
      'org.opencontainers.image.licenses': 'Apache-2.0',
    })
  })

  it.each(NAMES)('of the %s says what it is made of: packages of Debian and npm, and all their licences', name => {
    const { files } = byName.get(name)!
    const bom = JSON.parse(textOf(files.get('usr/share/doc/muster/sbom.cdx.json')))
    const purls: readonly string[] = bom.components.map((each: { purl?: string }) => each.purl ?? '')
    const packages = [...files.keys()]
      .filter(path => path.startsWith('var/lib/dpkg/status.d/'))
      .map(path => basename(path))

    expect(purls).toEqual(
      expect.arrayContaining([expect.stringMatching(/^pkg:deb\/debian\/libc6@/), expect.stringMatching(/^pkg:npm\//)]),
    )
    expect(bom.components).toContainEqual(expect.objectContaining({ name: 'node' }))
    expect(packages.length).toBeGreaterThan(6)
    for (const each of packages)
      expect(purls.some(purl => purl.startsWith(`pkg:deb/debian/${encodeURIComponent(each)}@`))).toBe(true)
    expect([...files.keys()].filter(path => path.endsWith('THIRD-PARTY-NOTICES.txt'))).not.toEqual([])
    expect(textOf(files.get('usr/share/doc/libc6/copyright'))).toContain('GNU C Library')
    expect(textOf(files.get('usr/share/doc/muster-runtime/LICENSE'))).toContain('Node.js')
    expect(textOf(files.get('etc/ssl/certs/ca-certificates.crt')).match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(
      100,
    )
  })

  it('is small', () => {
    for (const { file, sizeBytes } of images)
      expect({ file: basename(file), small: sizeBytes < 60e6 }).toMatchObject({ small: true })
  })

  it('of another machine has its binaries, and only those', { skip: arm.length === 0 }, () => {
    const AARCH64 = 183
    const { config, files } = opened(arm[0]!.file)
    const machine = (path: string): number =>
      Buffer.from((files.get(path) as { content: Uint8Array }).content).readUInt16LE(18)
    const addons = [...files.keys()].filter(path => path.endsWith('.node'))

    expect(config.architecture).toBe('arm64')
    expect(addons.map(path => basename(path))).toEqual(['better-sqlite3.linux-arm64.node'])
    for (const path of ['usr/lib/muster-runtime/node', 'usr/lib/aarch64-linux-gnu/libc.so.6', ...addons])
      expect(machine(path)).toBe(AARCH64)
  })
})

const missing = images.length === 0 ? 'there are no images' : whyNoEngine('docker')
if (missing !== undefined) process.stderr.write(`no fleet in containers here, its tests are skipped: ${missing}\n`)

describe.skipIf(missing !== undefined)('a fleet in containers', () => {
  const AGENTS = 5
  let engine: Engine | undefined
  let fleet: ContainerFleet
  beforeAll(async () => {
    engine = await startEngine('docker')
    for (const { file } of images) await engine.docker(['load', '-q', '-i', file])
    const env = { MUSTER_AGENTS: String(AGENTS), MUSTER_AGENT_JITTER_MS: '1000', MUSTER_SIMULATED_HOSTS: '5' }
    fleet = containerFleet(engine, env)
  })
  afterAll(async () => engine?.close())

  it('comes up by the compose file, and the controller says that everybody is there', async () => {
    const began = performance.now()
    await fleet.compose('up', '-d')
    await fleet.signIn()
    await fleet.until(AGENTS, began, 100)

    expect(await fleet.online()).toHaveLength(AGENTS)
  })

  it('runs without rights, on a root file system that cannot be written', async () => {
    const inspect = `const { readFileSync, writeFileSync } = require('node:fs')
      let wrote = true
      try { writeFileSync('/usr/lib/x', '') } catch (thrown) { wrote = thrown.code }
      const status = readFileSync('/proc/1/status', 'utf8')
      console.log(JSON.stringify([wrote, /CapEff:\\s+(\\w+)/.exec(status)[1], /NoNewPrivs:\\s+(\\d)/.exec(status)[1], process.getuid()]))`
    for (const service of ['controller', 'agent']) {
      const said = await fleet.compose('exec', '-T', service, '/usr/lib/muster-runtime/node', '-e', inspect)
      expect(JSON.parse(said)).toEqual(['EROFS', '0'.repeat(16), '1', USER])
    }
  })

  it('is healthy where it should be, by the probes in the images', async () => {
    const probe = (service: string): Promise<string> =>
      fleet.compose(
        'exec',
        '-T',
        service,
        '/usr/lib/muster-runtime/node',
        '/usr/lib/muster-container/probe.mjs',
        service,
      )

    expect(await probe('controller')).toContain('200')
    expect(await probe('agent')).toContain('online')
  })

  it('keeps its hosts over a restart of everything', async () => {
    const before = [...(await fleet.online())].sort()
    const began = performance.now()
    await fleet.compose('restart', '--timeout', '10', 'controller', 'agent')
    await fleet.until(AGENTS, began, 100)

    expect([...(await fleet.online())].sort()).toEqual(before)
    expect((await fleet.inController('muster', 'host', 'ls', '-o', 'name')).trim().split('\n')).toHaveLength(AGENTS)
  })

  it('takes a simulated fleet beside it', async () => {
    const began = performance.now()
    await fleet.compose('--profile', 'simulator', 'up', '-d', 'simulator')
    await fleet.until(AGENTS + 5, began, 100)

    expect(await fleet.online()).toHaveLength(AGENTS + 5)
  })

  it('stops when it is asked to, every program by itself', async () => {
    await fleet.compose('--profile', 'simulator', 'stop')
    const states = (await fleet.compose('--profile', 'simulator', 'ps', '-a', '--format', '{{.Service}} {{.ExitCode}}'))
      .trim()
      .split('\n')

    // 130 is what the simulator says when it was interrupted; 137 would be a kill.
    expect(new Set(states)).toEqual(new Set(['controller 0', 'token 0', 'agent 0', 'simulator 0']))
    await fleet.compose('--profile', 'simulator', 'down', '--volumes')
    expect(await engine?.docker(['ps', '-aq'])).toBe('')
    expect(await engine?.docker(['volume', 'ls', '-q'])).toBe('')
  })
})

describe.skipIf(missing !== undefined)('an engine of the tests', () => {
  it('leaves no process behind when its owner is killed', async () => {
    const script = `const { startEngine } = await import('./test/support/engines.ts'); await startEngine('docker'); console.log('up'); setInterval(() => {}, 1e6)`
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise(resolve => owner.stdout.once('data', resolve))
    const folder = `muster-engine-${owner.pid}-docker`
    const processes = (): readonly string[] =>
      readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && commandOf(pid).includes(`${folder}/`))
    expect(processes().length).toBeGreaterThan(1)

    owner.kill('SIGKILL')
    for (let tries = 0; tries < 50 && processes().length > 0; tries++) await after(100)

    expect(processes()).toEqual([])
    rmSync(join(tmpdir(), folder), { recursive: true, force: true })
  })
})

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
