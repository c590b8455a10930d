// SPDX-License-Identifier: Apache-2.0
/** Which of the firmware's address formats an address has. */
import { isIPv4, isIPv6 } from 'node:net'
import type { AddressFormat } from './records.ts'

const NAME = /^(?=.{1,254}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i

/** Whether it is a full DNS name: at least two labels, the last one of letters. */
export function isFullName(address: string): boolean {
  return NAME.test(address)
}

/** `undefined` when it is neither an address nor a full name. */
export function formatOf(address: string): AddressFormat | undefined {
  if (isIPv4(address)) return 3
  if (isIPv6(address)) return 4
  return isFullName(address) ? 201 : undefined
}
