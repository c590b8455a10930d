// SPDX-License-Identifier: Apache-2.0
/** What happened, in words: the event as a predicate of what it is about. */
import { catalogue } from './catalogue.ts'

export const t = catalogue({
  by: (who: string) => `by ${who}`,
  because: (reason: string) => `“${reason}”`,
  host: {
    online: 'came online',
    offline: (reason: string) => `went away: ${reason}`,
    enrolled: 'was admitted',
    registered: 'was registered',
    approved: 'may come in',
    changed: 'was changed',
    revoked: 'was revoked',
    deleting: 'is being retired',
    deleted: 'was retired',
    quarantined: (why: string) => `was quarantined: ${why}`,
    released: 'was released',
    refused: 'was refused',
    mismatched: 'came with keys that do not fit',
  },
  document: {
    desired: (section: string, revision: number) => `shall change ${section} (r${revision})`,
    reported: (section: string, status: string) => `reported ${section}: ${status}`,
  },
  command: {
    created: (name: string) => `was told to ${name}`,
    sent: (name: string) => `got the command ${name}`,
    finished: (name: string, state: string) => `${name}: ${state}`,
  },
})
