// SPDX-License-Identifier: Apache-2.0
/** Failures of the agent's memory on disk. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'disk-full': {
    status: 507,
    title: 'The disk of the host is full',
    retry: { afterMs: 60_000 },
    next: 'free some space on the volume that holds the state folder of the agent',
  },
  'journal-unusable': {
    status: 500,
    title: 'The journal of the agent cannot be used',
    retry: 'backoff',
    next: 'run `muster-agent doctor` on the host and look at the state folder',
  },
})
