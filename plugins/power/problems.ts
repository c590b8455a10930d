// SPDX-License-Identifier: Apache-2.0
/** The failures of the power plugin. */
import { defineProblems } from '../contract/index.ts'

export const problem = defineProblems({
  'power-refused': {
    status: 409,
    title: 'The host refuses to go down',
    retry: 'never',
    next: 'read why; a running update or a logged-in user may hold it, or the agent may lack the right',
  },
  'reboot-not-happened': {
    status: 504,
    title: 'The host did not restart',
    retry: 'never',
    next: 'look at the host, then send a new command if it is still wanted',
  },
  'shutdown-not-happened': {
    status: 504,
    title: 'The host did not shut down',
    retry: 'never',
    next: 'look at the host, then send a new command if it is still wanted',
  },
})
