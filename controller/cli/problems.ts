// SPDX-License-Identifier: Apache-2.0
/** Failures of the command line itself; what the controller answers keeps the controller's codes. */
import { defineProblems } from '../../plugins/contract/problem.ts'

export const problem = defineProblems({
  usage: { status: 400, title: 'The command line is not understood', retry: 'never' },
  'not-confirmed': {
    status: 400,
    title: 'This must be confirmed',
    retry: 'never',
    next: 'look with `--dry-run`, then repeat with `-y`',
  },
  'count-not-confirmed': {
    status: 400,
    title: 'So many hosts must be confirmed by their number',
    retry: 'never',
    next: 'look with `--dry-run`, then repeat with `--confirm-count` and that number',
  },
  'count-differs': {
    status: 409,
    title: 'The number of hosts is not the confirmed one',
    retry: 'never',
    next: 'look with `--dry-run` which hosts it is now',
  },
  'no-context': {
    status: 401,
    title: 'No controller is known here',
    retry: 'never',
    next: 'muster login https://<controller>:8443 --ca-fingerprint sha256:<fingerprint>',
  },
  'no-token': {
    status: 401,
    title: 'There is no token for this controller',
    retry: 'never',
    next: 'run `muster login` again, or set MUSTER_TOKEN',
  },
  'no-home': {
    status: 400,
    title: 'There is no folder to keep contexts in',
    retry: 'never',
    next: 'set MUSTER_HOME, or pass `--home <folder>`',
  },
  'context-unknown': { status: 404, title: 'There is no such context', retry: 'never', next: 'muster context ls' },
  'context-file-exposed': {
    status: 403,
    title: 'Others can read or change the file that holds your tokens',
    retry: 'never',
    next: 'make it yours alone (chown, chmod 600), and think of its tokens as known: revoke them',
  },
  'context-file-broken': {
    status: 422,
    title: 'The file of contexts cannot be read',
    retry: 'never',
    next: 'move it away and sign in again',
  },
  'file-unusable': { status: 422, title: 'The file cannot be used', retry: 'never' },
  'input-unreadable': { status: 422, title: 'The input cannot be read', retry: 'never' },
  'url-unusable': {
    status: 422,
    title: 'This is not the address of a controller',
    retry: 'never',
    next: 'write https://<name>:8443; plain http is for this machine only',
  },
  'fingerprint-differs': {
    status: 495,
    title: 'The controller shows another root certificate than the one expected',
    retry: 'never',
    next: 'compare the fingerprint with what the controller printed; nothing was sent',
  },
  'controller-untrusted': {
    status: 495,
    title: 'The controller could not prove who it is',
    retry: 'never',
    next: 'run `muster login` again with `--ca-fingerprint` or `--ca-file`',
  },
  'controller-unreachable': {
    status: 503,
    title: 'The controller cannot be reached',
    retry: 'backoff',
    next: 'check the address with `muster context show`, then the network',
  },
  'socket-refused': {
    status: 403,
    title: 'The controller does not open this session',
    retry: 'never',
    next: 'see the reason; `muster oob status <host>` shows whether its firmware is connected',
  },
  'answer-strange': {
    status: 502,
    title: 'This does not answer as a controller does',
    retry: 'never',
    next: 'check the address with `muster context show`',
  },
  'name-unknown': {
    status: 404,
    title: 'Nothing has this name',
    retry: 'never',
    next: 'list what exists with the matching `ls`; `-p` chooses the project',
  },
  'name-ambiguous': {
    status: 409,
    title: 'Several have this name',
    retry: 'never',
    next: 'use the id of the one you mean',
  },
  'hosts-failed': {
    status: 500,
    title: 'It did not succeed everywhere',
    retry: 'never',
    next: 'see each with `muster command get <id>`',
  },
  'wait-over': {
    status: 504,
    title: 'The time to wait is over',
    retry: 'never',
    next: 'it goes on without you: `muster command wait <id>` waits again',
  },
  'audit-altered': { status: 422, title: 'The audit was altered', retry: 'never', next: 'keep the file as evidence' },
  'audit-unsigned': {
    status: 422,
    title: 'Nothing in this export is signed',
    retry: 'never',
    next: 'export it again; an export seals the chain first',
  },
  'audit-unreadable': {
    status: 422,
    title: 'This is not an audit export',
    retry: 'never',
    next: 'make one with `muster audit export -f <file>`',
  },
})
