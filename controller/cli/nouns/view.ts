// SPDX-License-Identifier: Apache-2.0
/** `muster view`: searches that are kept under a name. */
import { type ArgumentSpec, type Noun, type OptionSpec, shared } from '../grammar.ts'

const { yes, dryRun } = shared
const VIEW: ArgumentSpec = { spelled: '<view>', about: 'id or name of the view' }
const page: OptionSpec = { flags: '--page <page>', about: 'the page it is a view of (hosts)' }
const isShared: OptionSpec = { flags: '--shared', about: 'with everybody in the project' }

export const view: Noun = {
  name: 'view',
  summary: 'Searches kept under a name, as the dashboard shows them',
  verbs: [
    {
      name: 'ls',
      summary: 'List views: those of the project and your own',
      options: [page],
      examples: [
        { line: 'muster view ls', says: 'of all pages' },
        { line: 'muster view ls --page hosts -o json', says: 'those of the list of hosts, for a program' },
      ],
      load: async () => (await import('../verbs/view.ts')).listing,
    },
    {
      name: 'save',
      summary: 'Keep a search under a name; one of the same name is replaced',
      arguments: [
        { spelled: '<name>', about: 'what to call it' },
        { spelled: '<words>', about: 'what to look for, as after -q' },
      ],
      options: [page, isShared, dryRun],
      writes: true,
      examples: [
        { line: "muster view save 'line 4' 'line:4 reachability:offline'", says: 'for yourself' },
        { line: "muster view save old 'agent:<2.3' --shared --dry-run", says: 'what would be sent' },
      ],
      load: async () => (await import('../verbs/view.ts')).saving,
    },
    {
      name: 'rm',
      summary: 'Remove a view',
      arguments: [VIEW],
      options: [page, isShared, yes, dryRun],
      writes: true,
      examples: [{ line: "muster view rm 'line 4' --dry-run", says: 'shows which one that is' }],
      load: async () => (await import('../verbs/view.ts')).removing,
    },
  ],
}
