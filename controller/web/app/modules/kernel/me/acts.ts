// SPDX-License-Identifier: Apache-2.0
/** What people do about their own way in: password, second factor, sessions. */
import { defineAct, quoted } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

export const changePassword = defineAct<{ readonly password: string; readonly current?: string }>({
  name: 'password.change',
  riskClass: 1,
  permission: undefined,
  cli: () => 'muster person password',
  calls: ({ password, current }) => [
    call('PUT', '/v1/access/people/{person}/password', {
      path: { person: 'me' },
      body: { password, ...(current === undefined ? {} : { current }) },
    }),
  ],
  example: { password: 'three red kettles sing', current: 'two green lamps glow' },
})

export const beginTotp = defineAct<{ readonly password: string }>({
  name: 'totp.begin',
  riskClass: 1,
  permission: undefined,
  cli: () => 'muster person totp',
  calls: ({ password }) => [call('POST', '/v1/access/totp', { body: { password } })],
  example: { password: 'three red kettles sing' },
})

export const confirmTotp = defineAct<{ readonly code: string }>({
  name: 'totp.confirm',
  riskClass: 1,
  permission: undefined,
  // The command line asks for the code where it shows the secret.
  cli: () => 'muster person totp',
  calls: ({ code }) => [call('POST', '/v1/access/totp/confirm', { body: { code } })],
  example: { code: '123456' },
})

export const endSessions = defineAct<{ readonly ids: readonly string[] }>({
  name: 'session.end-own',
  riskClass: 1,
  permission: undefined,
  cli: ({ ids }) => ids.map(id => `muster session revoke -y ${quoted(id)}`).join('\n'),
  calls: ({ ids }) => ids.map(session => call('DELETE', '/v1/access/sessions/{session}', { path: { session } })),
  example: { ids: ['01JD2Z9B3Q8V5K7M4N6P0R2S4Z'] },
})

export const acts = [changePassword, beginTotp, confirmTotp, endSessions] as const
