// SPDX-License-Identifier: Apache-2.0
/** Failures of tunnels and of the certificates they are opened with. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'amt-channels-busy': {
    status: 503,
    title: 'Too many callers want a channel to this device',
    retry: 'backoff',
    next: 'end redirection sessions that nobody needs, or wait for running requests',
  },
  'cira-root-incomplete': {
    status: 500,
    title: 'The root certificate that devices trust is there only in part',
    retry: 'never',
    next: 'restore database and key from the same backup; a new root would strand every device until it is activated again',
  },
  'cira-address-taken': {
    status: 409,
    title: 'Devices of another project are told this address',
    retry: 'never',
    next: 'give the project an address of its own',
  },
  'cira-listen-failed': {
    status: 500,
    title: 'The port for devices could not be opened',
    retry: 'never',
    next: 'see what else listens there, or configure another port between 1024 and 49151',
  },
})
