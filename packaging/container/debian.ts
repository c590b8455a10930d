// SPDX-License-Identifier: Apache-2.0
/** The base of the images: files of a handful of Debian packages, fetched and checked by apt, and no shell among them. */
import { execFile } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Architecture } from '../build/packages/package.ts'
import { run } from '../build/packages/run.ts'
import { type Entry, entriesIn } from './tar.ts'

/** What a Node needs, what a TLS client needs, and what says where the rest comes from. */
const PACKAGES = [
  'base-files',
  'ca-certificates',
  'gcc-12-base',
  'libc6',
  'libgcc-s1',
  'libstdc++6',
  'netbase',
  'tzdata',
]

/** The user in the images; the number is that of other images without a distribution's users. */
export const USER = 65_532

export type DebianPackage = { readonly name: string; readonly version: string; readonly entries: readonly Entry[] }

export type Source = {
  readonly architecture: Architecture
  /** Where packages and apt's lists are kept. */
  readonly cache: string
  /** Ask nobody: only what an earlier build has fetched. */
  readonly offline: boolean
  /** Address of a mirror with `debian` and `debian-security` below it. */
  readonly mirror: string
}

const TRIPLETS: Readonly<Record<Architecture, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/** Fetches the packages into the cache, newest of the release, or takes those that are there. */
export async function basePackages(source: Source): Promise<readonly DebianPackage[]> {
  const folder = join(source.cache, `debian-${source.architecture}`)
  const debs = join(folder, 'debs')
  if (!source.offline) await fetch(source, folder, debs)
  const files = (await readdir(debs).catch(() => [])).filter(file => file.endsWith('.deb')).sort()
  const packages = await Promise.all(files.map(file => read(join(debs, file))))
  const missing = PACKAGES.filter(name => !packages.some(each => each.name === name))
  if (missing.length > 0) throw new Error(`${debs} has no ${missing.join(', ')}: build once without --offline`)
  return packages
}

/** A root of apt's own, so that the machine's sources and its architecture do not matter. */
async function fetch({ architecture, mirror }: Source, folder: string, debs: string): Promise<void> {
  await rm(debs, { recursive: true, force: true })
  for (const part of ['etc/apt/preferences.d', 'lists/partial', 'cache/archives/partial', 'debs'])
    await mkdir(join(folder, part), { recursive: true })
  const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  const lines = [
    `deb ${key} ${mirror}/debian bookworm main`,
    `deb ${key} ${mirror}/debian bookworm-updates main`,
    `deb ${key} ${mirror}/debian-security bookworm-security main`,
  ]
  await writeFile(join(folder, 'etc/apt/sources.list'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'status'), '')
  const settings = {
    'Dir::Etc': join(folder, 'etc/apt'),
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': '',
    'Acquire::Languages': 'none',
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`])
  await run(['apt-get', '-q', ...options, 'update'])
  await run(['apt-get', '-q', ...options, 'download', ...PACKAGES], { cwd: debs })
}

async function read(file: string): Promise<DebianPackage> {
  const [, name = '', version = ''] =
    /^Package: (\S+)\nVersion: (\S+)$/m.exec(await run(['dpkg-deb', '--field', file, 'Package', 'Version'])) ?? []
  const { stdout } = await promisify(execFile)('dpkg-deb', ['--fsys-tarfile', file], {
    encoding: 'buffer',
    maxBuffer: 256 * 1_048_576,
  })
  return { name, version, entries: entriesIn(stdout) }
}

/** The files of the base: libraries, zones, names of services, certificates of authorities, licences, one user. */
export function baseEntries(packages: readonly DebianPackage[], architecture: Architecture): readonly Entry[] {
  const kept = new Map<string, Entry>()
  for (const { entries } of packages)
    for (const entry of entries.map(merged))
      if (isWanted(entry.path, TRIPLETS[architecture]) && entry.kind !== 'folder') kept.set(entry.path, entry)
  const text = (path: string, content: string): Entry => ({
    path,
    mode: 0o644,
    kind: 'file',
    content: Buffer.from(content),
  })
  return [
    ...kept.values(),
    ...['lib', 'lib64'].map((path): Entry => ({ path, mode: 0o777, kind: 'link', target: `usr/${path}` })),
    ...['dev', 'proc', 'sys', 'run', 'var/lib'].map((path): Entry => ({ path, mode: 0o755, kind: 'folder' })),
    { path: 'tmp', mode: 0o1777, kind: 'folder' },
    // A new volume takes its owner from the folder it covers; here controller and agents pass a join token.
    { path: 'var/lib/muster-join', mode: 0o700, kind: 'folder', owner: USER },
    text('etc/passwd', `root:x:0:0:root:/:/nonexistent\nmuster:x:${USER}:${USER}:Muster:/tmp:/nonexistent\n`),
    text('etc/group', `root:x:0:\nmuster:x:${USER}:\n`),
    text('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n'),
    text('etc/ssl/certs/ca-certificates.crt', authorities(packages)),
    // Where scanners look for the packages of an image that has no package manager.
    ...packages.map(({ name, version }) =>
      text(`var/lib/dpkg/status.d/${name}`, `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\n`),
    ),
  ]
}

/** Packages of this release still say /lib for what lies in /usr/lib. */
function merged(entry: Entry): Entry {
  return { ...entry, path: entry.path.replace(/^(lib|lib64)\//, 'usr/$1/') }
}

function isWanted(path: string, triplet: string): boolean {
  if (/\/(audit|gconv|coreutils|perl-base)\//.test(path)) return false
  return (
    (path.startsWith(`usr/lib/${triplet}/`) && /\.so(\.|$)/.test(path)) ||
    /^usr\/lib(64)?\/ld-linux[^/]*$/.test(path) ||
    /^usr\/share\/zoneinfo\/(?!right\/|posix\/)/.test(path) ||
    /^usr\/share\/doc\/[^/]+(\/copyright)?$/.test(path) ||
    path.startsWith('usr/share/common-licenses/') ||
    ['etc/os-release', 'usr/lib/os-release', 'etc/debian_version'].includes(path) ||
    ['etc/protocols', 'etc/services', 'etc/rpc', 'etc/ethertypes'].includes(path)
  )
}

/** What the package's own script would write when it is installed: all certificates in one file. */
function authorities(packages: readonly DebianPackage[]): string {
  const files = packages.flatMap(({ entries }) =>
    entries.filter(each => /^usr\/share\/ca-certificates\/.*\.crt$/.test(each.path)),
  )
  return files
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(each => (each.kind === 'file' ? Buffer.from(each.content).toString('latin1').trimEnd() : ''))
    .join('\n')
    .concat('\n')
}

/** The packages as components of a bill of materials (CycloneDX 1.5). */
export function debianComponents(packages: readonly DebianPackage[], architecture: Architecture): readonly object[] {
  return packages.map(({ name, version }) => {
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`
    return { 'bom-ref': purl, type: 'library', name, version, purl }
  })
}
