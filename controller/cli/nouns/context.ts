// SPDX-License-Identifier: Apache-2.0
/** `muster context`: the controllers this person works with. */
import { type Noun, shared } from '../grammar.ts'

const { dryRun } = shared
const NAME = { spelled: '<name>', about: 'name of the context', completes: 'context' } as const

export const context: Noun = {
  name: 'context',
  summary: 'The controllers you work with',
  verbs: [
    {
      name: 'ls',
      summary: 'List contexts',
      examples: [{ line: 'muster context ls', says: 'the one in use has a star' }],
      load: async () => (await import('../verbs/context.ts')).listing,
    },
    {
      name: 'use',
      summary: 'Choose the context for the lines to come',
      arguments: [NAME],
      options: [dryRun],
      writes: true,
      examples: [
        { line: 'muster context use plant', says: 'a single line takes -c plant instead' },
        { line: 'muster context use plant -p berlin --dry-run', says: 'and the project of the lines to come' },
      ],
      load: async () => (await import('../verbs/context.ts')).using,
    },
    {
      name: 'show',
      summary: 'Show a context, without its token',
      arguments: [{ ...NAME, spelled: '[name]' }],
      examples: [{ line: 'muster context show', says: 'the one in use' }],
      load: async () => (await import('../verbs/context.ts')).showing,
    },
    {
      name: 'ca',
      summary: 'Print the root certificate that a context goes by',
      arguments: [{ ...NAME, spelled: '[name]' }],
      examples: [{ line: 'muster context ca', says: 'PEM, for other programs that must trust the controller' }],
      load: async () => (await import('../verbs/context.ts')).certificate,
    },
    {
      name: 'rm',
      summary: 'Forget a context and its token',
      arguments: [NAME],
      options: [dryRun],
      writes: true,
      examples: [{ line: 'muster context rm plant --dry-run', says: 'the token itself stays valid: revoke it too' }],
      load: async () => (await import('../verbs/context.ts')).removing,
    },
  ],
}
