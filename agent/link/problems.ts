// SPDX-License-Identifier: Apache-2.0
/** Failures of the session between a host and its controller. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'session-refused': {
    status: 403,
    title: 'The controller refuses this host',
    retry: { afterMs: 300_000 },
    next: 'look the host up on the controller; if it was retired or revoked, enroll it anew',
  },
  'session-busy': { status: 503, title: 'The controller takes no more hosts just now', retry: 'backoff' },
  'session-lost': { status: 503, title: 'The link to the controller broke', retry: 'backoff' },
  'stale-controller': {
    status: 409,
    title: 'This controller is older than one the host has already spoken to',
    retry: { afterMs: 60_000 },
    next: 'switch off the superseded controller, or restore it as a new installation',
  },
  undeliverable: {
    status: 413,
    title: 'The message broke the link twice and was given up',
    retry: 'never',
    next: 'compare the versions of agent and controller',
  },
  'message-too-large': {
    status: 413,
    title: 'This does not fit into one message',
    retry: 'never',
    next: 'narrow what this section reports or answers',
  },
})
