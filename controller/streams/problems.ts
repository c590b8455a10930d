// SPDX-License-Identifier: Apache-2.0
/** Failures of streams to hosts. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'stream-host-away': {
    status: 409,
    title: 'The host is not online',
    retry: 'backoff',
    next: 'see `muster host get <host>` for when it was last heard of',
  },
  'stream-limit': {
    status: 429,
    title: 'Too many streams are open to this host',
    retry: { afterMs: 5_000 },
    next: 'close some of them first',
  },
  'stream-memory': {
    status: 503,
    title: 'Memory is short, and no new stream is opened',
    retry: { afterMs: 30_000 },
    next: 'try again later; `muster system status` says how much is in use',
  },
  'stream-closed': {
    status: 502,
    title: 'The stream was closed before the host opened its end',
    retry: 'backoff',
    next: 'see the command that was to open it for what the host said',
  },
})
