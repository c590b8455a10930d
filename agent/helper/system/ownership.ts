// SPDX-License-Identifier: Apache-2.0
/** Who could change a program or a folder of this machine. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Ownership } from '../programs.ts'

/** `undefined` when there is nothing. Links are followed: what counts is what would run. */
export async function ownershipOf(path: string): Promise<Ownership | undefined> {
  try {
    const found = await stat(path)
    if (found.isFile()) await access(path, constants.X_OK)
    const ownerIsUs = found.uid === 0 || found.uid === process.getuid?.()
    return { isFile: found.isFile(), ownerIsUs, othersMayWrite: (found.mode & 0o022) !== 0 }
  } catch {
    return undefined
  }
}
