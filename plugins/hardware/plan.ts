// SPDX-License-Identifier: Apache-2.0
/** The plan of a section that is only looked at: never anything to do. */

export function plan(): readonly never[] {
  return []
}
