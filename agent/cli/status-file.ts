// SPDX-License-Identifier: Apache-2.0
/** The note a running agent keeps of itself, so that others can see how it is without disturbing it. */
import { existsSync, readFileSync } from 'node:fs'
import { SECOND } from '../../plugins/contract/index.ts'
import type { AgentStatus } from '../agent.ts'
import type { System } from '../system/system.ts'

export type StatusNote = { readonly pid: number; readonly at: string; readonly status: AgentStatus }

const AT_MOST_EVERY_MS = SECOND

export interface StatusKeeper {
  /** Something may have changed; written soon, and not too often. */
  changed(): void
  remove(): Promise<void>
}

export function keepStatus(system: System, file: string, status: () => AgentStatus): StatusKeeper {
  let forget: (() => void) | undefined
  let writtenAt = Number.NEGATIVE_INFINITY
  let removed = false
  const write = (): void => {
    forget = undefined
    if (removed) return
    writtenAt = system.clock.monotonic()
    const note: StatusNote = { pid: process.pid, at: new Date(system.clock.now()).toISOString(), status: status() }
    system.files.replace(file, `${JSON.stringify(note)}\n`).catch(() => undefined) // a full disk must not stop the agent
  }
  return {
    changed: () => {
      const waitMs = Math.max(0, writtenAt + AT_MOST_EVERY_MS - system.clock.monotonic())
      forget ??= system.clock.after(waitMs, write)
    },
    remove: async () => {
      removed = true
      forget?.()
      await system.files.remove(file).catch(() => undefined)
    },
  }
}

/** `undefined` when no agent left one. */
export async function readStatus(system: System, file: string): Promise<StatusNote | undefined> {
  const text = await system.files.text(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as StatusNote // written by keepStatus
  } catch {
    return undefined
  }
}

/**
 * Tells whether an agent runs under a process id. Ids are used again, after a power cut above all, so what runs under it
 * must be an agent; a process that /proc hides belongs to another user, and no agent of this folder does.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    // EPERM: it lives, and belongs to somebody else.
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM')) return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('agent')
  } catch {
    return !existsSync('/proc/self/cmdline')
  }
}
