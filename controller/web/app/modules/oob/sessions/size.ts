// SPDX-License-Identifier: Apache-2.0
/** Sizes as people say them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const STEP = 1_024

/** In the largest unit that keeps a digit before the point: `1.5 KiB`. */
export function spokenBytes(bytes: number): string {
  const at = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(STEP)))
  const value = bytes / STEP ** at
  return `${value >= 10 || at === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[at]}`
}
