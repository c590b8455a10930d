// SPDX-License-Identifier: Apache-2.0
/** Failures of issuing certificates. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'csr-refused': {
    status: 400,
    title: 'The certificate request cannot be used',
    retry: 'never',
    next: 'send a PKCS #10 request of at most 8 KB with a P-256 key, signed by that key',
  },
  'issuer-unusable': {
    status: 500,
    title: 'The issuing authority cannot issue now',
    retry: 'backoff',
    next: 'look at the expiry of the issuing authority, and renew it with the key of the root',
  },
})
