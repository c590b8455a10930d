// SPDX-License-Identifier: Apache-2.0
/** Why a privileged act is not done. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'helper-unavailable': {
    status: 503,
    title: 'The privileged helper does not answer',
    retry: 'backoff',
    next: 'on the host: `systemctl status muster-helper.socket`, then `muster-agent doctor`',
  },
  'helper-request': {
    status: 400,
    title: 'This is nothing the privileged helper does',
    retry: 'never',
    next: 'look at the table of verbs in the documentation of the helper',
  },
  'helper-busy': {
    status: 429,
    title: 'The privileged helper has enough to do',
    retry: { afterMs: 30_000 },
    next: 'wait until what runs has ended',
  },
  'helper-not-enrolled': {
    status: 409,
    title: 'The privileged helper does not know whom to trust',
    retry: 'never',
    next: 'run `sudo muster-agent enroll <url> <token>` on the host: as root it tells the helper too',
  },
  'not-authorized': {
    status: 403,
    title: 'No signed message orders this act',
    retry: 'never',
    next: 'order it through the controller; an agent that asks for it unordered is defective or not itself',
  },
  'already-done': {
    status: 409,
    title: 'The command that orders this act was used for it before',
    retry: 'never',
    next: 'send a new command if it is still wanted',
  },
  'not-granted': {
    status: 403,
    title: 'The owner of this machine has not granted this act',
    retry: 'never',
    next: 'grant it in /etc/muster-agent/helper.yaml, which root owns',
  },
  'helper-config': {
    status: 400,
    title: 'The configuration of the helper is not valid',
    retry: 'never',
    next: 'correct the named place in /etc/muster-agent/helper.yaml',
  },
  'program-unsafe': {
    status: 403,
    title: 'A program could be changed by somebody who is not root',
    retry: 'never',
    next: 'give the program and its folder to root and take write permission from everybody else',
  },
})
