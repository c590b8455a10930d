// SPDX-License-Identifier: Apache-2.0
/** What out-of-band management tells of; machines are named by the GUID of their firmware. */
import { Type } from 'typebox'
import type { EventKind } from '../../kernel/event-types.ts'

const Text = Type.String()
const Maybe = Type.Optional(Type.String())

const machine = (what: string, title: string, data: Parameters<typeof Type.Object>[0]): EventKind => ({
  type: `oob.${what}`,
  title,
  subject: 'machine',
  data: Type.Object(data),
})

export const OOB_EVENTS: readonly EventKind[] = [
  machine('activation', 'An activation came a step further or ended', {
    activation: Text,
    verb: Text,
    step: Text,
    why: Text,
    outcome: Maybe,
  }),
  { ...machine('amt', 'What is said of AMT on a host changed', { says: Text, indicator: Text }), subject: 'host' },
  machine('certificate.pinned', 'The certificate that firmware showed first was remembered', {
    sha256: Text,
    why: Text,
  }),
  machine('drift', 'A machine was compared with its profile, or put back to it', {
    state: Text,
    why: Maybe,
    repair: Maybe,
  }),
  machine('duplicate', 'Several machines came with one GUID', {
    hostnames: Type.Array(Text),
    address: Maybe,
  }),
  machine('playbook', 'A run of a recovery playbook moved on', { run: Text, phase: Text, says: Text }),
  machine('power', 'A power order was sent or ended', {
    order: Text,
    action: Text,
    phase: Text,
    code: Type.Optional(Type.Integer()),
    says: Maybe,
  }),
  machine('redirection-opened', 'A remote session was opened', { by: Text }),
  machine('redirection-closed', 'A remote session ended', { by: Text }),
  machine('repair', 'A setting of the firmware was repaired in the course of something else', {
    step: Text,
    why: Text,
  }),
  {
    ...machine('session', 'What is said of remote sessions of a host changed', {
      kind: Text,
      current: Text,
      says: Maybe,
    }),
    subject: 'host',
  },
]
