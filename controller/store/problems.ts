// SPDX-License-Identifier: Apache-2.0
/** Failures of the store. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'schema-newer': {
    status: 500,
    title: 'The database was written by a newer Muster',
    retry: 'never',
    next: 'start the version that wrote it, or `muster-controller restore` the copy in the folder backups beside the database',
  },
  'store-unusable': {
    status: 500,
    title: 'The database cannot be used',
    retry: 'never',
    next: 'check the file named here and its folder, or restore a backup',
  },
  'writes-waiting': {
    status: 503,
    title: 'Too many writes wait for the database',
    retry: 'backoff',
    next: 'try again in a while; look at `muster system status` for what keeps the controller busy',
  },
  'backup-unusable': {
    status: 422,
    title: 'This file is not a usable backup',
    retry: 'never',
    next: 'use a file written by `muster system backup`',
  },
})
