// SPDX-License-Identifier: Apache-2.0
/** The files of a simulated host: what its system shows, under what was written to its disk. */
import { problem } from '../agent/system/problems.ts'
import type { Files } from '../plugins/contract/index.ts'
import type { Storage } from './storage.ts'
import type { Tree } from './tree/tree.ts'

export type FilesOptions = {
  readonly tree: Tree
  readonly storage: Storage
  /** Throws when the host cannot be used just now. */
  readonly alive: () => void
  /** Throws when nothing more fits on the disk. */
  readonly room: (path: string) => void
}

/** Folders that are made anew at every boot. */
const VOLATILE = ['/run/', '/tmp/', '/proc/', '/sys/']
const READ_ONLY = ['/proc/', '/sys/']

/** Makes the files of one boot. A write is there in full or not at all, whenever the power goes. */
export function createFiles({ tree, storage, alive, room }: FilesOptions): Files {
  const bytes = (path: string): Uint8Array | undefined => {
    const written = storage.files.get(tree.canonical(path))
    if (written !== undefined) return written.content
    const found = tree.find(path)
    if (found?.kind === 'folder') throw refused(path, 'EISDIR')
    if (found === undefined) return undefined
    const content = typeof found.leaf === 'function' ? found.leaf() : found.leaf
    if (content === undefined) throw refused(path, 'EINVAL')
    return typeof content === 'string' ? Buffer.from(content) : content
  }
  return {
    async read(path) {
      alive()
      return bytes(path)
    },
    async text(path) {
      alive()
      const content = bytes(path)
      return content === undefined ? undefined : new TextDecoder().decode(content)
    },
    async list(path) {
      alive()
      return namesIn(path, tree, storage)
    },
    async link(path) {
      alive()
      return tree.link(path)
    },
    async replace(path, content, mode = 0o600) {
      alive()
      const target = tree.canonical(path)
      refuseReadOnly(target)
      room(target)
      storage.files.set(target, { mode, content: typeof content === 'string' ? Buffer.from(content) : content.slice() })
      if (!isVolatile(target)) storage.save()
    },
    async remove(path) {
      alive()
      const target = tree.canonical(path)
      refuseReadOnly(target)
      if (tree.find(target) === undefined) storage.files.delete(target)
      else storage.files.set(target, { mode: 0, content: undefined })
      if (!isVolatile(target)) storage.save()
    },
  }
}

/** Forgets what lay in folders that do not outlive a boot. */
export function forgetVolatile(storage: Storage): void {
  for (const path of storage.files.keys()) if (isVolatile(path)) storage.files.delete(path)
}

function namesIn(path: string, tree: Tree, storage: Storage): readonly string[] {
  const found = tree.find(path)
  const names = new Set(found?.kind === 'folder' ? found.names : [])
  const own = tree.canonical(path)
  const prefix = own === '/' ? '/' : `${own}/`
  for (const [written, { content }] of storage.files) {
    if (!written.startsWith(prefix)) continue
    const [name = '', below] = written.slice(prefix.length).split('/')
    if (content !== undefined) names.add(name)
    else if (below === undefined) names.delete(name)
  }
  return [...names].sort()
}

function isVolatile(path: string): boolean {
  return VOLATILE.some(folder => path.startsWith(folder))
}

function refuseReadOnly(path: string): void {
  if (READ_ONLY.some(folder => path.startsWith(folder))) throw refused(path, 'EACCES')
}

function refused(path: string, cause: string): Error {
  return problem('file-refused', `${path}: ${cause}`, { path, cause })
}
