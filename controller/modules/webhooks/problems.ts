// SPDX-License-Identifier: Apache-2.0
/** Failures of webhooks. */
import { defineProblems } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'webhook-address-refused': {
    status: 400,
    title: 'This address may not be told',
    retry: 'never',
    next: 'use an https:// address outside link-local and metadata networks, or ask whoever configures the controller',
  },
  'too-many-webhooks': {
    status: 409,
    title: 'The project has as many webhooks as it may have',
    retry: 'never',
    next: 'remove one that is no longer used',
  },
  'delivery-pending': {
    status: 409,
    title: 'This delivery is still being tried',
    retry: 'never',
    next: 'wait for its outcome',
  },
})
