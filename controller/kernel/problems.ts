// SPDX-License-Identifier: Apache-2.0
/** Failures of the kernel. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'not-found': {
    status: 404,
    title: 'There is no such thing here',
    retry: 'never',
    next: 'check the name and the project; list what exists with the matching `ls` command',
  },
  'not-signed-in': { status: 401, title: 'You are not signed in', retry: 'never', next: 'run `muster login`' },
  'not-allowed': {
    status: 403,
    title: 'You may not do this',
    retry: 'never',
    next: 'ask somebody with the named permission',
  },
  conflict: {
    status: 409,
    title: 'This clashes with the present state',
    retry: 'never',
    next: 'read the present state and decide again',
  },
  'quota-exceeded': {
    status: 409,
    title: 'The project has no room for more of these',
    retry: 'never',
    next: 'remove some, or ask whoever runs the installation to raise the quota: `muster project quota`',
  },
  'revision-mismatch': {
    status: 412,
    title: 'Somebody changed it meanwhile',
    retry: 'never',
    next: 'read it again, merge, and send it with the new revision in If-Match',
  },
  'reason-missing': {
    status: 400,
    title: 'This needs a reason',
    retry: 'never',
    next: 'say why, with `--reason` or `reason`',
  },
  'section-not-served': {
    status: 404,
    title: 'No loaded module serves this section',
    retry: 'never',
    next: 'switch on the module that serves it, or name the section under `sections` in the configuration',
  },
  'section-not-writable': {
    status: 409,
    title: 'Another part writes this section',
    retry: 'never',
    next: 'use the routes of the module that owns it',
  },
  'command-unknown': {
    status: 404,
    title: 'The section has no such command',
    retry: 'never',
    next: 'use one it lists',
  },
  'command-delivered': {
    status: 409,
    title: 'The command is already on its way',
    retry: 'never',
    next: 'wait for its result; only commands that wait can be cancelled',
  },
  'command-finished': { status: 409, title: 'The command has already ended', retry: 'never' },
  'queue-full': {
    status: 429,
    title: 'Too many commands wait for this host',
    retry: { afterMs: 30_000 },
    next: 'wait until some have ended, or cancel some',
  },
  'host-revoked': {
    status: 409,
    title: 'This host has been revoked',
    retry: 'never',
    next: 'enroll the machine anew with a fresh join token',
  },
  'host-exists': {
    status: 409,
    title: 'There is a host with this serial number or UUID already',
    retry: 'never',
    next: 'use that host, or delete it first',
  },
  'host-deleting': {
    status: 409,
    title: 'This host is being deleted',
    retry: { afterMs: 5_000 },
    next: 'wait until it is gone; its status says what it waits for',
  },
  'member-not-served': {
    status: 409,
    title: 'No loaded module can bring this about',
    retry: 'never',
    next: 'switch on the module that is named, or leave the member out',
  },
  'no-answer': {
    status: 504,
    title: 'The host never said what became of it',
    retry: 'never',
    next: 'look at the host before sending it again: it may or may not have run',
  },
  'expired-waiting': {
    status: 410,
    title: 'The deadline passed before the host was there',
    retry: 'never',
    next: 'send it again with a longer `--expires` if it is still wanted',
  },
  'setup-refused': {
    status: 401,
    title: 'This one-time link is not valid',
    retry: 'never',
    next: 'make a new one on the controller: `muster-controller admin link`',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'This idempotency key was used for another request',
    retry: 'never',
    next: 'use a new key for a new request',
  },
  'module-graph': {
    status: 500,
    title: 'The modules do not fit together',
    retry: 'never',
    next: 'correct the configuration',
  },
})
