// SPDX-License-Identifier: Apache-2.0
/** The repository on disk: its listing, and its files, none of which may lie outside its folder. */
import { constants } from 'node:fs'
import { type FileHandle, open, readFile, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { check } from '../../../plugins/contract/index.ts'
import type { Version } from './asked.ts'

const Listing = Type.Object({
  v: Type.Literal(1),
  suite: Type.String(),
  at: Type.String(),
  validUntil: Type.String(),
  keys: Type.Object({
    apt: Type.String({ pattern: '^[0-9A-F]{40}$' }),
    rpm: Type.String({ pattern: '^[0-9A-F]{40}$' }),
  }),
  keyFiles: Type.Record(Type.String(), Type.String({ pattern: '^[0-9a-f]{64}$' })),
  packages: Type.Array(
    Type.Object({
      format: Type.Enum(['deb', 'rpm']),
      name: Type.String(),
      version: Type.String(),
      arch: Type.String(),
      path: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String(),
      summary: Type.String(),
    }),
  ),
})
export type Listing = Static<typeof Listing>

export interface Opened extends Version {
  /** The bytes from an offset; closes the file when it has ended. */
  read(from: number, length: number): Readable
  close(): Promise<void>
}

export interface Repository {
  /** What was published last; `undefined` while nothing was. */
  listing(): Promise<Listing | undefined>
  /** A file by a sound path; `undefined` when there is none of that name inside the folder. */
  open(path: string): Promise<Opened | undefined>
  bytes(path: string): Promise<Uint8Array | undefined>
}

/** Reads a folder that somebody else writes, at any time: nothing of it is kept. */
export function repositoryIn(dir: string): Repository {
  return {
    listing: async () => {
      const text = await readFile(join(dir, 'repository.json'), 'utf8').catch(() => undefined)
      return text === undefined ? undefined : check(Listing, JSON.parse(text), 'repository')
    },
    open: path => openInside(dir, path),
    bytes: async path => {
      const opened = await openInside(dir, path)
      if (opened === undefined) return undefined
      if (opened.size === 0) await opened.close()
      const parts: Buffer[] = []
      // Bytes, for want of an encoding.
      if (opened.size > 0) for await (const part of opened.read(0, opened.size)) parts.push(part as Buffer)
      return Buffer.concat(parts)
    },
  }
}

async function openInside(dir: string, path: string): Promise<Opened | undefined> {
  try {
    const [inside, real] = [await realpath(dir), await realpath(join(dir, path))]
    if (!real.startsWith(inside + sep)) return undefined
    // Without O_NONBLOCK a pipe would hold a thread until somebody writes.
    const handle = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
    return await describe(handle)
  } catch {
    return undefined
  }
}

async function describe(handle: FileHandle): Promise<Opened | undefined> {
  const stat = await handle.stat({ bigint: true })
  if (!stat.isFile()) {
    await handle.close()
    return undefined
  }
  const size = Number(stat.size)
  return {
    size,
    // An index is replaced by another file, so its number changes even where its time does not.
    etag: `"${[stat.ino, stat.size, stat.mtimeNs].map(each => each.toString(36)).join('-')}"`,
    lastModified: new Date(Number(stat.mtimeMs)).toUTCString(),
    read: (from, length) =>
      handle.createReadStream({ start: from, end: from + length - 1, highWaterMark: 65_536, autoClose: true }),
    close: () => handle.close(),
  }
}
