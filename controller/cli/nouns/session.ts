// SPDX-License-Identifier: Apache-2.0
/** `muster session`: who is signed in. */
import { type Noun, shared } from '../grammar.ts'

const { yes, dryRun, reason } = shared

export const session: Noun = {
  name: 'session',
  summary: 'Sessions of people who are signed in',
  verbs: [
    {
      name: 'ls',
      summary: 'List your sessions',
      options: [{ flags: '--all', about: 'those of everybody' }],
      examples: [{ line: 'muster session ls --all', says: 'from where, and since when' }],
      load: async () => (await import('../verbs/session.ts')).listing,
    },
    {
      name: 'revoke',
      summary: 'End a session',
      arguments: [{ spelled: '<id>', about: 'id of the session' }],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster session revoke 01JD2Z9B3Q8V5K7M4N6P0R2S4Z --dry-run', says: 'at once' }],
      load: async () => (await import('../verbs/session.ts')).revoking,
    },
  ],
}
