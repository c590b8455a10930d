// SPDX-License-Identifier: Apache-2.0
/** What a simulated machine keeps without power: files written to its disk, and the state of its firmware. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { check } from '../plugins/contract/index.ts'

const StoredFile = Type.Object({
  mode: Type.Integer(),
  /** Base64; `null` hides a file of the installed system that was removed. */
  content: Type.Union([Type.String(), Type.Null()]),
})

const Firmware = Type.Object({
  /** Switched on in the BIOS. */
  enabled: Type.Boolean(),
  /** What the management engine remembers, once anybody has touched it. */
  amt: Type.Optional(Type.Unknown()),
})

const Kept = Type.Object({
  bootCount: Type.Integer({ minimum: 0 }),
  firmware: Firmware,
  files: Type.Record(Type.String(), StoredFile),
})
type Kept = Static<typeof Kept>

/** What outlives the disk. Secrets in it are those of a simulated machine and protect nothing. */
export type Firmware = Static<typeof Firmware>

export type StoredEntry = { readonly mode: number; readonly content: Uint8Array | undefined }

export interface Storage {
  firmware: Firmware
  bootCount: number
  readonly files: Map<string, StoredEntry>
  /** Makes what was set survive: everything, or nothing when it is interrupted. */
  save(): void
  /** The same content under another folder, or in memory when none is given. */
  copy(folder: string | undefined): Storage
}

const FILE = 'machine.json'
const BLANK: Kept = { bootCount: 0, firmware: { enabled: true }, files: {} }

/** Opens what was kept in a folder; without one everything stays in memory. Throws `invalid` for a file of another shape. */
export function openStorage(folder: string | undefined): Storage {
  return storageOver(folder === undefined ? BLANK : readKept(folder), folder)
}

function readKept(folder: string): Kept {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let text: string
  try {
    text = readFileSync(join(folder, FILE), 'utf8')
  } catch {
    return BLANK
  }
  return check(Kept, JSON.parse(text), join(folder, FILE))
}

function storageOver(kept: Kept, folder: string | undefined): Storage {
  const files = new Map(
    Object.entries(kept.files).map(([path, { mode, content }]): [string, StoredEntry] => [
      path,
      { mode, content: content === null ? undefined : Buffer.from(content, 'base64') },
    ]),
  )
  const present = (): Kept => ({
    bootCount: storage.bootCount,
    firmware: storage.firmware,
    files: Object.fromEntries(
      [...files].map(([path, { mode, content }]) => [
        path,
        { mode, content: content === undefined ? null : Buffer.from(content).toString('base64') },
      ]),
    ),
  })
  const storage: Storage = {
    firmware: kept.firmware,
    bootCount: kept.bootCount,
    files,
    save() {
      if (folder !== undefined) writeKept(folder, present())
    },
    copy(target) {
      const copied = storageOver(present(), target)
      if (target !== undefined) mkdirSync(target, { recursive: true, mode: 0o700 })
      copied.save()
      return copied
    },
  }
  return storage
}

function writeKept(folder: string, kept: Kept): void {
  const target = join(folder, FILE)
  writeFileSync(`${target}.new`, JSON.stringify(kept), { mode: 0o600 })
  renameSync(`${target}.new`, target)
}
