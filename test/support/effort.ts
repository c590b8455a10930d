// SPDX-License-Identifier: Apache-2.0
/** How much work something was, whatever else the machine does meanwhile. */

/** Milliseconds of processor time that this thread has used so far. */
export function spentMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
