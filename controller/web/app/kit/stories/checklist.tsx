// SPDX-License-Identifier: Apache-2.0
/** Steps in each of their states. */
import { Checklist } from '../checklist.tsx'
import type { Story } from '../story.ts'

const CHECKS = [
  { id: 'dns', state: 'done', text: 'DNS' },
  { id: 'tls', state: 'now', text: 'TLS', detail: 'since 3 s' },
  { id: 'clock', state: 'failed', text: 'Clock', detail: '4 min behind' },
  { id: 'report', state: 'waiting', text: 'First report' },
  { id: 'amt', state: 'skipped', text: 'AMT', detail: 'there is none' },
] as const

export default {
  component: 'Checklist',
  states: {
    column: () => <Checklist label="Enrolling" checks={CHECKS} />,
    row: () => <Checklist label="Enrolling" checks={CHECKS} row />,
  },
} satisfies Story
