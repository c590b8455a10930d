// SPDX-License-Identifier: Apache-2.0
/** Failures of the toolkit's sign-in. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'toolkit-default-credentials': {
    status: 500,
    title: 'A toolkit account has the credentials that every installation of the toolkit starts with',
    retry: 'never',
    next: 'put another password into the file that the configuration names',
  },
  'toolkit-account-invalid': {
    status: 500,
    title: 'A toolkit account cannot be used',
    retry: 'never',
    next: 'correct the account under `toolkit.accounts` in the configuration',
  },
})
