// SPDX-License-Identifier: Apache-2.0
/** How the names of rpc's fields are compared. */

/** Fields that only rpc's answer has, and no line of its log. */
export const TELLING = ['amt', 'buildnumber', 'sku', 'uuid', 'controlmode', 'heciavailable']

/** The letters of a name, in lower case. */
export function letters(name: string): string {
  return name
    .slice(0, 64)
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
