// SPDX-License-Identifier: Apache-2.0
/** `muster section`: what a host should be and what it says it is. */
import { HOST, type Noun, shared } from '../grammar.ts'

const { wait, dryRun, yes } = shared
const SECTION = { spelled: '<section>', about: 'name of the section' } as const

export const section: Noun = {
  name: 'section',
  summary: 'What a host should be, and what it says it is',
  verbs: [
    {
      name: 'ls',
      summary: 'List the sections of a host',
      arguments: [HOST],
      examples: [{ line: 'muster section ls press-04', says: 'desired and reported revisions, and why they differ' }],
      load: async () => (await import('../verbs/section.ts')).listing,
    },
    {
      name: 'get',
      summary: 'Show what is desired of a section, or what was reported',
      details: 'Without -o it prints the content alone, as YAML that `section set` reads again.',
      arguments: [HOST, SECTION],
      options: [{ flags: '--reported', about: 'what the host says instead' }],
      examples: [
        { line: 'muster section get press-04 maintenance', says: 'the desired content' },
        { line: 'muster section get press-04 power --reported -o json', says: 'what the host last said' },
      ],
      load: async () => (await import('../verbs/section.ts')).getting,
    },
    {
      name: 'set',
      summary: 'Say what a section should become',
      arguments: [HOST, SECTION],
      options: [
        { flags: '-f, --file <path>', about: 'YAML or JSON; - for standard input' },
        { flags: '--if-match <revision>', about: 'only if it still has this revision (exit code 7)' },
        wait,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: 'muster section set press-04 maintenance -f windows.yaml --if-match 3',
          says: 'refused if somebody was faster',
        },
        { line: 'muster section set press-04 maintenance -f windows.yaml --dry-run', says: 'what would be sent' },
      ],
      load: async () => (await import('../verbs/section.ts')).setting,
    },
    {
      name: 'unset',
      summary: 'Stop managing a section',
      details: 'The host keeps what it has; nobody looks after it any more.',
      arguments: [HOST, SECTION],
      options: [{ flags: '--if-match <revision>', about: 'only if it still has this revision' }, yes, dryRun],
      writes: true,
      examples: [{ line: 'muster section unset press-04 maintenance -y', says: 'without being asked' }],
      load: async () => (await import('../verbs/section.ts')).unsetting,
    },
  ],
}
