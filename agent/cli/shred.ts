// SPDX-License-Identifier: Apache-2.0
/** Overwrites files and removes them, as far as a program can. */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'

const CHUNK_BYTES = 65_536

/**
 * Overwrites every file below a folder once, then removes it; the folders go with their files. Links are removed and not
 * followed. Gives how many files went. Flash, snapshots and journalling file systems keep older copies of a block, which
 * no program can reach: what the files held must be worth nothing any more, and that the controller sees to.
 */
export async function shredFolder(dir: string): Promise<number> {
  const present = await lstat(dir).catch(() => undefined)
  if (present === undefined) return 0
  let shredded = 0
  if (present.isDirectory()) {
    for (const name of await readdir(dir)) shredded += await shredFolder(join(dir, name))
    // The folder of a package belongs to its unit, and may lie in one that we may not write.
    await rmdir(dir).catch(() => undefined)
    return shredded
  }
  if (present.isFile()) await overwrite(dir)
  await rm(dir, { force: true })
  return 1
}

async function overwrite(path: string): Promise<void> {
  await using file = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW)
  const { size } = await file.stat()
  for (let at = 0; at < size; at += CHUNK_BYTES) {
    await file.write(randomBytes(Math.min(CHUNK_BYTES, size - at)), undefined, undefined, at)
  }
  await file.sync()
}
