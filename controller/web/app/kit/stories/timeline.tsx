// SPDX-License-Identifier: Apache-2.0
/** What happened, line by line. */
import type { Story } from '../story.ts'
import { Timeline } from '../timeline.tsx'

const AT = '2020-01-02T03:04:05.000Z'

export default {
  component: 'Timeline',
  states: {
    'each kind': () => (
      <Timeline
        label="What happened"
        items={[
          { id: '1', at: AT, kind: 'online', text: 'Came online', more: '10.1.4.7' },
          { id: '2', at: AT, kind: 'offline', text: 'Went offline', more: 'lost' },
          { id: '3', at: AT, kind: 'command', text: 'power reboot asked for', more: 'ada', to: '/' },
          { id: '4', at: AT, kind: 'document', text: 'maintenance shall be revision 3', to: '/' },
          { id: '5', at: AT, kind: 'failed', text: 'power reboot failed' },
          { id: '6', at: AT, kind: 'trust', text: 'Quarantined', more: 'two machines show one certificate' },
          { id: '7', at: AT, kind: 'other', text: 'Enrolled' },
        ]}
      />
    ),
    nothing: () => <Timeline label="What happened" items={[]} />,
  },
} satisfies Story
