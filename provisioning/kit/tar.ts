// SPDX-License-Identifier: Apache-2.0
/** Writes archives in the form that every `tar` reads (POSIX.1-1988 ustar): regular files, owned by nobody in particular. */

export type TarEntry = {
  /** Relative, with `/` between its parts. */
  readonly path: string
  readonly size: number
  readonly mode: number
  /** Exactly `size` bytes; called when its turn has come. */
  readonly content: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const BLOCK = 512
const END = new Uint8Array(2 * BLOCK)
const LONGEST = { name: 100, prefix: 155 } as const

/** Bytes of the whole archive. */
export function tarSize(entries: readonly TarEntry[]): number {
  return entries.reduce((sum, { size }) => sum + BLOCK + size + gap(size), 0) + END.length
}

/** The archive, part by part; `at` is the time of its files, in seconds since 1970. Throws `RangeError` for a size that is not kept. */
export async function* writeTar(entries: readonly TarEntry[], at: number): AsyncGenerator<Uint8Array> {
  for (const entry of entries) {
    yield header(entry, at)
    let sent = 0
    for await (const part of entry.content()) {
      sent += part.length
      if (sent > entry.size) break
      yield part
    }
    if (sent !== entry.size) throw new RangeError(`${entry.path} has ${sent} bytes and was to have ${entry.size}`)
    if (gap(entry.size) > 0) yield new Uint8Array(gap(entry.size))
  }
  yield END
}

function gap(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function header({ path, size, mode }: TarEntry, at: number): Uint8Array {
  const block = Buffer.alloc(BLOCK)
  const [prefix, name] = splitPath(path)
  const octal = (value: number, offset: number, length: number): void => {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset, 'ascii')
  }
  block.write(name, 0, 'utf8')
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(at, 136, 12)
  block.write(' '.repeat(8), 148, 'ascii')
  block.write('0', 156, 'ascii')
  block.write('ustar\u000000', 257, 'ascii')
  block.write('root\0', 265, 'ascii')
  block.write('root\0', 297, 'ascii')
  block.write(prefix, 345, 'utf8')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'ascii')
  return block
}

/** The longer part of a long path goes in front, and is split off at a slash. */
function splitPath(path: string): readonly [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= LONGEST.name) return ['', path]
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
    if (Buffer.byteLength(name) <= LONGEST.name && Buffer.byteLength(prefix) <= LONGEST.prefix) return [prefix, name]
  }
  throw new RangeError(`${path} is too long for an archive`)
}
