// SPDX-License-Identifier: Apache-2.0
/** The plan of a section without desired states: power acts are commands, because two resets are two acts. */

export function plan(): readonly never[] {
  return []
}
