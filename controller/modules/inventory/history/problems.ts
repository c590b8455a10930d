// SPDX-License-Identifier: Apache-2.0
/** Failures of looking back. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'not-known-then': {
    status: 404,
    title: 'Nothing is known of this host at that time',
    retry: 'never',
    next: 'ask for a later time; `knownSince` is the earliest',
  },
})
