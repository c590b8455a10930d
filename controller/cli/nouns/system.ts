// SPDX-License-Identifier: Apache-2.0
/** `muster system`: the controller itself. */
import { type Noun, shared } from '../grammar.ts'

const { yes, dryRun, reason } = shared

export const system: Noun = {
  name: 'system',
  summary: 'The controller itself',
  verbs: [
    {
      name: 'status',
      summary: 'Show what runs and how it is',
      details: 'What is not as it should be is listed below, the worst first, with what to do.',
      examples: [{ line: 'muster system status', says: 'version, uptime, connections, size of the database' }],
      load: async () => (await import('../verbs/system.ts')).status,
    },
    {
      name: 'modules',
      summary: 'List the modules',
      examples: [{ line: 'muster system modules', says: 'which are on' }],
      load: async () => (await import('../verbs/system.ts')).modules,
    },
    {
      name: 'certificates',
      summary: 'Show which certificates end when',
      examples: [{ line: 'muster system certificates', says: 'of the controller, and how many of hosts' }],
      load: async () => (await import('../verbs/system.ts')).certificates,
    },
    {
      name: 'backup',
      summary: 'Save the database while it is in use',
      options: [{ flags: '-f, --file <path>', about: 'where to; - for standard output' }, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster system backup -f muster.db', says: 'asks before it replaces a file' }],
      load: async () => (await import('../verbs/backup.ts')).backup,
    },
    {
      name: 'restore',
      summary: 'Put a backup in place of the database',
      details: 'Everything since the backup is lost, and the controller restarts.',
      options: [{ flags: '-f, --file <path>', about: 'the backup' }, reason, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster system restore -f backup.db -y', says: 'without being asked' }],
      load: async () => (await import('../verbs/backup.ts')).restore,
    },
  ],
}
