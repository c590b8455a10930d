// SPDX-License-Identifier: Apache-2.0
/** What a machine may be booted from once, with MPS's codes for it: on a machine that is off, and on one that is on. Pure. */
export const BOOT_CODES = {
  bios: { up: 100, reset: 101 },
  pxe: { up: 401, reset: 400 },
  cd: { up: 203, reset: 202 },
  floppy: { up: 201, reset: 200 },
  diagnostic: { up: 300, reset: 301 },
  https: { up: 106, reset: 105 },
  pba: { up: 108, reset: 107 },
  winre: { up: 110, reset: 109 },
} as const
export type BootTarget = keyof typeof BOOT_CODES

export function isBootTarget(word: string): word is BootTarget {
  return Object.hasOwn(BOOT_CODES, word)
}
