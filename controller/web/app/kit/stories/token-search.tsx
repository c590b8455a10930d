// SPDX-License-Identifier: Apache-2.0
/** The box for searches: empty, filled, refused. */

import type { Story } from '../story.ts'
import { TokenSearch, type TokenSearchProps } from '../token-search.tsx'

const nothing = (): void => undefined
const box = (more: Partial<TokenSearchProps>) => (
  <TokenSearch
    label="Hosts"
    placeholder="site:berlin health:failing"
    value=""
    onChange={nothing}
    onSubmit={nothing}
    onCaret={nothing}
    suggestions={[]}
    word={{ at: 0, end: 0 }}
    {...more}
  />
)

export default {
  component: 'TokenSearch',
  states: {
    empty: () => box({}),
    filled: () => box({ value: 'site:berlin -lab:yes agent:<2.3' }),
    refused: () => box({ value: 'line:<4', problem: 'column 1: line:<4: labels have no order' }),
  },
} satisfies Story
