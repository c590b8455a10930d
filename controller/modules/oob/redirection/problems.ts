// SPDX-License-Identifier: Apache-2.0
/** Failures of redirection. */
import { defineProblems } from '../../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'redirection-busy': {
    status: 409,
    title: 'The device already has such a session',
    retry: 'backoff',
    next: 'end it with `DELETE …/oob/redirections/:id`, or wait until it ends',
  },
  'redirection-limit': {
    status: 429,
    title: 'Too many redirection sessions',
    retry: { afterMs: 60_000 },
    next: 'end one that is not needed any more',
  },
  'redirection-protocol': {
    status: 502,
    title: 'The redirection port said something we cannot read',
    retry: 'never',
    next: 'see whether the port speaks TLS; if not, report the firmware version',
  },
  'redirection-refused': {
    status: 502,
    title: 'The device refused to start redirection',
    retry: 'backoff',
    next: 'see whether the feature is switched on, and whether another console is connected to the device',
  },
  'redirection-ended': {
    status: 410,
    title: 'The redirection session has ended',
    retry: 'never',
    next: 'start another one',
  },
  'redirection-unknown': {
    status: 404,
    title: 'There is no such redirection session',
    retry: 'never',
    next: 'list those that live with `GET …/oob/redirections`',
  },
  'recording-failed': {
    status: 507,
    title: 'The recording could not be kept',
    retry: 'backoff',
    next: 'make room in the store of recordings; sessions that must be recorded do not run without it',
  },
  'image-unknown': {
    status: 404,
    title: 'There is no such image',
    retry: 'never',
    next: 'list images with `GET …/oob/images`',
  },
  'image-invalid': {
    status: 422,
    title: 'This image cannot be served',
    retry: 'never',
    next: 'its size must be a whole number of sectors: 2,048 bytes for a CD, 512 for a floppy',
  },
  'consent-tries-exhausted': {
    status: 403,
    title: 'The consent code was wrong three times',
    retry: 'never',
    next: 'ask for a new code; the person at the host must read it out again',
  },
})
