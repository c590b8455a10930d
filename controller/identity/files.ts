// SPDX-License-Identifier: Apache-2.0
/** Reads and writes the authority's files: private, whole or not at all. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface KeyFiles {
  read(name: string): string | undefined
  write(name: string, content: string): void
}

/** Files of mode 0600 in a folder of mode 0700, which is made when it is missing. */
export function keyFilesIn(dir: string): KeyFiles {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return {
    read: name => {
      const file = join(dir, name)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    write: (name, content) => replaceFile(join(dir, name), content),
  }
}

function replaceFile(file: string, content: string): void {
  const passing = `${file}.new`
  const handle = openSync(passing, 'w', 0o600)
  writeSync(handle, content)
  fsyncSync(handle)
  closeSync(handle)
  renameSync(passing, file)
  const folder = openSync(dirname(file), 'r')
  fsyncSync(folder)
  closeSync(folder)
}
