// SPDX-License-Identifier: Apache-2.0
/** Collects what a rush has left in the heap once it is over; by itself the engine waits until the heap has grown anew. */
import { getHeapStatistics } from 'node:v8'
import { type Clock, SECOND } from '../../plugins/contract/index.ts'

export type GarbageParts = {
  readonly clock: Clock
  /** There when the process was started with `--expose-gc`. */
  readonly collect?: (() => unknown) | undefined
  /** Bytes of the heap that are in use, garbage included. */
  readonly heapBytes?: () => number
  /** Milliseconds of processor time that the process has used so far. */
  readonly cpuMs?: () => number
}

const LOOK_EVERY_MS = 10 * SECOND
/** A rush is over when less than this share of one core was used between two looks. */
const CALM = 0.2
/** A collection stops the process for about a millisecond a megabyte; less than this is not worth it. */
const WORTH_BYTES = 32 * 2 ** 20

/** Looks from time to time until what it returns is called. Does nothing where the process may not collect. */
export function collectAfterRushes(parts: GarbageParts): () => void {
  const { clock, collect = globalThis.gc, heapBytes = usedHeap, cpuMs = usedCpu } = parts
  if (collect === undefined) return () => {}
  let left = heapBytes()
  let busy = cpuMs()
  let forget = (): void => {}
  const look = (): void => {
    const used = cpuMs() - busy
    if (used < CALM * LOOK_EVERY_MS && heapBytes() - left >= WORTH_BYTES) {
      collect()
      left = heapBytes()
    }
    busy = cpuMs()
    forget = clock.after(LOOK_EVERY_MS, look)
  }
  forget = clock.after(LOOK_EVERY_MS, look)
  return () => forget()
}

function usedHeap(): number {
  return getHeapStatistics().used_heap_size
}

function usedCpu(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
