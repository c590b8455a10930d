// SPDX-License-Identifier: Apache-2.0
/** Failures of signing in and of giving rights. */
import { defineProblems, MINUTE, SECOND } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'sign-in-refused': {
    status: 401,
    title: 'Name, password or code is wrong',
    retry: 'never',
    next: 'check them; an administrator can send a new invitation: `muster person invite NAME`',
  },
  'code-needed': {
    status: 401,
    title: 'The code of your authenticator is needed too',
    retry: 'never',
    next: 'send it as `totp`; a recovery code does as well',
  },
  'code-refused': {
    status: 400,
    title: 'The code does not fit the secret that was shown last',
    retry: 'never',
    next: 'check the clock of your authenticator and begin again',
  },
  'sign-in-waits': {
    status: 429,
    title: 'Too many failed attempts for this name',
    retry: { afterMs: 15 * MINUTE },
    next: 'wait as Retry-After says',
  },
  'sign-in-busy': {
    status: 429,
    title: 'Too many sign in at this moment',
    retry: { afterMs: 2 * SECOND },
    next: 'try again in a few seconds',
  },
  'binding-exists': {
    status: 409,
    title: 'They have this role there already',
    retry: 'never',
    next: 'see `muster role bindings`',
  },
  'password-weak': {
    status: 400,
    title: 'This password is too easy to guess',
    retry: 'never',
    next: 'take at least 12 characters that are neither common nor your name; four random words are fine',
  },
  'invite-refused': {
    status: 401,
    title: 'This invitation is not valid',
    retry: 'never',
    next: 'ask for a new one: `muster person invite NAME`',
  },
  'name-taken': {
    status: 409,
    title: 'Somebody signs in under this name already',
    retry: 'never',
    next: 'take another name',
  },
  'not-yourself': {
    status: 409,
    title: 'You cannot do this to yourself',
    retry: 'never',
    next: 'ask another administrator',
  },
  'role-unknown': { status: 400, title: 'There is no such role', retry: 'never', next: 'see `muster role ls`' },
  'role-in-use': {
    status: 409,
    title: 'Bindings still use this role',
    retry: 'never',
    next: 'remove the bindings named here first',
  },
  'more-than-you-have': {
    status: 403,
    title: 'You cannot give or take what you do not have yourself',
    retry: 'never',
    next: 'ask somebody who has the named permission there',
  },
  'provider-refused': {
    status: 401,
    title: 'The sign-in at the identity provider was not accepted',
    retry: 'never',
    next: 'start again; if it persists, compare issuer, client and redirect address on both sides',
  },
  'provider-misconfigured': {
    status: 500,
    title: 'An identity provider is not configured right',
    retry: 'never',
    next: 'correct `modules.access.oidc`',
  },
  'provider-unreachable': {
    status: 502,
    title: 'The identity provider did not answer as expected',
    retry: 'backoff',
    next: 'check that the controller reaches the issuer named in the configuration',
  },
})
