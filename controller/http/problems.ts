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
  'address-too-long': {
    status: 414,
    title: 'A part of the path is longer than anything here is named',
    retry: 'never',
    next: 'check the id or name in the path',
  },
  'too-many-cookies': {
    status: 431,
    title: 'Too many cookies were sent',
    retry: 'never',
    next: 'clear the cookies of this address in the browser',
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
  'memory-short': {
    status: 503,
    title: 'The controller is short of memory and puts this off',
    retry: { afterMs: 30_000 },
    next: 'try again later; `muster system status` says how much is in use',
  },
  'two-credentials': {
    status: 400,
    title: 'Two kinds of credential were sent',
    retry: 'never',
    next: 'send a bearer token or a cookie, not both',
  },
  'project-not-named': {
    status: 400,
    title: 'The request does not say which project it is about',
    retry: 'never',
    next: 'add `projectName` to the query, or send the header ActiveProjectID with the UUID of the project',
  },
  'project-disagrees': {
    status: 400,
    title: 'The request names two projects',
    retry: 'never',
    next: 'name one project: path, `projectName` and ActiveProjectID must agree',
  },
  'past-not-kept': {
    status: 409,
    title: 'No loaded module keeps what hosts were like',
    retry: 'never',
    next: 'switch on the module inventory; it begins to keep it from then on',
  },
  'events-gone': {
    status: 410,
    title: 'What happened after this cursor is no longer kept, or never was',
    retry: 'never',
    next: 'read the present state anew, then go on without `after`',
  },
  'keys-fixed': {
    status: 409,
    title: 'The keys of a host are fixed once its machine has come',
    retry: 'never',
    next: 'delete the host and register it anew',
  },
  'cross-site': {
    status: 403,
    title: 'A page of another site asked for this',
    retry: 'never',
    next: 'open the dashboard at its own address, or use a bearer token',
  },
})
