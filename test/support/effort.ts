// SPDX-License-Identifier: Apache-2.0
/** How much work something was, whatever else the machine does meanwhile; and a thread that does none. */

/** Milliseconds of processor time that this thread has used so far. */
export function spentMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** Holds this thread, and with it the loop of everything that runs in it, for so many milliseconds. */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
