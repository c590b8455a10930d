// SPDX-License-Identifier: Apache-2.0
/** Power codes: those of CIM (DSP1027), and those the Device Management Toolkit made up for booting in a special way. */

/** What CIM_PowerManagementService takes. */
export const NATIVE_CODES: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
export const BOOT_CODES: readonly number[] = [
  100, 101, 104, 105, 106, 107, 108, 109, 110, 200, 201, 202, 203, 300, 301, 400, 401,
]
export const OS_TO_FULL_POWER = 500
export const OS_TO_POWER_SAVING = 501
export const OS_CODES: readonly number[] = [OS_TO_FULL_POWER, OS_TO_POWER_SAVING]

export type PowerAim = 'on' | 'off' | 'sleep' | 'hibernate' | 'reset' | 'cycle'

/** What a device may say after it reached an aim: firmware reports late, and in several ways. */
export const REACHED: Readonly<Record<PowerAim, readonly number[]>> = {
  on: [2],
  off: [6, 8, 12, 13],
  sleep: [2, 3, 4],
  hibernate: [2, 7],
  reset: [2, 14],
  cycle: [2, 9],
}

const AIMS: Readonly<Record<number, PowerAim>> = {
  2: 'on',
  3: 'sleep',
  4: 'sleep',
  5: 'cycle',
  6: 'off',
  7: 'hibernate',
  8: 'off',
  9: 'cycle',
  10: 'reset',
  12: 'off',
  13: 'off',
  14: 'reset',
  15: 'cycle',
  16: 'cycle',
}

/** Where a native code leads; `undefined` for interrupts. */
export function aimOf(code: number): PowerAim | undefined {
  return AIMS[code]
}

/** Off and cycle: what firmware puts off for as long as somebody is redirected. */
export function endsRedirection(code: number): boolean {
  const aim = aimOf(code)
  return aim === 'off' || aim === 'cycle'
}

/** Codes after which the machine starts anew, so that a boot override left behind would be used up. */
export function startsBoot(code: number): boolean {
  const aim = aimOf(code)
  return aim === 'on' || aim === 'cycle' || aim === 'reset'
}

const RESETTING: readonly number[] = [101, 105, 107, 109, 200, 202, 301, 400]

/** The native code that starts a boot of a synthetic one: a reset, or power on. */
export function bootPowerCode(code: number): 2 | 10 {
  return RESETTING.includes(code) ? 10 : 2
}
