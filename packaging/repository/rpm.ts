// SPDX-License-Identifier: Apache-2.0
/** The metadata dnf, zypper and yum read, signed as a whole. */
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Indexing } from './apt.ts'
import { newestFirst, replace } from './place.ts'
import { run } from './tools.ts'

/** Metadata of earlier builds that stays: its names carry their digests, and a machine may be reading it. */
const GENERATIONS_KEPT = 4
const FILES_OF_ONE = 3

/** Writes repodata for everything in rpm/packages; the file that names the others is replaced last, then its signature. */
export async function indexRpm({ out, keys, at }: Omit<Indexing, 'validUntil'>): Promise<void> {
  const root = join(out, 'rpm')
  await mkdir(join(root, 'packages'), { recursive: true })
  const seconds = String(Math.floor(at.getTime() / 1_000))
  const aside = await mkdtemp(join(root, '.new-'))
  try {
    await run('createrepo_c', [
      ...['--quiet', '--no-database', '--checksum', 'sha256', '--general-compress-type', 'gz'],
      ...['--revision', seconds, '--set-timestamp-to-revision', '--outputdir', aside, root],
    ])
    const fresh = join(aside, 'repodata')
    const index = await readFile(join(fresh, 'repomd.xml'))
    const signature = await keys.detach(index, 'rpm')
    await publish(fresh, join(root, 'repodata'), { index, signature })
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

type Head = { readonly index: Uint8Array; readonly signature: Uint8Array }

async function publish(from: string, to: string, { index, signature }: Head): Promise<void> {
  await mkdir(to, { recursive: true })
  const names = (await readdir(from)).filter(name => name !== 'repomd.xml')
  for (const name of names) await replace(join(to, name), part => copyFile(join(from, name), part))
  await writeFile(join(to, 'repomd.xml.part'), index)
  await writeFile(join(to, 'repomd.xml.asc.part'), signature)
  // Two files that belong together: between these two lines a machine may be told to try again.
  await rename(join(to, 'repomd.xml.part'), join(to, 'repomd.xml'))
  await rename(join(to, 'repomd.xml.asc.part'), join(to, 'repomd.xml.asc'))
  await forgetOldest(to, names)
}

async function forgetOldest(folder: string, present: readonly string[]): Promise<void> {
  const old = (await newestFirst(folder)).filter(name => /^[0-9a-f]{64}-/.test(name) && !present.includes(name))
  for (const name of old.slice((GENERATIONS_KEPT - 1) * FILES_OF_ONE)) await rm(join(folder, name))
}
