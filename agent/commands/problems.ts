// SPDX-License-Identifier: Apache-2.0
/** Why a host refuses what it was sent. */
import { defineProblems } from '../../plugins/contract/index.ts'

const resend = 'send it again from a controller that this host trusts'

export const problem = defineProblems({
  'message-unreadable': {
    status: 400,
    title: 'The message is too large, too deep or not what it should be',
    retry: 'never',
    next: resend,
  },
  'unknown-key': {
    status: 403,
    title: 'The message is signed by a key this host does not know',
    retry: 'never',
    next: resend,
  },
  'bad-signature': { status: 403, title: 'The signature of the message does not verify', retry: 'never', next: resend },
  'wrong-audience': {
    status: 403,
    title: 'The message is for another host, project or installation',
    retry: 'never',
    next: resend,
  },
  'stale-epoch': {
    status: 409,
    title: 'The message comes from a controller as it was before a restore',
    retry: 'never',
    next: resend,
  },
  'not-yet-valid': {
    status: 409,
    title: 'The command lies in the future',
    retry: 'never',
    next: 'compare the clocks of controller and host',
  },
  expired: {
    status: 410,
    title: 'The deadline had passed when the command reached the host',
    retry: 'never',
    next: 'send it again with a longer `--expires` if it is still wanted',
  },
  'digest-mismatch': { status: 403, title: 'The content is not the one that was signed', retry: 'never', next: resend },
  'local-policy': {
    status: 403,
    title: 'The owner of this machine forbids it',
    retry: 'never',
    next: 'ask whoever owns the policy file on the machine',
  },
  'approval-missing': {
    status: 403,
    title: 'A second person must approve this',
    retry: 'never',
    next: 'have it approved by somebody with another account',
  },
  'command-unsupported': {
    status: 404,
    title: 'This host has no plugin that can do it',
    retry: 'never',
    next: 'look at the capabilities the host reports',
  },
  'too-many-commands': {
    status: 429,
    title: 'Too many commands wait on this host',
    retry: { afterMs: 30_000 },
    next: 'wait until some have ended',
  },
  'revision-rollback': {
    status: 409,
    title: 'The document is older than the one this host holds',
    retry: 'never',
    next: 'write it anew, which gives it a higher revision',
  },
})
