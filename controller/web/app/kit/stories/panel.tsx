// SPDX-License-Identifier: Apache-2.0
/** Lines over time: several, with a gap, and none. */
import { number } from '../../words/catalogue.ts'
import Panel from '../panel.tsx'
import type { Story } from '../story.ts'

const times = Array.from({ length: 40 }, (_, at) => Date.UTC(2026, 0, 1) + at * 5_000)

export default {
  component: 'Panel',
  states: {
    lines: () => (
      <Panel
        title="Messages"
        times={times}
        lines={[
          { label: 'in', values: times.map((_, at) => 40 + 10 * Math.sin(at / 4)) },
          { label: 'out', values: times.map((_, at) => 20 + at / 2) },
        ]}
        spoken={number}
      />
    ),
    'with a gap': () => (
      <Panel
        title="Memory"
        times={times}
        lines={[{ label: 'used', values: times.map((_, at) => (at > 15 && at < 22 ? undefined : 100 + at)) }]}
        spoken={number}
      />
    ),
    empty: () => <Panel title="Nothing yet" times={[]} lines={[{ label: 'in', values: [] }]} spoken={number} />,
  },
} satisfies Story
