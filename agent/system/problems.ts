// SPDX-License-Identifier: Apache-2.0
/** Failures of the machine the agent runs on. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'file-refused': {
    status: 500,
    title: 'The operating system refused a file',
    retry: 'backoff',
    next: 'look at the owner and mode of the named path, and at the volume it lies on',
  },
})
