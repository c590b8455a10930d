// SPDX-License-Identifier: Apache-2.0
/** Failures of becoming a host and of staying one. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'token-malformed': {
    status: 400,
    title: 'This is not a join token',
    retry: 'never',
    next: 'copy the whole line that begins with muster-join_1 from the controller',
  },
  'controller-address': {
    status: 400,
    title: 'The address of the controller cannot be used',
    retry: 'never',
    next: 'give it as https://<name>:<port>',
  },
  'admission-unusable': {
    status: 502,
    title: 'The controller admitted us with papers that do not fit',
    retry: 'never',
    next: 'look at the log of the controller; this is a defect, or something on the way that is not the controller',
  },
  'trust-refused': {
    status: 502,
    title: 'The trust bundle of the controller is not one we may accept',
    retry: 'backoff',
    next: 'if the controller was restored from a backup, restore it with its newest epoch; otherwise enroll anew',
  },
  'time-unproven': {
    status: 502,
    title: 'The time the controller told us is not signed by it',
    retry: 'backoff',
    next: 'look for a device that breaks up TLS on the way',
  },
  'renewal-limit': {
    status: 429,
    title: 'This host was given two certificates today',
    retry: { afterMs: 3_600_000 },
    next: 'wait until tomorrow; when it repeats, look at the clock and the state folder of the agent',
  },
  'cloned-image': {
    status: 409,
    title: 'This identity belongs to another machine',
    retry: 'never',
    next: 'this disk looks like a copy: run `muster-agent enroll <url> <token>` to make it a host of its own',
  },
})
