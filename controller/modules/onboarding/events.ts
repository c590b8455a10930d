// SPDX-License-Identifier: Apache-2.0
/** What the way in tells of. */
import { Type } from 'typebox'
import type { EventKind } from '../../kernel/event-types.ts'

const Text = Type.String()
const Maybe = Type.Optional(Type.String())
const OrNull = Type.Optional(Type.Union([Text, Type.Null()]))

export const ONBOARDING_EVENTS: readonly EventKind[] = [
  {
    type: 'token.created',
    title: 'A join token was made',
    subject: 'token',
    data: Type.Object({ by: Text, uses: Type.Integer(), expiresAt: Text }),
  },
  {
    type: 'token.used',
    title: 'A machine came in with a join token',
    subject: 'token',
    data: Type.Object({ host: Maybe, address: Text }),
  },
  { type: 'token.revoked', title: 'A join token was made useless', subject: 'token', data: Type.Object({ by: Text }) },
  {
    type: 'lobby.waiting',
    title: 'A machine waits for somebody to decide',
    subject: 'request',
    data: Type.Object({ why: Text, address: Text, name: OrNull, token: Maybe }),
  },
  {
    type: 'lobby.decided',
    title: 'It was decided on a machine that waited',
    subject: 'request',
    data: Type.Object({ accepted: Type.Boolean(), by: Maybe, host: Maybe }),
  },
  {
    type: 'host.mismatched',
    title: 'A machine came that fits a registered host in one key and not in the other',
    subject: 'host',
    data: Type.Object({ why: Text }),
  },
]
