// SPDX-License-Identifier: Apache-2.0
/** What a controller needs for so many hosts: the way up of `scale`, without the rest. */
import { run as scale } from './scale.ts'
import type { Figure } from './support.ts'

export function run(): Promise<readonly Figure[]> {
  return scale(['sizing'])
}
