// SPDX-License-Identifier: Apache-2.0
/** The bar of what is selected: some, and fewer than fit. */
import { Button } from '@mantine/core'
import { BulkBar } from '../bulk-bar.tsx'
import type { Story } from '../story.ts'

const nothing = (): void => undefined

export default {
  component: 'BulkBar',
  states: {
    some: () => (
      <BulkBar text="3 hosts selected" onClear={nothing}>
        <Button size="xs">Reboot 3 hosts</Button>
      </BulkBar>
    ),
    fewer: () => (
      <BulkBar
        text="100 hosts selected"
        more={{ text: 'Select all 1,284 that fit', onSelect: nothing }}
        onClear={nothing}
      >
        <Button size="xs">Reboot 100 hosts</Button>
      </BulkBar>
    ),
  },
} satisfies Story
