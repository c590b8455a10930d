// SPDX-License-Identifier: Apache-2.0
/** Differences of two documents, and of three. */
import { DiffView } from '../diff-view.tsx'
import type { Story } from '../story.ts'
import { ThreeWay } from '../three-way.tsx'

const BEFORE = { kernel: '6.1.0-37-amd64', disks: [{ deviceName: 'sda', size: 128 }], gone: true }
const AFTER = { kernel: '6.1.0-38-amd64', disks: [{ deviceName: 'sda', size: 256 }], fresh: ['a', 'b'] }

export default {
  component: 'DiffView',
  states: {
    'what came, went and changed': () => <DiffView before={BEFORE} after={AFTER} titles={['A week ago', 'Now']} />,
    alike: () => <DiffView before={BEFORE} after={BEFORE} titles={['A week ago', 'Now']} />,
    'three ways, with collisions': () => (
      <ThreeWay
        base={{ timeZone: 'UTC', windows: [{ from: '01:00' }], note: 'a' }}
        theirs={{ timeZone: 'Europe/Berlin', windows: [{ from: '02:00' }], note: 'a' }}
        mine={{ timeZone: 'Europe/Paris', windows: [{ from: '01:00' }, { from: '03:00' }], note: 'b' }}
        onResolved={() => undefined}
      />
    ),
    'three ways, without': () => (
      <ThreeWay base={{ a: 1, b: 1 }} theirs={{ a: 2, b: 1 }} mine={{ a: 1, b: 2 }} onResolved={() => undefined} />
    ),
  },
} satisfies Story
