// SPDX-License-Identifier: Apache-2.0
/** Failures of keeping devices right: checks, repairs and playbooks. */
import { defineProblems } from '../../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'drift-busy': {
    status: 409,
    title: 'Somebody works on this device',
    retry: { afterMs: 60_000 },
    next: 'wait until the session or the activation has ended, and ask again',
  },
  'drift-unprofiled': {
    status: 409,
    title: 'Nothing says how this device should be',
    retry: 'never',
    next: 'activate it with a profile: `muster oob activate <host>`',
  },
  'drift-repair-limit': {
    status: 429,
    title: 'Too many repairs',
    retry: { afterMs: 60_000 },
    next: 'see what undoes them; a device is repaired three times a day, a project ten times a minute',
  },
  'playbook-unknown': {
    status: 404,
    title: 'There is no such playbook',
    retry: 'never',
    next: 'list those there are: GET /v1/projects/<project>/oob/playbooks',
  },
  'playbook-running': {
    status: 409,
    title: 'A playbook runs on this machine already',
    retry: { afterMs: 60_000 },
    next: 'wait for its end, or cancel it',
  },
  'playbook-limit': {
    status: 429,
    title: 'This playbook ran too often on this machine',
    retry: 'never',
    next: 'see what its last runs found; a playbook is run on a machine three times a day',
  },
  'playbook-ended': {
    status: 409,
    title: 'This run has ended',
    retry: 'never',
    next: 'start the playbook anew if it is still wanted',
  },
  'playbook-own-approval': {
    status: 403,
    title: 'Somebody else must approve this',
    retry: 'never',
    next: 'ask a second person with the same permission',
  },
})
