// SPDX-License-Identifier: Apache-2.0
/** Why a section does not settle. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  diverging: {
    status: 500,
    title: 'The plan of this section never ends',
    retry: 'never',
    next: 'this is a defect of the plugin; a new revision tries again',
  },
  'connectivity-reverted': {
    status: 409,
    title: 'The controller was out of reach after the change, so it was taken back',
    retry: 'never',
    next: 'correct the document; a new revision tries again',
  },
  'revert-missing': {
    status: 500,
    title: 'The plugin cannot take back a change of connectivity',
    retry: 'never',
    next: 'this is a defect of the plugin',
  },
  'held-window': {
    status: 409,
    title: 'The host may not be disturbed now',
    retry: 'backoff',
    next: 'wait for the window, or change the section maintenance',
  },
  'held-busy': { status: 409, title: 'Another act disturbs the host', retry: 'backoff' },
  'held-link': { status: 409, title: 'Waiting for the controller to be in reach', retry: 'backoff' },
  'held-policy': {
    status: 403,
    title: 'The owner of this machine forbids to manage this section',
    retry: 'never',
    next: 'ask whoever owns the policy file on the machine',
  },
})
