// SPDX-License-Identifier: Apache-2.0
/** `muster org`: organisations, which own projects. */
import { type ArgumentSpec, type Noun, shared } from '../grammar.ts'

const { yes, dryRun, reason } = shared
const NAME: ArgumentSpec = { spelled: '<org>', about: 'name of the organisation' }

export const org: Noun = {
  name: 'org',
  summary: 'Organisations, which own projects',
  verbs: [
    {
      name: 'ls',
      summary: 'List the organisations of the projects you may enter',
      examples: [{ line: 'muster org ls', says: 'projects that name no other belong to `default`' }],
      load: async () => (await import('../verbs/org.ts')).listing,
    },
    {
      name: 'get',
      summary: 'Show an organisation',
      arguments: [NAME],
      examples: [{ line: 'muster org get default', says: 'the UUID stands in the names of EIM’s roles' }],
      load: async () => (await import('../verbs/org.ts')).showing,
    },
    {
      name: 'create',
      summary: 'Make an organisation, or change the description of one',
      arguments: [NAME],
      options: [{ flags: '-d, --description <text>', about: 'who it is' }, dryRun],
      writes: true,
      examples: [
        { line: 'muster org create plants -d "All plants"', says: 'muster project create <name> --org plants' },
      ],
      load: async () => (await import('../verbs/org.ts')).creating,
    },
    {
      name: 'rm',
      summary: 'Delete an organisation that owns no project',
      arguments: [NAME],
      options: [reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster org rm plants -y', says: 'its projects must be gone before' }],
      load: async () => (await import('../verbs/org.ts')).removing,
    },
  ],
}
