// SPDX-License-Identifier: Apache-2.0
/** Failures of enrollment. */
import { defineProblems } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'token-refused': {
    status: 401,
    title: 'This join token is not valid here',
    retry: 'never',
    next: 'ask for a new one: `muster token create`',
  },
  'nonce-refused': {
    status: 400,
    title: 'The nonce is unknown or too old',
    retry: 'backoff',
    next: 'fetch a new nonce and try again',
  },
  'proof-refused': {
    status: 400,
    title: 'The proof does not fit the key of the request',
    retry: 'never',
    next: 'sign the nonce with the key of the certificate request',
  },
  'lobby-closed': {
    status: 403,
    title: 'This controller admits by join token only',
    retry: 'never',
    next: 'enroll with a join token: `muster token create`',
  },
  'lobby-full': {
    status: 503,
    title: 'Too many machines wait for approval',
    retry: { afterMs: 60_000 },
    next: 'decide about those that wait: `muster lobby ls`',
  },
  'enrollment-refused': {
    status: 403,
    title: 'Somebody refused this machine',
    retry: 'never',
    next: 'ask the person who runs the controller',
  },
  'registration-mismatch': {
    status: 409,
    title: 'The machine fits a registration only in part',
    retry: 'never',
    next: 'mend the registration, or delete it and register the machine by what it reports',
  },
  'already-decided': { status: 409, title: 'This request has been decided already', retry: 'never' },
  'certificate-not-renewable': {
    status: 403,
    title: 'This certificate cannot be renewed',
    retry: 'never',
    next: 'enroll the machine anew with a fresh join token',
  },
  'renewed-too-often': {
    status: 429,
    title: 'This host was given two certificates today',
    retry: { afterMs: 3_600_000 },
    next: 'wait until tomorrow',
  },
})
