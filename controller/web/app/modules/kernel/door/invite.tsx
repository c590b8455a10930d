// SPDX-License-Identifier: Apache-2.0
/** To be written. */
export default function Invite() {
  return null
}
