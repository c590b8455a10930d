// SPDX-License-Identifier: Apache-2.0
/** Failures of the controller's own identity. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'authority-incomplete': {
    status: 500,
    title: 'The authority folder lacks a part of itself',
    retry: 'never',
    next: 'restore the whole `authority` folder from your backup; making a new root would lock every host out',
  },
})
