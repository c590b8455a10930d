// SPDX-License-Identifier: Apache-2.0
/** Failures of the HTTP side, before a request reaches anything of ours. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'invalid-json': {
    status: 400,
    title: 'The body is not JSON we accept',
    retry: 'never',
    next: 'send one JSON object, without __proto__ members',
  },
  'body-too-large': { status: 413, title: 'The body is too large', retry: 'never', next: 'send at most 64 KB' },
  'unsupported-media-type': {
    status: 415,
    title: 'This media type is not accepted here',
    retry: 'never',
    next: 'send application/json',
  },
  'route-unknown': {
    status: 404,
    title: 'There is no such path',
    retry: 'never',
    next: 'see /openapi.json for what is served',
  },
  'bad-request': {
    status: 400,
    title: 'The request cannot be read',
    retry: 'never',
    next: 'check its path, headers and encoding',
  },
  'unknown-host-name': {
    status: 421,
    title: 'This controller does not answer to that name',
    retry: 'never',
    next: 'use a name the controller knows, or add it to `http.names`',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    retry: { afterMs: 60_000 },
    next: 'wait as Retry-After says',
  },
  overloaded: {
    status: 503,
    title: 'The controller is overloaded',
    retry: { afterMs: 5_000 },
    next: 'try again in a few seconds',
  },
  'two-credentials': {
    status: 400,
    title: 'Two kinds of credential were sent',
    retry: 'never',
    next: 'send a bearer token or a cookie, not both',
  },
  'cursor-invalid': {
    status: 400,
    title: 'This cursor was not made by us',
    retry: 'never',
    next: 'start again without a cursor',
  },
})
