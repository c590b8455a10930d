// SPDX-License-Identifier: Apache-2.0
/** Failures of the resource engine. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'in-use': {
    status: 409,
    title: 'Something still refers to it',
    retry: 'never',
    next: 'remove or change what is named first',
  },
  'already-exists': {
    status: 409,
    title: 'There is one already',
    retry: 'never',
    next: 'use the one that is named, or choose another key',
  },
  'reference-unknown': {
    status: 400,
    title: 'The body refers to something that is not here',
    retry: 'never',
    next: 'create it first, or correct the id',
  },
  'member-fixed': {
    status: 400,
    title: 'This member cannot change once it was set',
    retry: 'never',
    next: 'leave it out, or delete the resource and create it anew',
  },
})
