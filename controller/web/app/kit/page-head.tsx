// SPDX-License-Identifier: Apache-2.0
/** The top of a page: its one heading, what it is about, and what can be done. */
import { Group, Text, Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

export type PageHeadProps = {
  readonly title: string
  readonly children?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
}

export function PageHead({ title, about, children, actions }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Muster`
  }, [title])
  return (
    <Group justify="space-between" align="flex-start" className="mu-pagehead" gap="sm">
      <div className="mu-pagehead-text">
        <Title order={1} size="h3">
          {title}
        </Title>
        {about !== undefined && (
          <Text c="dimmed" size="sm">
            {about}
          </Text>
        )}
        {children}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}
