// SPDX-License-Identifier: Apache-2.0
/** The data folder: private, with a lock against a second controller, and a note of where the first one listens. */
import {
  chmodSync,
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'already-running': {
    status: 500,
    title: 'A controller already runs on this data folder',
    retry: 'never',
    next: 'stop it first, or use another dataDir',
  },
  'not-running': {
    status: 409,
    title: 'No controller runs on this data folder',
    retry: 'backoff',
    next: 'start it first: `muster-controller run`',
  },
  'folder-unusable': {
    status: 500,
    title: 'The data folder cannot be used',
    retry: 'never',
    next: 'check that it exists, that it is writable, and who owns it',
  },
})

export type RunningNote = {
  readonly pid: number
  readonly urls: readonly string[]
  readonly bus: string
  readonly rootFingerprint: string
  readonly version: string
}

export interface DataFolder {
  path(...parts: string[]): string
  /** Room on the disk it lies on; `undefined` where that cannot be told. */
  space(): { readonly freeBytes: number; readonly totalBytes: number } | undefined
  readNote(): RunningNote | undefined
  writeNote(note: RunningNote): void
  removeNote(): void
  /** Writes a secret for somebody else to a file of mode 0600, anew when it is there; the path may lie anywhere. */
  handOut(file: string, secret: string): void
  /** Makes room for a copy of the database under this name, beside those of before; the oldest above `most` go. */
  keepCopy(name: string, most: number): string
  /** A private copy of a file that lies anywhere. */
  takeIn(file: string): string
  /** Stores an upload. */
  receive(file: string, upload: Readable): Promise<void>
  /** Lays a checked database ready for the next start. */
  layReady(file: string, ready: string): void
  /** Takes a database that lies ready in the place of the present one, which is kept beside it; false when there is none. */
  takeReady(ready: string, present: string, stamp: string): boolean
}

const NOTE = 'controller.json'

/** Throws `folder-unusable`. */
export function openFolder(dir: string): DataFolder {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    chmodSync(dir, 0o700)
    mkdirSync(join(dir, 'passing'), { recursive: true, mode: 0o700 })
    for (const left of readdirSync(join(dir, 'passing'))) rmSync(join(dir, 'passing', left), { force: true })
  } catch (thrown) {
    throw problem('folder-unusable', `${dir}: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
  const note = join(dir, NOTE)
  return {
    path: (...parts) => join(dir, ...parts),
    space: () => spaceOf(dir),
    readNote: () => readNote(note),
    writeNote: content => {
      writeFileSync(`${note}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${note}.new`, note)
    },
    handOut: (file, secret) => {
      writeFileSync(`${file}.new`, secret, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    removeNote: () => rmSync(note, { force: true }),
    keepCopy: (name, most) => keepCopy(join(dir, 'backups'), name, most),
    takeIn: file => {
      const copy = join(dir, 'passing', 'taken-in.db')
      copyFileSync(file, copy)
      chmodSync(copy, 0o600)
      return copy
    },
    receive: async (file, upload) => pipeline(upload, createWriteStream(file, { mode: 0o600 })),
    layReady: (file, ready) => renameSync(file, ready),
    takeReady: (ready, present, stamp) => {
      if (!existsSync(ready)) return false
      for (const suffix of ['', '-wal', '-shm']) {
        if (existsSync(present + suffix)) renameSync(present + suffix, `${present}.before-restore-${stamp}${suffix}`)
      }
      renameSync(ready, present)
      return true
    },
  }
}

/** Names begin with what sorts by time; what was named by somebody else is left alone. */
function keepCopy(folder: string, name: string, most: number): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = readdirSync(folder)
    .filter(each => /^\d{4}-.*\.db$/.test(each))
    .sort()
  for (const old of kept.slice(0, Math.max(0, kept.length - most + 1))) rmSync(join(folder, old), { force: true })
  return join(folder, name)
}

function spaceOf(dir: string): { freeBytes: number; totalBytes: number } | undefined {
  try {
    const { bavail, blocks, bsize } = statfsSync(dir)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return undefined
  }
}

/** Throws `already-running` when the note of a living controller lies there. */
export function refuseSecond(folder: DataFolder): void {
  const note = folder.readNote()
  if (note !== undefined && note.pid !== process.pid && isAlive(note.pid)) {
    throw problem('already-running', `process ${note.pid} serves ${note.urls.join(', ')}`)
  }
}

function readNote(file: string): RunningNote | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunningNote // written by writeNote
  } catch {
    return undefined
  }
}

/** A process id is used again after a reboot, so what runs under it must be a Node. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const command = `/proc/${pid}/cmdline`
    return !existsSync(command) || readFileSync(command, 'utf8').includes('controller')
  } catch {
    return false
  }
}
