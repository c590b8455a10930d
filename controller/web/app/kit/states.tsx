// SPDX-License-Identifier: Apache-2.0
/** What a page shows in place of its content: nothing there yet, still loading, not allowed. */
import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { Lock } from 'lucide-react'
import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { t } from '../words/kit.ts'

export type EmptyStateProps = {
  readonly icon?: ComponentType<{ size?: number | string }>
  readonly title: string
  /** What this is for, in a sentence. */
  readonly children?: ReactNode
  /** The one thing to do about it. */
  readonly action?: ReactNode
}

export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" className="mu-empty">
      {Icon !== undefined && <Icon size={36} />}
      <Title order={2} size="h4">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" ta="center" maw={520}>
          {children}
        </Text>
      )}
      {action}
    </Stack>
  )
}

export function NoPermission({ permission }: { readonly permission: string }) {
  return (
    <EmptyState icon={Lock} title={t.noPermission.title}>
      {t.noPermission.what(permission)}
    </EmptyState>
  )
}

/** Lines where text will be; nothing for the first 300 ms, so that quick answers do not flash. */
export function Loading({ lines = 4, height = 18 }: { readonly lines?: number; readonly height?: number }) {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Stack gap="xs" aria-busy="true" aria-label={t.loading} role="status" mih={lines * (height + 10)}>
      {shown &&
        Array.from({ length: lines }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are alike and never move
          <Skeleton key={at} height={height} width={`${95 - ((at * 17) % 40)}%`} radius="sm" />
        ))}
    </Stack>
  )
}
