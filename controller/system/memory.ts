// SPDX-License-Identifier: Apache-2.0
/** How much memory the process may use and how near it is to that, with a gap between rising and falling. */
import { totalmem } from 'node:os'
import type { Clock } from '../../plugins/contract/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { MemoryState } from '../kernel/ports.ts'

type MemoryLevel = MemoryState['level']

export interface Memory {
  state(): MemoryState
  /** The share of what it may use that it uses: 1 is the hard mark. Not below the mark of the level that still holds. */
  use(): number
  /** Calls the listener at each change of the level, soon after it. Returns what ends that. */
  watch(listener: (state: MemoryState) => void): () => void
}

export type MemoryParts = {
  readonly clock: Clock
  readonly marks: { readonly softBytes: number; readonly hardBytes: number }
  /** Resident bytes of the process now. */
  readonly read?: (() => number) | undefined
}

/** A level is left only when so much less than its mark is used, so that nothing flutters at a mark. */
const LEAVE_AT = 0.92
/** Asking costs a system call, and many ask with each packet. */
const FRESH_MS = 250
const WATCH_MS = 1_000
const MB = 2 ** 20
const DEFAULT_SHARES = { soft: 0.7, hard: 0.95 }

/** The marks a configuration comes to: where it is silent, shares of what a control group or the machine allows. */
export function marksOf(
  config: { readonly softMb?: number | undefined; readonly hardMb?: number | undefined } = {},
  allowedBytes = allowed(),
): MemoryParts['marks'] {
  const hardBytes = config.hardMb === undefined ? Math.round(allowedBytes * DEFAULT_SHARES.hard) : config.hardMb * MB
  const share = DEFAULT_SHARES.soft / DEFAULT_SHARES.hard
  const softBytes = config.softMb === undefined ? Math.round(hardBytes * share) : config.softMb * MB
  return { softBytes: Math.min(softBytes, hardBytes), hardBytes }
}

/** Node says 0, or more than there is, where no control group limits it. */
function allowed(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}

export function createMemory({ clock, marks, read = () => process.memoryUsage.rss() }: MemoryParts): Memory {
  let level: MemoryLevel = 'normal'
  let rssBytes = read()
  let readAt = Number.NEGATIVE_INFINITY
  const look = (): void => {
    if (clock.monotonic() - readAt < FRESH_MS) return
    readAt = clock.monotonic()
    rssBytes = read()
    level = levelOf(level, rssBytes, marks)
  }
  const state = (): MemoryState => {
    look()
    return { level, rssBytes, ...marks }
  }
  return {
    state,
    use: () => {
      const now = state()
      const held = { normal: 0, soft: marks.softBytes, hard: marks.hardBytes }[now.level]
      return Math.max(now.rssBytes, held) / marks.hardBytes
    },
    watch: listener => {
      let told: MemoryLevel = 'normal'
      let stop = (): void => {}
      const tell = (): void => {
        const now = state()
        if (now.level !== told) listener(now)
        told = now.level
        stop = clock.after(WATCH_MS, tell)
      }
      stop = clock.after(WATCH_MS, tell)
      return () => stop()
    },
  }
}

/** Rises at a mark, and falls only when well below it. Pure. */
export function levelOf(before: MemoryLevel, rssBytes: number, marks: MemoryParts['marks']): MemoryLevel {
  const isAbove = (mark: number, held: boolean): boolean => rssBytes >= (held ? mark * LEAVE_AT : mark)
  if (isAbove(marks.hardBytes, before === 'hard')) return 'hard'
  return isAbove(marks.softBytes, before !== 'normal') ? 'soft' : 'normal'
}

/**
 * At which shares of the hard mark the bus sheds what. Enrollments and new streams are put off from the soft mark on;
 * half-way to the hard one telemetry is dropped, then hosts are read slowly, and at the hard mark nobody is let in.
 */
export function sharesOf({ softBytes, hardBytes }: MemoryState): {
  readonly quiet: number
  readonly slow: number
  readonly refuse: number
  readonly shed: number
} {
  const soft = softBytes / hardBytes
  const between = (part: number): number => soft + part * (1 - soft)
  return { quiet: between(0.6), slow: between(0.8), refuse: 1, shed: 1.03 }
}

const SAYS: Readonly<Record<MemoryLevel, string>> = {
  normal: 'Memory is no longer short: everything is taken again',
  soft: 'Memory is short: no new host enrolls and no new stream is opened; telemetry and slow reading are next',
  hard: 'Memory is used up: no host is let in',
}

/** Says a change of the level in the log and as an event. */
export async function noteMemory(
  { store, events, log, settings }: Pick<Kernel, 'store' | 'events' | 'log' | 'settings'>,
  { level, rssBytes, softBytes, hardBytes }: MemoryState,
): Promise<void> {
  log.warn(SAYS[level], { rssBytes, softBytes, hardBytes })
  const data = { code: `memory-${level}`, title: SAYS[level] }
  await store
    .change(tx => events.emit(tx, { project: '', type: 'system.notice', subject: settings.installation, data }))
    .catch(thrown => log.error('a change of memory was not recorded', { error: String(thrown) }))
}
