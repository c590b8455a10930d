// SPDX-License-Identifier: Apache-2.0
/** Blobs as files of one private folder. */
import { appendFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defineProblems } from '../../plugins/contract/index.ts'
import type { Blob, Blobs } from './blobs.ts'

export const problem = defineProblems({
  'blob-unknown': {
    status: 404,
    title: 'There is no stored file of that name',
    retry: 'never',
    next: 'list what is there, and copy the file into the folder of the controller first',
  },
})

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}(\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,200}){0,7}$/

export function directoryBlobs(dir: string): Blobs {
  const fileOf = (name: string): string => {
    if (!NAME.test(name)) throw problem('blob-unknown', name.slice(0, 100))
    return join(dir, name)
  }
  return {
    list: async prefix => {
      const folder = prefix === '' ? dir : fileOf(prefix)
      const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
      const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
      const sized = await Promise.all(
        files.map(async file => ({ name: file.slice(dir.length + 1), size: (await stat(file)).size })),
      )
      return sized.filter(({ name }) => NAME.test(name)).sort((one, other) => (one.name < other.name ? -1 : 1))
    },
    open: name => openBlob(fileOf(name), name),
    append: async (name, bytes) => {
      const file = fileOf(name)
      await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      await appendFile(file, bytes, { mode: 0o600 })
    },
    remove: name => rm(fileOf(name), { force: true }),
  }
}

async function openBlob(file: string, name: string): Promise<Blob> {
  const handle = await open(file, 'r').catch(() => {
    throw problem('blob-unknown', name)
  })
  const { size } = await handle.stat()
  return {
    size,
    read: async (offset, length) => {
      const { bytesRead, buffer } = await handle.read(
        Buffer.alloc(Math.min(length, size)),
        0,
        Math.min(length, size),
        offset,
      )
      return buffer.subarray(0, bytesRead)
    },
    close: () => handle.close(),
  }
}
