// SPDX-License-Identifier: Apache-2.0
/** The failures of the hardware plugin. */
import { defineProblems } from '../contract/index.ts'

export const problem = defineProblems({
  'hardware-unreadable': {
    status: 503,
    title: 'The kernel does not show the hardware',
    retry: 'backoff',
    next: 'check that the agent may read /proc and /sys',
  },
})
