// SPDX-License-Identifier: Apache-2.0
/** Failures of out-of-band management that more than one part of it meets. */
import { defineProblems } from '../../../plugins/contract/index.ts'

export const problem = defineProblems({
  'amt-not-connected': {
    status: 404,
    title: 'The device is not connected',
    retry: { afterMs: 30_000 },
    next: 'see `muster oob status` for why it is away; a device that is activated dials in by itself',
  },
  'amt-channel-refused': {
    status: 502,
    title: 'The device refused to open a channel to one of its ports',
    retry: 'backoff',
    next: 'see whether the feature behind that port is switched on',
  },
  'amt-timeout': {
    status: 504,
    title: 'The device did not answer in time',
    retry: 'backoff',
    next: 'read back what became of it before trying again',
  },
  'amt-unauthorized': {
    status: 502,
    title: 'The device does not accept the password we have for it',
    retry: 'never',
    next: 'activate it again, or tell the password that is in force with `muster oob password <host> --current`',
  },
  'amt-fault': {
    status: 502,
    title: 'The device answered with a fault',
    retry: 'backoff',
    next: 'see the fault code; the firmware may not have this feature',
  },
  'amt-unexpected': {
    status: 502,
    title: 'The device answered with something we cannot read',
    retry: 'never',
    next: 'update its firmware; if it goes on, report the version',
  },
  'amt-refused': {
    status: 409,
    title: 'The firmware refused the request',
    retry: 'never',
    next: 'see the status it gave',
  },
  'amt-consent-needed': {
    status: 403,
    title: 'A person at the host must consent',
    retry: 'never',
    next: 'ask with `muster oob consent <host> request`, then `muster oob consent <host> send` and the code on the screen',
  },
  'amt-unsupported': {
    status: 400,
    title: 'This device cannot do that',
    retry: 'never',
    next: 'see `muster oob status` for what it can do',
  },
})
