// SPDX-License-Identifier: Apache-2.0
/** `muster system`: the controller itself. */
import { type Noun, shared } from '../grammar.ts'

const { yes, dryRun, reason, expires } = shared

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
    {
      name: 'packages',
      summary: 'Show what machines can install from the controller, and the lines they join with',
      options: [{ flags: '--cloud-init', about: 'user data for cloud-init in place of the lines' }],
      examples: [
        { line: 'muster system packages', says: 'versions, fingerprints, three lines for apt and for dnf' },
        { line: 'muster system packages --cloud-init', says: 'for machines that configure themselves' },
      ],
      load: async () => (await import('../verbs/packages.ts')).packages,
    },
    {
      name: 'offline-kit',
      summary: 'Save packages, keys and a script for machines without a network',
      details: 'The script looks at signatures before it installs, and needs the fingerprint that is printed here.',
      options: [
        { flags: '--out <path>', about: 'where to; - for standard output (muster-kit.tar)' },
        { flags: '--arch <name>', about: 'amd64 or arm64 (amd64)', repeat: true, completes: ['amd64', 'arm64'] },
        { flags: '--format <name>', about: 'deb or rpm (all there are)', repeat: true, completes: ['deb', 'rpm'] },
        { flags: '--package <name>', about: 'with what it needs (muster-agent)', repeat: true },
        { flags: '--uses <n>', about: 'put in a join token that so many machines may use' },
        expires,
        yes,
        dryRun,
      ],
      writes: true,
      examples: [
        { line: 'muster system offline-kit --out kit.tar', says: 'and prints the line to run on the machine' },
        {
          line: 'muster system offline-kit --out line4.tar --arch arm64 --format deb --uses 4 --expires 8h',
          says: 'for four machines, which join with the token in it',
        },
      ],
      load: async () => (await import('../verbs/packages.ts')).offlineKit,
    },
  ],
}
