// SPDX-License-Identifier: Apache-2.0
/** What webhooks themselves tell of. */
import { Type } from 'typebox'
import { type EventKind, resourceEvents } from '../../kernel/event-types.ts'

const Text = Type.String()

export const WEBHOOK_EVENTS: readonly EventKind[] = [
  ...resourceEvents('webhook', 'A webhook'),
  {
    type: 'webhook.disabled',
    title: 'A webhook was switched off because nothing could be delivered for days',
    subject: 'webhook',
    data: Type.Object({ name: Text, failingSince: Text, why: Text }),
  },
  {
    type: 'webhook.lost',
    title: 'Events were no longer kept when a webhook came to read them',
    subject: 'webhook',
    data: Type.Object({ name: Text, from: Type.Integer(), to: Type.Integer() }),
  },
  {
    type: 'webhook.ping',
    title: 'A test that somebody asked for',
    subject: 'webhook',
    data: Type.Object({ by: Text }),
  },
]
