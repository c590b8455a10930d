// SPDX-License-Identifier: Apache-2.0
/** `muster project`: projects, and how much they may hold. */
import { type ArgumentSpec, type Noun, shared } from '../grammar.ts'

const { wait, yes, dryRun, reason } = shared
const NAME: ArgumentSpec = { spelled: '<project>', about: 'name of the project' }

export const project: Noun = {
  name: 'project',
  summary: 'Projects, which cannot see each other, and how much they may hold',
  verbs: [
    {
      name: 'ls',
      summary: 'List the projects you may enter',
      examples: [
        {
          line: 'muster project ls',
          says: 'choose one with -p, for good with `muster context use`',
        },
      ],
      load: async () => (await import('../verbs/project.ts')).listing,
    },
    {
      name: 'get',
      summary: 'Show a project: its UUID, its state, what it may hold',
      arguments: [NAME],
      examples: [{ line: 'muster project get default', says: 'the UUID is what EIM’s clients call ActiveProjectID' }],
      load: async () => (await import('../verbs/project.ts')).showing,
    },
    {
      name: 'create',
      summary: 'Make a project, or change the description of one',
      arguments: [NAME],
      options: [
        { flags: '-d, --description <text>', about: 'what it is for' },
        { flags: '--org <name>', about: 'the organisation that owns it (default)' },
        dryRun,
      ],
      writes: true,
      examples: [{ line: 'muster project create berlin -d "Plant in Berlin"', says: 'it is there at once' }],
      load: async () => (await import('../verbs/project.ts')).creating,
    },
    {
      name: 'rm',
      summary: 'Delete a project with its hosts and everything else in it',
      details:
        'It closes at once: hosts are sent away, tokens and sign-ins end at its door. The rest goes on by itself.',
      arguments: [NAME],
      options: [wait, reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster project rm berlin -y --wait', says: 'returns when nothing is left of it' }],
      load: async () => (await import('../verbs/project.ts')).removing,
    },
    {
      name: 'quota',
      summary: 'Show or set how much a project may hold',
      details: 'Without options it shows. A number limits, `none` lifts the limit; what is not named stays as it is.',
      arguments: [NAME],
      options: [
        { flags: '--hosts <n>', about: 'hosts' },
        { flags: '--join-tokens <n>', about: 'join tokens that still let machines in' },
        { flags: '--queued-commands <n>', about: 'commands without an outcome' },
        { flags: '--regions <n>', about: 'regions' },
        { flags: '--sites <n>', about: 'sites' },
        reason,
        dryRun,
      ],
      writes: true,
      examples: [
        { line: 'muster project quota default', says: 'what is not named has no limit' },
        {
          line: 'muster project quota default --hosts 500 --join-tokens none',
          says: 'for whoever runs the installation',
        },
      ],
      load: async () => (await import('../verbs/project-quota.ts')).limiting,
    },
  ],
}
