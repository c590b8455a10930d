// SPDX-License-Identifier: Apache-2.0
/** Failures of making seeds. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'machines-unreadable': {
    status: 400,
    title: 'The machines cannot be read',
    retry: 'never',
    next: 'correct what is named here; nothing was written',
  },
  'seed-untrusted': {
    status: 400,
    title: 'What the seed would have machines believe does not fit together',
    retry: 'never',
    next: 'fetch key and root again, and compare the fingerprint with what the controller prints',
  },
})
