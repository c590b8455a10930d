// SPDX-License-Identifier: Apache-2.0
/** Tables that are wider than they may be. */
import { Table } from '@mantine/core'
import type { Story } from '../story.ts'
import { Wide } from '../wide.tsx'

export default {
  component: 'Wide',
  states: {
    table: () => (
      <Wide label="Figures">
        <Table data={{ head: ['Name', 'Rows', 'Room'], body: [['kernel_audit', '1,204', '1.2 MiB']] }} />
      </Wide>
    ),
  },
} satisfies Story
