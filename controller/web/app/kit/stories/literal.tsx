// SPDX-License-Identifier: Apache-2.0
/** Text that hides things, and text that does not. */
import { Stack } from '@mantine/core'
import { Literal } from '../literal.tsx'
import type { Story } from '../story.ts'

export default {
  component: 'Literal',
  states: {
    plain: () => <Literal text="press-04" />,
    hidden: () => (
      <Stack gap={4}>
        <Literal text={'press\u202Egpj.exe'} />
        <Literal text={'pay\u200Bpal\u0007'} />
        <Literal text={'\u001b[31mred\u001b[0m'} />
      </Stack>
    ),
    long: () => <Literal text={'very-long-name-'.repeat(40)} max={60} />,
  },
} satisfies Story
