// SPDX-License-Identifier: Apache-2.0
/** States over time. */
import type { Span } from '../spans.ts'
import type { Story } from '../story.ts'
import { Strip } from '../strip.tsx'

const HOUR = 3_600_000
const FROM = Date.UTC(2026, 10, 20, 4)
const at = (hour: number): number => FROM + hour * HOUR
const SPANS: readonly Span[] = [
  { from: at(3), until: at(9), state: 'online' },
  { from: at(9), until: at(9.5), state: 'asleep', why: 'rebooting' },
  { from: at(9.5), until: at(17), state: 'online' },
  { from: at(17), until: at(19), state: 'offline', why: 'lost' },
  { from: at(20), until: at(24), state: 'online' },
]

export default {
  component: 'Strip',
  states: {
    'a day': () => <Strip label="Last 24 hours" spans={SPANS} from={FROM} until={at(24)} legend />,
    'nothing known': () => <Strip label="Last 24 hours" spans={[]} from={FROM} until={at(24)} />,
  },
} satisfies Story
