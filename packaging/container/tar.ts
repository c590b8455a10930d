// SPDX-License-Identifier: Apache-2.0
/** Reads and writes tar archives in memory, with nothing in them that knows when or by whom they were made. */

export type Node =
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string }

export type Entry = Node & {
  /** Without a slash at either end. */
  readonly path: string
  readonly mode: number
  /** User and group; root unless said otherwise. */
  readonly owner?: number
}

const BLOCK = 512
const KINDS = { '0': 'file', '\0': 'file', '1': 'hard', '2': 'link', '5': 'folder' } as const
const TYPES = { file: '0', link: '2', folder: '5' } as const

/** Writes entries in the order of their paths, with the folders above them, each once. Throws on a path given twice. */
export function tarOf(entries: readonly Entry[], epoch: number): Buffer {
  const all = new Map<string, Entry>()
  for (const entry of entries) {
    const present = all.get(entry.path)
    if (present !== undefined && (present.kind !== 'folder' || entry.kind !== 'folder'))
      throw new Error(`${entry.path} is in one layer twice`)
    all.set(entry.path, entry)
  }
  for (const { path } of entries)
    for (const above of foldersAbove(path))
      if (!all.has(above)) all.set(above, { path: above, kind: 'folder', mode: 0o755 })
  const sorted = [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
  const parts = sorted.flatMap(entry => [
    headerOf(entry, epoch),
    ...(entry.kind === 'file' ? padded(entry.content) : []),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, index) => names.slice(0, index + 1).join('/'))
}

function padded(content: Uint8Array): readonly Uint8Array[] {
  return [content, Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)]
}

/** A header of POSIX.1-1988 (ustar); every reader of images knows it. */
function headerOf(entry: Entry, epoch: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const put = (text: string, offset: number, room: number): void => {
    if (Buffer.byteLength(text) > room) throw new Error(`${entry.path} does not fit into a header of tar`)
    header.write(text, offset, 'utf8')
  }
  const number = (value: number, offset: number, digits: number): void =>
    put(value.toString(8).padStart(digits, '0'), offset, digits)
  const { name, prefix } = split(entry.kind === 'folder' ? `${entry.path}/` : entry.path)
  put(name, 0, 100)
  number(entry.mode, 100, 7)
  number(entry.owner ?? 0, 108, 7)
  number(entry.owner ?? 0, 116, 7)
  number(entry.kind === 'file' ? entry.content.length : 0, 124, 11)
  number(epoch, 136, 11)
  put(TYPES[entry.kind], 156, 1)
  if (entry.kind === 'link') put(entry.target, 157, 100)
  put('ustar\x0000', 257, 8)
  put(prefix, 345, 155)
  const sum = header.reduce((total, byte) => total + byte, 8 * 0x20)
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8)
  return header
}

function split(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: '' }
  const slash = path.indexOf('/', path.length - 101)
  return { name: path.slice(slash + 1), prefix: path.slice(0, Math.max(0, slash)) }
}

/** Reads what dpkg-deb writes (GNU tar). Hard links become files of their own; devices are left out. */
export function entriesIn(archive: Buffer): readonly Entry[] {
  const found = new Map<string, Entry>()
  let long: { name?: string; target?: string } = {}
  for (let at = 0; at + BLOCK <= archive.length && archive[at] !== 0; ) {
    const header = archive.subarray(at, at + BLOCK)
    const size = Number.parseInt(textAt(header, 124, 12), 8)
    const content = archive.subarray(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const type = String.fromCharCode(header[156] ?? 0)
    if (type === 'L') long = { ...long, name: textAt(content, 0, size) }
    else if (type === 'K') long = { ...long, target: textAt(content, 0, size) }
    else {
      const entry = entryFrom(header, { type, content, found, long })
      if (entry !== undefined) found.set(entry.path, entry)
      long = {}
    }
  }
  return [...found.values()]
}

type Reading = {
  readonly type: string
  readonly content: Uint8Array
  readonly found: ReadonlyMap<string, Entry>
  readonly long: { readonly name?: string; readonly target?: string }
}

function entryFrom(header: Buffer, { type, content, found, long }: Reading): Entry | undefined {
  const kind = Object.entries(KINDS).find(([letter]) => letter === type)?.[1]
  const path = plain(long.name ?? [textAt(header, 345, 155), textAt(header, 0, 100)].filter(Boolean).join('/'))
  if (kind === undefined || path === '') return undefined
  const base = { path, mode: Number.parseInt(textAt(header, 100, 8), 8) & 0o7777 }
  const target = long.target ?? textAt(header, 157, 100)
  if (kind === 'folder') return { ...base, kind }
  if (kind === 'link') return { ...base, kind, target }
  if (kind === 'file') return { ...base, kind, content }
  const same = found.get(plain(target))
  if (same?.kind !== 'file') throw new Error(`${path} is a hard link to ${target}, which is not before it`)
  return { ...base, kind: 'file', content: same.content }
}

function plain(path: string): string {
  return path
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '')
}

function textAt(bytes: Uint8Array, offset: number, room: number): string {
  const field = Buffer.from(bytes.subarray(offset, offset + room))
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? room : end).trim()
}
