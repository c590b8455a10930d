// SPDX-License-Identifier: Apache-2.0
/** How much memory the kernel manages, from /proc/meminfo. */

export type Totals = { readonly totalBytes: number; readonly swapBytes: number }

/** Reads the totals and nothing that changes by itself; `undefined` when the text has no total. */
export function parseMeminfo(text: string): Totals | undefined {
  const totalBytes = bytesOf(text, 'MemTotal')
  if (totalBytes === undefined) return undefined
  return { totalBytes, swapBytes: bytesOf(text, 'SwapTotal') ?? 0 }
}

function bytesOf(text: string, name: string): number | undefined {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d{1,12}) kB$`, 'm').exec(text)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1_024
}
