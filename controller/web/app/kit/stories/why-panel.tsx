// SPDX-License-Identifier: Apache-2.0
/** What keeps a host. */
import type { Why } from '../../api/types.ts'
import type { Story } from '../story.ts'
import { WhyPanel } from '../why-panel.tsx'

const HOST = { resourceId: 'host-1a2b3c4d', name: 'press-04' }
const BLOCKERS: Why['blockers'] = [
  {
    code: 'offline',
    rank: 20,
    title: 'The host is offline: the connection was lost',
    evidence: { reason: 'lost', lastSeen: '2020-01-02T03:04:05.000Z' },
    since: '2020-01-02T03:04:05.000Z',
    next: 'look whether the machine is on and reaches the controller',
  },
  {
    code: 'revision-behind',
    rank: 60,
    title: 'maintenance is desired at revision 3; reported is 2: it is sent when the host is there',
    evidence: { desired: 3, reported: 2, by: 'ada' },
    next: 'wait for the report; what stands above this must be mended first',
    command: 'muster section get press-04 maintenance',
    section: 'maintenance',
  },
]

export default {
  component: 'WhyPanel',
  states: {
    settled: () => <WhyPanel why={{ host: HOST, settled: true, blockers: [], sections: [] }} />,
    'one reason': () => <WhyPanel why={{ host: HOST, settled: false, blockers: BLOCKERS.slice(0, 1), sections: [] }} />,
    'several, in order': () => <WhyPanel why={{ host: HOST, settled: false, blockers: BLOCKERS, sections: [] }} />,
  },
} satisfies Story
