// SPDX-License-Identifier: Apache-2.0
/** Replaces files by the few calls that Node's permission model lets a plugin's process make. */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Files } from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'

/**
 * The machine's files with a `replace` of its own: the permission model refuses to change the mode of an open file, and
 * to touch the folder around a granted file. Where that folder may not be opened it is not synced: a replaced file is
 * then whole, old or new, after a loss of power, but may be the old one.
 */
export function permittedFiles(files: Files): Files {
  return { ...files, replace }
}

async function replace(path: string, content: Uint8Array | string, mode = 0o600): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeWithFolder(temporary, content)
    await chmod(temporary, mode)
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => {}) // it may never have come to be
    throw problem('plugin-file', codeOf(thrown), { path, cause: codeOf(thrown) }, thrown)
  }
  await syncFolder(dirname(path))
}

async function writeWithFolder(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeNew(path, content)
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeNew(path, content)
  }
}

async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(content)
  await file.sync()
}

async function syncFolder(path: string): Promise<void> {
  try {
    await using folder = await open(path, 'r')
    await folder.sync()
  } catch (thrown) {
    if (codeOf(thrown) !== 'ERR_ACCESS_DENIED') throw thrown
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
}
