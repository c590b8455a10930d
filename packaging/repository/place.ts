// SPDX-License-Identifier: Apache-2.0
/** Takes packages into a repository: each name and version once and for ever, rpm packages signed on the way. */
import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Found, placeOf, readDeb, readRpm } from './collect.ts'
import type { Keys } from './keys.ts'
import { run } from './tools.ts'

export type Placing = {
  readonly out: string
  readonly keys: Keys
  /** Seconds since 1970 that new files get as their time. */
  readonly epoch: number
}

/**
 * Copies a package to its place; `false` when it is there already. Throws an `Error` when another package of the same
 * name, version and architecture is there: machines may have it.
 */
export async function place(found: Found, placing: Placing): Promise<boolean> {
  const path = placeOf(found)
  const target = join(placing.out, path)
  if (existsSync(target)) {
    const there = await (found.format === 'deb' ? readDeb(target) : readRpm(target))
    if (there.identity === found.identity) return false
    throw new Error(
      `${found.name} ${found.version} for ${found.arch} is in the repository with other content (${path}); ` +
        'machines may have it, so give the new one a higher version',
    )
  }
  await mkdir(dirname(target), { recursive: true })
  // Not called `*.rpm`, so that nobody who lists packages meets a half of one.
  const part = `${target}.part`
  await rm(part, { force: true })
  await copyFile(found.file, part)
  if (found.format === 'rpm') await signRpm(part, placing.keys)
  await utimes(part, placing.epoch, placing.epoch)
  // A link fails where a file has come meanwhile; a rename would replace it.
  await link(part, target)
  await rm(part)
  return true
}

async function signRpm(file: string, { home, rpm }: Keys): Promise<void> {
  const defines = {
    __gpg: '/usr/bin/gpg',
    _gpg_path: home,
    _gpg_name: rpm,
    _gpg_digest_algo: 'sha256',
    _gpg_sign_cmd_extra_args: '--batch --no-tty',
  }
  const args = Object.entries(defines).flatMap(([name, value]) => ['--define', `${name} ${value}`])
  await run('rpmsign', [...args, '--resign', file])
}

/** Writes a file as a whole or not at all. */
export async function replace(target: string, write: (part: string) => Promise<void>): Promise<void> {
  const part = `${target}.part`
  await mkdir(dirname(target), { recursive: true })
  await write(part)
  await rename(part, target)
}

/** Names of the files of a folder, what was written last first. */
export async function newestFirst(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder)
  const dated = await Promise.all(names.map(async name => ({ name, at: (await stat(join(folder, name))).mtimeMs })))
  return dated.sort((one, other) => other.at - one.at).map(({ name }) => name)
}
