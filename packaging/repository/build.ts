// SPDX-License-Identifier: Apache-2.0
/** Builds a repository for apt and one for rpm from a folder of packages, or adds to those that are there. */
import { copyFile, mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { indexApt, SUITE } from './apt.ts'
import { collect, type Found, placeOf, readDeb, readRpm, sha256Of } from './collect.ts'
import type { Keys } from './keys.ts'
import { place, replace } from './place.ts'
import { indexRpm } from './rpm.ts'
import { run } from './tools.ts'

export type Building = {
  /** Folder with `*.deb` and `*.rpm`. */
  readonly packages: string
  /** The repository: `apt`, `rpm`, `keys`, `kit` and `repository.json`. */
  readonly out: string
  readonly keys: Keys
  /** When it is made; the same time, packages and keys give the same bytes but for the signatures. */
  readonly at: Date
  /** Days after which machines no longer believe the indexes, so that nobody can hold back news for longer. */
  readonly validDays: number
  readonly say: (line: string) => void
}

export type Repository = { readonly added: number; readonly kept: number; readonly listing: Listing }

/** What `repository.json` holds: the controller and people read it, machines do not. */
export type Listing = {
  readonly v: 1
  readonly suite: string
  readonly at: string
  readonly validUntil: string
  /** Fingerprints of the keys. */
  readonly keys: { readonly apt: string; readonly rpm: string }
  /** SHA-256 of the files of the keys, by name. */
  readonly keyFiles: Readonly<Record<string, string>>
  readonly packages: readonly Listed[]
}
type Listed = {
  readonly format: 'deb' | 'rpm'
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly summary: string
}

const DAY_MS = 86_400_000
/** Scripts for machines, by their names in the repository: they go into kits, and may be fetched one by one. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'install.sh': '../repository/kit/install.sh',
  'oob-install.sh': '../oob-only/install.sh',
  'oob.env.example': '../oob-only/oob.env.example',
}

/**
 * Adds what is new, keeps what was there, writes indexes, signatures and keys anew. Throws an `Error` when there is
 * nothing to publish, a program is missing, a package would replace another, or somebody else is at it.
 */
export async function buildRepository(building: Building): Promise<Repository> {
  const { out, keys, at, validDays, say } = building
  const found = await collect(building.packages)
  if (found.length === 0) throw new Error(`there is no .deb and no .rpm in ${building.packages}`)
  const validUntil = new Date(at.getTime() + validDays * DAY_MS)
  return alone(out, async () => {
    let added = 0
    for (const each of found) {
      const isNew = await place(each, { out, keys, epoch: Math.floor(at.getTime() / 1_000) })
      if (isNew) added += 1
      say(`${isNew ? 'added' : 'there '}  ${each.name} ${each.version} ${each.arch} (${each.format})`)
    }
    await indexApt({ out, keys, at, validUntil })
    say('apt    indexes written and signed')
    await indexRpm({ out, keys, at })
    say('rpm    metadata written and signed')
    const keyFiles = await writeKeys(out, keys)
    for (const [name, from] of Object.entries(SCRIPTS))
      await replace(join(out, 'kit', name), part => copyFile(join(import.meta.dirname, from), part))
    await verify(out)
    const packages = await published(out)
    const listing: Listing = {
      v: 1,
      suite: SUITE,
      at: at.toISOString(),
      validUntil: validUntil.toISOString(),
      keys: { apt: keys.apt, rpm: keys.rpm },
      keyFiles,
      packages,
    }
    await replace(join(out, 'repository.json'), part => writeFile(part, `${JSON.stringify(listing, null, 2)}\n`))
    return { added, kept: packages.length - added, listing }
  })
}

async function writeKeys(out: string, keys: Keys): Promise<Readonly<Record<string, string>>> {
  const files = {
    'muster-archive-keyring.gpg': await keys.export('apt', false),
    'muster-archive-keyring.asc': await keys.export('apt', true),
    'muster-rpm.asc': await keys.export('rpm', true),
  }
  for (const [name, content] of Object.entries(files))
    await replace(join(out, 'keys', name), part => writeFile(part, content))
  const sums = await Promise.all(
    Object.keys(files).map(async name => [name, await sha256Of(join(out, 'keys', name))] as const),
  )
  return Object.fromEntries(sums)
}

/** Looks at the signature as a machine would. */
async function verify(out: string): Promise<void> {
  const keyring = join(out, 'keys/muster-archive-keyring.gpg')
  await run('gpgv', ['--keyring', keyring, join(out, 'apt/dists', SUITE, 'InRelease')])
}

/** Every package in the repository, in the order of its paths. */
async function published(out: string): Promise<readonly Listed[]> {
  const files = [...(await below(join(out, 'apt/pool'), '.deb')), ...(await below(join(out, 'rpm/packages'), '.rpm'))]
  const read = files.map(async (file): Promise<Listed> => {
    const found: Found = await (file.endsWith('.deb') ? readDeb(file) : readRpm(file))
    const { format, name, version, arch, bytes, summary } = found
    return { format, name, version, arch, path: placeOf(found), bytes, sha256: await sha256Of(file), summary }
  })
  return (await Promise.all(read)).sort((one, other) => (one.path < other.path ? -1 : 1))
}

async function below(folder: string, ending: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => join(entry.parentPath, entry.name))
}

/** Two at once would publish indexes that do not know each other's packages. */
async function alone<T>(out: string, act: () => Promise<T>): Promise<T> {
  await refuseForeign(out)
  await mkdir(out, { recursive: true })
  const lock = join(out, '.lock')
  const handle = await open(lock, 'wx').catch(async () => {
    const holder = Number(await readFile(lock, 'utf8').catch(() => ''))
    if (isAlive(holder)) throw new Error(`process ${holder} is writing ${out}: wait for it`)
    // Whoever held it has died; what it left unfinished is written anew.
    await rm(lock, { force: true })
    return open(lock, 'wx')
  })
  try {
    await handle.writeFile(String(process.pid))
    return await act()
  } finally {
    await handle.close()
    await rm(lock, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM'
  }
}

/** A folder with something else in it is left alone. */
async function refuseForeign(out: string): Promise<void> {
  const names = await readdir(out).catch((): string[] => [])
  const ours = ['apt', 'rpm', 'keys', 'kit', 'repository.json', '.lock']
  const strange = names.filter(name => !ours.includes(name) && !name.endsWith('.part'))
  if (strange.length > 0)
    throw new Error(`${out} holds ${strange[0]}, which is no part of a repository: name another --out`)
}
