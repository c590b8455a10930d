// SPDX-License-Identifier: Apache-2.0
/** Failures of kits for machines without a network. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'kit-incomplete': {
    status: 409,
    title: 'The repository lacks what the kit is to hold',
    retry: 'never',
    next: 'publish the packages first, or ask for others, another format or another architecture',
  },
  'kit-unsound': {
    status: 400,
    title: 'The kit is not what was published',
    retry: 'never',
    next: 'do not install from it; make a new one and compare the fingerprint of its key',
  },
})
