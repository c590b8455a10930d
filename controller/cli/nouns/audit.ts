// SPDX-License-Identifier: Apache-2.0
/** `muster audit`: who did what, and the proof of it. */
import type { Noun, OptionSpec } from '../grammar.ts'

const chain: OptionSpec = {
  flags: '--chain <name>',
  about: 'installation, or project:<name> (that of the project)',
  completes: ['installation'],
}

export const audit: Noun = {
  name: 'audit',
  summary: 'Who did what, and the proof of it',
  verbs: [
    {
      name: 'ls',
      summary: 'Show what was done, oldest of the shown first',
      options: [
        chain,
        { flags: '--since <when>', about: 'a duration back (24h), a time, or the number of an entry' },
        { flags: '--until <when>', about: 'a duration back (1h) or a time: only what came before' },
        { flags: '--person <name>', about: 'done by them: a name or an id' },
        { flags: '--action <action>', about: 'an action or its first words: host.delete, host' },
        { flags: '--target <id>', about: 'done to this: host-1a2b3c4d' },
        { flags: '--outcome <outcome>', about: 'done or refused', completes: ['done', 'refused'] },
        { flags: '--limit <n>', about: 'at most so many (50)' },
      ],
      examples: [
        { line: 'muster audit ls --limit 20', says: 'the last twenty entries of the project' },
        { line: 'muster audit ls --action host --outcome refused', says: 'what hosts were not allowed to have done' },
        { line: 'muster audit ls --chain installation --since 24h', says: 'sign-ins, tokens, backups of the last day' },
      ],
      load: async () => (await import('../verbs/audit.ts')).listing,
    },
    {
      name: 'export',
      summary: 'Save a chain with its signatures',
      options: [chain, { flags: '-f, --file <path>', about: 'where to; standard output without it' }],
      examples: [{ line: 'muster audit export -f audit.ndjson', says: 'NDJSON that `audit verify` reads' }],
      load: async () => (await import('../verbs/audit.ts')).exporting,
    },
    {
      name: 'key',
      summary: 'Print the key that proves exports',
      details: 'Keep it apart from the exports: whoever can replace both proves nothing.',
      examples: [{ line: 'muster audit key', says: 'PEM; -o json shows its id too' }],
      load: async () => (await import('../verbs/audit.ts')).key,
    },
    {
      name: 'verify',
      summary: 'Prove that an export is whole and unchanged',
      details: 'Works without a controller. The first bad entry is named, and the exit code is 12.',
      arguments: [{ spelled: '<file>', about: 'an export; - for standard input' }],
      options: [{ flags: '--key <path>', about: 'public key of the audit; may be repeated', repeat: true }],
      examples: [
        { line: 'muster audit verify export.ndjson --key audit.pub', says: 'needs nothing but these two files' },
      ],
      load: async () => (await import('../verbs/audit-verify.ts')).verifying,
    },
  ],
}
