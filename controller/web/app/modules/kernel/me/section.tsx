// SPDX-License-Identifier: Apache-2.0
/** A part of the page about oneself. */
import { Group, Paper, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

type SectionProps = {
  readonly title: string
  readonly about?: string
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, about, actions, children }: SectionProps) {
  const id = useId()
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="xs" mb="xs">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      {about !== undefined && (
        <Text size="sm" c="dimmed" mb="xs">
          {about}
        </Text>
      )}
      {children}
    </Paper>
  )
}
