// SPDX-License-Identifier: Apache-2.0
/** Reads secrets that the configuration names as files: the owner's own, of a line or so. */
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { problem } from './problems.ts'
import { Secret, type SecretFiles } from './secrets.ts'

const MAX_BYTES = 65_536

/** Relative paths are relative to `dir`. */
export function secretFilesIn(dir: string): SecretFiles {
  return {
    read: async path => {
      const file = resolve(dir, path)
      const facts = await stat(file).catch(() => {
        throw problem('secret-file-unusable', `${file} is not there`)
      })
      if ((facts.mode & 0o077) !== 0)
        throw problem('secret-file-unusable', `${file} can be read by others: chmod 600 it`)
      if (facts.size > MAX_BYTES) throw problem('secret-file-unusable', `${file} is too large`)
      return Secret.of((await readFile(file, 'utf8')).replace(/\r?\n$/, ''))
    },
  }
}
