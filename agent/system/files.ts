// SPDX-License-Identifier: Apache-2.0
/** Files of the real machine. */
import { randomBytes } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, readlink, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Files } from '../../plugins/contract/index.ts'
import { problem as memory } from '../state/problems.ts'
import { problem } from './problems.ts'

const ABSENT: readonly string[] = ['ENOENT', 'ENOTDIR']
/** `readlink` on what is no link. */
const NO_LINK: readonly string[] = [...ABSENT, 'EINVAL']
const FULL: readonly string[] = ['ENOSPC', 'EDQUOT']
/** Some file systems cannot sync a folder; the rename is then as durable as they make it. */
const CANNOT_SYNC: readonly string[] = ['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM']

/**
 * Makes the files of this machine. What the operating system refuses is the problem `file-refused` (fields: path, cause)
 * or `disk-full`. `replace` makes missing folders, for the agent alone (0700), and files are 0600 unless said otherwise.
 */
export function createFiles(): Files {
  return {
    read: path => reading(path, ABSENT, () => readFile(path)),
    text: path => reading(path, ABSENT, () => readFile(path, 'utf8')),
    list: async path => (await reading(path, ABSENT, async () => (await readdir(path)).sort())) ?? [],
    link: path => reading(path, NO_LINK, () => readlink(path)),
    replace: (path, content, mode = 0o600) => writing(path, () => replaceFile(path, content, mode)),
    remove: path => writing(path, () => removeFile(path)),
  }
}

async function replaceFile(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeDurably(temporary, content, mode)
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
  await syncFolder(folder)
}

async function writeDurably(path: string, content: Uint8Array | string, mode: number): Promise<void> {
  // Exclusive, so that nobody's link or file of that name is written through.
  await using file = await open(path, 'wx', mode)
  await file.chmod(mode) // the umask may have taken bits away
  await file.writeFile(content)
  await file.sync()
}

async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path))
}

async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined
  try {
    folder = await open(path, 'r')
    await folder.sync()
  } catch (thrown) {
    const code = codeOf(thrown)
    if (!ABSENT.includes(code) && !CANNOT_SYNC.includes(code)) throw thrown
  } finally {
    await folder?.close()
  }
}

async function reading<T>(path: string, absent: readonly string[], act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (thrown) {
    if (absent.includes(codeOf(thrown))) return undefined
    throw refusal(path, thrown)
  }
}

async function writing(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (thrown) {
    throw refusal(path, thrown)
  }
}

function refusal(path: string, thrown: unknown): unknown {
  const cause = codeOf(thrown)
  if (cause === '') return thrown
  if (FULL.includes(cause)) return memory('disk-full', undefined, { path, cause }, thrown)
  return problem('file-refused', `${path}: ${cause}`, { path, cause }, thrown)
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
}
