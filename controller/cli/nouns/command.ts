// SPDX-License-Identifier: Apache-2.0
/** `muster command`: what was asked of hosts, and what became of it. */
import { HOST, type Noun, shared } from '../grammar.ts'

const { wait, dryRun, reason, key, expires } = shared
const ID = { spelled: '<id>', about: 'id of the command', completes: 'command' } as const

export const command: Noun = {
  name: 'command',
  summary: 'What was asked of hosts, and what became of it',
  verbs: [
    {
      name: 'ls',
      summary: 'List commands, newest first',
      options: [
        { flags: '--host <host>', about: 'only those of one host', completes: 'host' },
        {
          flags: '--state <state>',
          about: 'only those in a state',
          completes: ['queued', 'sent', 'succeeded', 'failed', 'refused', 'expired', 'cancelled'],
        },
        { flags: '--limit <n>', about: 'at most so many (50)' },
      ],
      examples: [{ line: 'muster command ls --host press-04 --state failed', says: 'what failed there' }],
      load: async () => (await import('../verbs/command.ts')).listing,
    },
    {
      name: 'get',
      summary: 'Show one command and its result',
      arguments: [ID],
      examples: [{ line: 'muster command get 01JD2Z9B3Q8V5K7M4N6P0R2S4T -o yaml', says: 'with input and output' }],
      load: async () => (await import('../verbs/command.ts')).getting,
    },
    {
      name: 'wait',
      summary: 'Wait for the end of a command',
      arguments: [ID],
      examples: [
        {
          line: 'muster command wait 01JD2Z9B3Q8V5K7M4N6P0R2S4T --timeout 60s',
          says: 'exit code 10 when it takes longer',
        },
      ],
      load: async () => (await import('../verbs/command.ts')).waiting,
    },
    {
      name: 'cancel',
      summary: 'Take back a command that still waits',
      arguments: [ID],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster command cancel 01JD2Z9B3Q8V5K7M4N6P0R2S4T', says: 'only before the host has it' }],
      load: async () => (await import('../verbs/command.ts')).cancelling,
    },
    {
      name: 'run',
      summary: 'Send any command that a section has',
      arguments: [
        HOST,
        { spelled: '<section>', about: 'section that has the command' },
        { spelled: '<name>', about: 'name of the command' },
      ],
      options: [
        { flags: '--input <json>', about: 'JSON, @file, or - for standard input' },
        reason,
        expires,
        wait,
        key,
        dryRun,
      ],
      writes: true,
      examples: [
        {
          line: `muster command run press-04 power reboot --input '{"delaySeconds":60}' --wait`,
          says: 'with input, and its result',
        },
        {
          line: 'muster command run press-04 power reboot --idempotency-key job-17',
          says: 'safe to repeat from a script',
        },
      ],
      load: async () => (await import('../verbs/command.ts')).running,
    },
  ],
}
