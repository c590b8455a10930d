// SPDX-License-Identifier: Apache-2.0
/** Failures of regions and sites. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'region-cycle': {
    status: 400,
    title: 'A region cannot stand within itself',
    retry: 'never',
    next: 'choose a parent that is not below this region',
  },
  'region-too-deep': {
    status: 400,
    title: 'Regions nest five levels deep at most',
    retry: 'never',
    next: 'choose a parent further up',
  },
})
