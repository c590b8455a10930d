// SPDX-License-Identifier: Apache-2.0
/** What can be done to what is selected: a bar at the bottom of the list, with how many there are. */
import { Button, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { t } from '../words/kit.ts'
import './bulk-bar.css'

export type BulkBarProps = {
  /** "37 hosts selected". */
  readonly text: string
  /** How many fit the search in all, when these are more than are selected. */
  readonly more?: { readonly text: string; readonly onSelect: () => void } | undefined
  readonly onClear: () => void
  readonly children: ReactNode
}

export function BulkBar({ text, more, onClear, children }: BulkBarProps) {
  return (
    <section className="mu-bulk" aria-label={t.bulk}>
      <Group gap="sm">
        <Text size="sm" fw={600} role="status">
          {text}
        </Text>
        {more !== undefined && (
          <Button size="xs" variant="subtle" onClick={more.onSelect}>
            {more.text}
          </Button>
        )}
        <Button size="xs" variant="subtle" color="gray" onClick={onClear}>
          {t.clear}
        </Button>
      </Group>
      <Group gap="xs" className="mu-bulk-acts">
        {children}
      </Group>
    </section>
  )
}
