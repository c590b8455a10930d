// SPDX-License-Identifier: Apache-2.0
/** Failures of what people keep in the dashboard. */
import { defineProblems } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'too-many-views': {
    status: 409,
    title: 'As many views are kept as may be kept',
    retry: 'never',
    next: 'remove one that is no longer used',
  },
})
