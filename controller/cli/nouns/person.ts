// SPDX-License-Identifier: Apache-2.0
/** `muster person`: who may sign in. */
import { type ArgumentSpec, type Noun, shared } from '../grammar.ts'

const { yes, dryRun, reason } = shared
const PERSON: ArgumentSpec = { spelled: '<person>', about: 'name to sign in with, or id' }

export const person: Noun = {
  name: 'person',
  summary: 'People, and how they sign in',
  verbs: [
    {
      name: 'ls',
      summary: 'List people',
      examples: [{ line: 'muster person ls', says: 'with when they were last here' }],
      load: async () => (await import('../verbs/person.ts')).listing,
    },
    {
      name: 'create',
      summary: 'Add a person and print their invitation, once',
      arguments: [{ spelled: '<name>', about: 'what they sign in with' }],
      options: [
        { flags: '--role <role>', about: 'what they may do in the project of the context' },
        { flags: '--everywhere', about: 'the role holds in every project' },
        reason,
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster person create bert --role operator', says: 'they set their password with the link' }],
      load: async () => (await import('../verbs/person.ts')).creating,
    },
    {
      name: 'invite',
      summary: 'Print a new invitation, for who has lost the password',
      arguments: [PERSON],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster person invite anna', says: 'good once and for three days' }],
      load: async () => (await import('../verbs/person.ts')).inviting,
    },
    {
      name: 'disable',
      summary: 'Let somebody in no more',
      arguments: [PERSON],
      options: [reason, dryRun],
      writes: true,
      examples: [{ line: 'muster person disable anna', says: 'sessions and tokens end at once' }],
      load: async () => (await import('../verbs/person.ts')).disabling,
    },
    {
      name: 'enable',
      summary: 'Let somebody in again',
      arguments: [PERSON],
      options: [reason, dryRun],
      writes: true,
      examples: [{ line: 'muster person enable anna', says: 'with the roles they had' }],
      load: async () => (await import('../verbs/person.ts')).enabling,
    },
    {
      name: 'rm',
      summary: 'Forget somebody, with their tokens, sessions and roles',
      arguments: [PERSON],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [
        { line: 'muster person rm anna --reason "left the company" -y', says: 'what they did stays in the audit' },
      ],
      load: async () => (await import('../verbs/person.ts')).removing,
    },
    {
      name: 'password',
      summary: 'Set your own password',
      details: 'On a terminal it asks; elsewhere the files hold one line each.',
      options: [
        { flags: '--password-file <path>', about: 'file that holds the new password' },
        { flags: '--current-file <path>', about: 'file that holds the present one, if there is one' },
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster person password --dry-run', says: 'all your sessions end by it' }],
      load: async () => (await import('../verbs/person-secrets.ts')).password,
    },
    {
      name: 'totp',
      summary: 'Begin with codes of an authenticator, or take them from somebody who lost theirs',
      arguments: [{ spelled: '[person]', about: 'somebody else, with --reset' }],
      options: [{ flags: '--reset', about: 'take the second factor away' }, reason, yes, dryRun],
      writes: true,
      examples: [
        { line: 'muster person totp --dry-run', says: 'your own: it asks for a code and prints recovery codes' },
        { line: 'muster person totp anna --reset --dry-run', says: 'after the phone was lost' },
      ],
      load: async () => (await import('../verbs/person-secrets.ts')).totp,
    },
  ],
}
