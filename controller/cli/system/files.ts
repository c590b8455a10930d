// SPDX-License-Identifier: Apache-2.0
/** Files of the person who runs the command line; those with secrets are theirs alone. */
import { constants, createReadStream, type Stats } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Files, Stream } from '../ports.ts'
import { problem } from '../problems.ts'

/** Contexts are small; anything larger is not ours. */
const MAX_PRIVATE_BYTES = 1_048_576
const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700
const OTHERS = 0o077

export const files: Files = { readPrivate, writePrivate, read, open: openStream, exists, save }

async function readPrivate(path: string): Promise<string | undefined> {
  const handle = await openIfThere(path)
  if (handle === undefined) return undefined
  try {
    await refuseExposed(handle, path)
    return new TextDecoder().decode(await readAll(handle, path, MAX_PRIVATE_BYTES))
  } finally {
    await handle.close()
  }
}

/** Looks at the open file, not at the name, so that nobody can change what the name means in between. */
async function refuseExposed(handle: FileHandle, path: string): Promise<void> {
  // Windows has no such bits: access lists of the profile folder protect it there.
  if (process.platform === 'win32') return
  const { mode, uid } = await handle.stat()
  if ((mode & OTHERS) !== 0) {
    throw problem('context-file-exposed', `${path} has mode 0${(mode & 0o777).toString(8)}`)
  }
  const me = process.getuid?.()
  if (me !== undefined && uid !== me) throw problem('context-file-exposed', `${path} belongs to user ${uid}`)
}

async function writePrivate(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER })
  } catch (thrown) {
    throw unusable(path, thrown)
  }
  await save(path, [new TextEncoder().encode(text)])
}

async function read(path: string, maxBytes: number): Promise<Uint8Array> {
  const handle = await openIfThere(path)
  if (handle === undefined) throw problem('file-unusable', `${path}: there is no such file`)
  try {
    return await readAll(handle, path, maxBytes)
  } finally {
    await handle.close()
  }
}

async function readAll(handle: FileHandle, path: string, maxBytes: number): Promise<Uint8Array> {
  const room = Buffer.alloc(maxBytes + 1)
  let used = 0
  try {
    for (;;) {
      const { bytesRead } = await handle.read(room, used, room.length - used)
      if (bytesRead === 0) return room.subarray(0, used)
      used += bytesRead
      if (used > maxBytes) throw problem('file-unusable', `${path} is larger than ${maxBytes} bytes`)
    }
  } catch (thrown) {
    throw unusable(path, thrown)
  }
}

async function openStream(path: string): Promise<Stream> {
  let about: Stats
  try {
    about = await stat(path)
  } catch (thrown) {
    throw unusable(path, thrown)
  }
  if (!about.isFile()) throw problem('file-unusable', `${path} is not a file`)
  return { bytes: partsOf(path), sizeBytes: about.size }
}

/** Opens the file when it is first asked for a part, and closes it whatever happens. */
async function* partsOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path)
  } catch (thrown) {
    throw unusable(path, thrown)
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

async function save(path: string, bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  const passing = `${path}.${process.pid}.part`
  try {
    const { O_CREAT, O_EXCL, O_WRONLY } = constants
    await rm(passing, { force: true })
    const handle = await open(passing, O_CREAT | O_EXCL | O_WRONLY, PRIVATE_FILE)
    let size = 0
    try {
      for await (const part of bytes) {
        await handle.writeFile(part)
        size += part.byteLength
      }
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(passing, path)
    return size
  } catch (thrown) {
    await rm(passing, { force: true }).catch(() => undefined)
    throw unusable(path, thrown)
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR') return undefined
    throw unusable(path, thrown)
  }
}

/** What the operating system refused becomes a problem; what is one already, or came from elsewhere, stays. */
function unusable(path: string, thrown: unknown): unknown {
  const code = codeOf(thrown)
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return thrown
  return problem('file-unusable', `${path}: ${SAID[code] ?? code}`, undefined, thrown)
}

const SAID: Readonly<Record<string, string>> = {
  EACCES: 'you may not (EACCES)',
  EPERM: 'you may not (EPERM)',
  EROFS: 'it lies on a read-only file system (EROFS)',
  ENOSPC: 'the disk is full (ENOSPC)',
  EISDIR: 'it is a folder (EISDIR)',
  ENOENT: 'it does not exist, or its folder does not (ENOENT)',
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined
}
