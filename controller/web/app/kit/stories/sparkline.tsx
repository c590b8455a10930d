// SPDX-License-Identifier: Apache-2.0
/** Small lines of numbers. */
import { Sparkline } from '../sparkline.tsx'
import type { Story } from '../story.ts'

const days = (values: readonly (number | undefined)[]) =>
  values.map((value, at) => ({ at: `2026-11-${String(at + 8).padStart(2, '0')}`, value }))

export default {
  component: 'Sparkline',
  states: {
    numbers: () => <Sparkline label="Times it went away" points={days([0, 1, 0, 0, 4, 2, 0, 0, 1])} />,
    'with a gap': () => <Sparkline label="Load" points={days([1, 2, undefined, undefined, 3, undefined, 2, 4])} />,
    nothing: () => <Sparkline label="Load" points={days([undefined, undefined])} />,
  },
} satisfies Story
