// SPDX-License-Identifier: Apache-2.0
/** Names of what a change of the operating system's power saving returns. */

const OS_POWER_NAMES: Readonly<Record<number, string>> = {
  0: 'COMPLETED_WITH_NO_ERROR',
  1: 'NOT_SUPPORTED',
  2: 'UNKNOWN_OR_UNSPECIFIED_ERROR',
  3: 'CANNOT_COMPLETE_WITHIN_TIMEOUT_PERIOD',
  4: 'FAILED',
  5: 'INVALID_PARAMETER',
  6: 'IN_USE',
  4096: 'METHOD_PARAMETERS_CHECKED_JOB_STARTED',
  4097: 'INVALID_STATE_TRANSITION',
  4098: 'USE_OF_TIMEOUT_PARAMETER_NOT_SUPPORTED',
  4099: 'BUSY',
}

/** The name of what a change of the operating system's power saving returned. */
export function osPowerStatusName(returnValue: number): string {
  return OS_POWER_NAMES[returnValue] ?? 'UNKNOWN_ERROR'
}
