// SPDX-License-Identifier: Apache-2.0
/** Failures of what people keep for activation. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'cira-address': {
    status: 409,
    title: 'Devices could not dial the address that is announced',
    retry: 'never',
    next: 'announce a full DNS name or an address, and a port from 1024 to 49151',
  },
  'detection-suffix-inside': {
    status: 422,
    title: 'With this suffix the device would believe it is inside, and never dial in',
    retry: 'never',
    next: 'use a suffix that no network of the device has, or leave it out to get a random one',
  },
  'policy-invalid': {
    status: 422,
    title: 'The policy cannot be kept',
    retry: 'never',
    next: 'correct the named rule; profiles must exist before rules name them',
  },
  'shared-password-weak': {
    status: 422,
    title: 'AMT does not take this password',
    retry: 'never',
    next: 'use 8 to 32 characters with an upper and a lower case letter, a digit, and one of !@#$%^&*',
  },
})
