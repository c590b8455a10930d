// SPDX-License-Identifier: Apache-2.0
/** Failures of the secrets at rest. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'secrets-unreadable': {
    status: 500,
    title: 'A secret cannot be decrypted',
    retry: 'never',
    next: 'restore the key file that belongs to this database',
  },
  'secret-file-unusable': {
    status: 500,
    title: 'A file with a secret cannot be used',
    retry: 'never',
    next: 'see the configuration for the file it names; it must belong to the controller alone',
  },
  'secrets-key-unusable': {
    status: 500,
    title: 'The key of the secrets cannot be used',
    retry: 'never',
    next: 'restore the key file from your backup; a new key cannot open what the old one sealed',
  },
})
