// SPDX-License-Identifier: Apache-2.0
/** `muster token`: join tokens, with which machines come in. */
import { type Noun, shared } from '../grammar.ts'

const { label, expires, yes, dryRun } = shared

export const token: Noun = {
  name: 'token',
  summary: 'Join tokens, with which machines come in',
  verbs: [
    {
      name: 'create',
      summary: 'Make a join token and print the line to paste on a machine',
      options: [
        { flags: '--uses <n>', about: 'how many machines may use it (1)' },
        expires,
        label,
        { flags: '--needs-approval', about: 'machines wait in the lobby' },
        { flags: '--host-serial <serial>', about: 'only for the machine with this serial number' },
        { flags: '--cidr <range>', about: 'only from this network' },
        { flags: '--host <host>', about: 'its machine becomes this host', completes: 'host' },
        { flags: '--site <site>', about: 'its machines stand at this site' },
        { flags: '--note <text>', about: 'what it is for' },
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster token create --uses 1 --expires 1h --label site=berlin',
          says: 'prints: muster-agent enroll <url> <token>',
        },
        {
          line: 'muster token create --uses 20 --expires 8h --cidr 10.1.0.0/16 --needs-approval',
          says: 'for a shift in the workshop',
        },
      ],
      load: async () => (await import('../verbs/token.ts')).creating,
    },
    {
      name: 'ls',
      summary: 'List join tokens',
      examples: [{ line: 'muster token ls', says: 'uses left, end, and where it may be used' }],
      load: async () => (await import('../verbs/token.ts')).listing,
    },
    {
      name: 'revoke',
      summary: 'Make a join token useless',
      arguments: [{ spelled: '<id>', about: 'id of the token; put -- before one that starts with a dash' }],
      options: [yes, dryRun],
      writes: true,
      examples: [{ line: 'muster token revoke -y AAAAAAAAAAAAAAAAAAAAAA', says: 'hosts that came in with it stay' }],
      load: async () => (await import('../verbs/token.ts')).revoking,
    },
  ],
}
