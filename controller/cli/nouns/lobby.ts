// SPDX-License-Identifier: Apache-2.0
/** `muster lobby`: machines that wait for somebody to let them in. */
import { type Noun, shared } from '../grammar.ts'

const { label, reason, dryRun } = shared
const ID = { spelled: '<id>', about: 'id of the waiting machine' } as const

export const lobby: Noun = {
  name: 'lobby',
  summary: 'Machines that wait to be let in',
  verbs: [
    {
      name: 'ls',
      summary: 'List waiting machines',
      examples: [{ line: 'muster lobby ls -o wide', says: 'with the fingerprints of their keys, to compare' }],
      load: async () => (await import('../verbs/lobby.ts')).listing,
    },
    {
      name: 'accept',
      summary: 'Let a machine in',
      arguments: [ID],
      options: [
        { flags: '--name <name>', about: 'what it shall be called' },
        { flags: '--site <site>', about: 'the site it stands at' },
        label,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster lobby accept 01JD2Z9B3Q8V5K7M4N6P0R2S4W --name press-05 -l line=5',
          says: 'with a name and a label',
        },
      ],
      load: async () => (await import('../verbs/lobby.ts')).accepting,
    },
    {
      name: 'reject',
      summary: 'Send a machine away',
      arguments: [ID],
      options: [reason, dryRun],
      writes: true,
      examples: [
        {
          line: 'muster lobby reject 01JD2Z9B3Q8V5K7M4N6P0R2S4W --reason "not ours"',
          says: 'the reason is kept in the audit',
        },
      ],
      load: async () => (await import('../verbs/lobby.ts')).rejecting,
    },
  ],
}
