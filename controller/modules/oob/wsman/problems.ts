// SPDX-License-Identifier: Apache-2.0
/** Failures that only calls over WS-Management meet. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'amt-busy': {
    status: 503,
    title: 'Too many calls wait for this device',
    retry: 'backoff',
    next: 'ask less often, or in one request for what is wanted',
  },
  'amt-untrusted': {
    status: 502,
    title: 'The device shows a certificate that we do not trust',
    retry: 'never',
    next: 'see who answers at its address; pin the new certificate if it was replaced on purpose',
  },
})
