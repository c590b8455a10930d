// SPDX-License-Identifier: Apache-2.0
/** Keeps the key of the secrets in a file only its owner can read, apart from the database and its backups. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { RandomBytes } from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'
import { type MasterKey, masterKey } from './seal.ts'

export type KeyFileOptions = {
  readonly file: string
  readonly random: RandomBytes
  /** Whether the database holds secrets already: then a missing key is a loss, and never made anew. */
  readonly inUse: boolean
}

/** Reads the key, making it on the first start. Throws `secrets-key-unusable`. */
export function openKeyFile({ file, random, inUse }: KeyFileOptions): MasterKey {
  if (!existsSync(file)) {
    if (inUse) throw problem('secrets-key-unusable', `${file} is missing`)
    makeKey(file, random)
  }
  const { mode } = statSync(file)
  if ((mode & 0o077) !== 0) throw problem('secrets-key-unusable', `${file} can be read by others: chmod 400 it`)
  return masterKey(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64'))
}

// Linked into place, so that of two programs that start at once the second finds the key of the first.
function makeKey(file: string, random: RandomBytes): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const passing = `${file}.${Buffer.from(random(6)).toString('hex')}`
  const handle = openSync(passing, 'wx', 0o400)
  try {
    writeSync(handle, `${Buffer.from(random(32)).toString('base64')}\n`)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  try {
    linkSync(passing, file)
  } catch (thrown) {
    if (!existsSync(file)) throw thrown
  } finally {
    rmSync(passing)
  }
}
