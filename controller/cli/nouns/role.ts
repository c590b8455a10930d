// SPDX-License-Identifier: Apache-2.0
/** `muster role`: what people may do, and where. */
import { type Noun, shared } from '../grammar.ts'

const { yes, dryRun, label, reason } = shared

export const role: Noun = {
  name: 'role',
  summary: 'Roles, and who has them where',
  verbs: [
    {
      name: 'ls',
      summary: 'List roles',
      examples: [{ line: 'muster role ls -o wide', says: 'with every permission' }],
      load: async () => (await import('../verbs/role.ts')).listing,
    },
    {
      name: 'create',
      summary: 'Add a role of your own',
      arguments: [{ spelled: '<role>', about: 'its name' }],
      options: [
        { flags: '--permission <name>', about: 'what it may do, such as host.read; may be repeated', repeat: true },
        { flags: '--about <text>', about: 'what it is for, in a few words' },
        reason,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster role create doorman --permission host.read --permission host.admit',
          says: 'no more than you have yourself',
        },
      ],
      load: async () => (await import('../verbs/role.ts')).creating,
    },
    {
      name: 'rm',
      summary: 'Remove a role that nobody has',
      arguments: [{ spelled: '<role>', about: 'its name' }],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster role rm labeller -y', says: 'built-in ones stay' }],
      load: async () => (await import('../verbs/role.ts')).removing,
    },
    {
      name: 'bindings',
      summary: 'List who has which role where',
      options: [{ flags: '--of <person>', about: 'only of one person or group' }],
      examples: [{ line: 'muster role bindings --of anna', says: 'only what you may read is shown' }],
      load: async () => (await import('../verbs/role.ts')).bindings,
    },
    {
      name: 'bind',
      summary: 'Give somebody a role in the project (that of the context, or -p)',
      details: 'A denial wins over whatever else they were given. Their sessions end, so that they begin anew with it.',
      arguments: [
        { spelled: '<who>', about: 'a person, or with --group a group of the identity provider' },
        { spelled: '<role>', about: 'name of the role' },
      ],
      options: [
        { flags: '--group', about: 'a group of the identity provider' },
        { flags: '--everywhere', about: 'in every project' },
        { flags: '--site <site>', about: 'only for hosts at this site; may be repeated', repeat: true },
        { ...label, about: 'only for hosts with this label; may be repeated' },
        { flags: '--deny', about: 'take away what the role may' },
        reason,
        dryRun,
      ],
      writes: true,
      examples: [
        { line: 'muster role bind anna operator -l line=4', says: 'for some hosts of the project' },
        { line: 'muster role bind plant-engineers engineer --group', says: 'for a group' },
        { line: 'muster role bind anna security --deny --everywhere --dry-run', says: 'whatever else is given' },
      ],
      load: async () => (await import('../verbs/role.ts')).binding,
    },
    {
      name: 'unbind',
      summary: 'Remove a binding',
      arguments: [{ spelled: '<binding>', about: 'its id, as `muster role bindings` shows it' }],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster role unbind b-0a1b2c3d -y', says: 'of a role or of a denial' }],
      load: async () => (await import('../verbs/role.ts')).unbinding,
    },
  ],
}
