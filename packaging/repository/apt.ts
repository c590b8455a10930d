// SPDX-License-Identifier: Apache-2.0
/** The indexes apt reads: Packages for each architecture, by name and by hash, and the signed Release. */
import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Keys } from './keys.ts'
import { newestFirst, replace } from './place.ts'
import { run } from './tools.ts'

export const SUITE = 'stable'
const COMPONENT = 'main'
export const DEB_ARCHES = ['amd64', 'arm64'] as const
/** Indexes of earlier builds that stay under their hashes: a machine may hold the Release before this one. */
const GENERATIONS_KEPT = 4
const KINDS = 3

export type Indexing = {
  readonly out: string
  readonly keys: Keys
  readonly at: Date
  readonly validUntil: Date
}

type Index = { readonly path: string; readonly content: Uint8Array }

/** Writes the indexes of everything in the pool; the signed file that makes them count comes last. */
export async function indexApt({ out, keys, at, validUntil }: Indexing): Promise<void> {
  const root = join(out, 'apt')
  await mkdir(join(root, 'pool', COMPONENT), { recursive: true })
  const indexes: Index[] = []
  for (const arch of DEB_ARCHES) indexes.push(...(await packagesOf(root, arch)))
  const dist = join(root, 'dists', SUITE)
  for (const { path, content } of indexes) await addByHash(join(dist, path), content)
  for (const { path, content } of indexes) await replace(join(dist, path), part => writeFile(part, content))
  const release = releaseText(indexes, { at, validUntil })
  const [inline, beside] = [await keys.clearsign(release), await keys.detach(Buffer.from(release), 'apt')]
  await replace(join(dist, 'Release'), part => writeFile(part, release))
  await replace(join(dist, 'Release.gpg'), part => writeFile(part, beside))
  await replace(join(dist, 'InRelease'), part => writeFile(part, inline))
  await forgetOldest(dist)
}

async function packagesOf(root: string, arch: string): Promise<readonly Index[]> {
  const text = (await run('apt-ftparchive', ['--arch', arch, 'packages', 'pool'], { cwd: root })).toString()
  const plain = Buffer.from(sortStanzas(text))
  const folder = `${COMPONENT}/binary-${arch}`
  return [
    { path: `${folder}/Packages`, content: plain },
    { path: `${folder}/Packages.gz`, content: gzipSync(plain, { level: 9 }) },
    { path: `${folder}/Packages.xz`, content: await run('xz', ['-6', '-T1', '-c'], { input: plain }) },
  ]
}

/** Descriptions of packages in one order, whatever order the folder was read in. */
export function sortStanzas(text: string): string {
  const stanzas = text.split(/\n\n+/).filter(each => each.trim() !== '')
  const keyed = stanzas.map(stanza => ({ stanza: stanza.trim(), key: /^Filename: (.*)$/m.exec(stanza)?.[1] ?? '' }))
  keyed.sort((one, other) => (one.key < other.key ? -1 : 1))
  return keyed.map(({ stanza }) => `${stanza}\n\n`).join('')
}

/** What is signed: when it was made, how long it counts, and the digest of each index. */
export function releaseText(indexes: readonly Index[], { at, validUntil }: { at: Date; validUntil: Date }): string {
  const lines = indexes.map(({ path, content }) => ` ${sha256(content)} ${String(content.length).padStart(10)} ${path}`)
  return [
    'Origin: Muster',
    'Label: Muster',
    `Suite: ${SUITE}`,
    `Codename: ${SUITE}`,
    `Date: ${rfc1123(at)}`,
    `Valid-Until: ${rfc1123(validUntil)}`,
    `Architectures: ${DEB_ARCHES.join(' ')}`,
    `Components: ${COMPONENT}`,
    'Description: Muster, edge fleet management',
    'Acquire-By-Hash: yes',
    'SHA256:',
    ...lines,
    '',
  ].join('\n')
}

const rfc1123 = (time: Date): string => time.toUTCString().replace('GMT', '+0000')

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

async function addByHash(file: string, content: Uint8Array): Promise<void> {
  await replace(join(file, '..', 'by-hash', 'SHA256', sha256(content)), part => writeFile(part, content))
}

async function forgetOldest(dist: string): Promise<void> {
  for (const arch of DEB_ARCHES) {
    const folder = join(dist, COMPONENT, `binary-${arch}`, 'by-hash', 'SHA256')
    for (const name of (await newestFirst(folder)).slice(GENERATIONS_KEPT * KINDS)) await rm(join(folder, name))
  }
}
