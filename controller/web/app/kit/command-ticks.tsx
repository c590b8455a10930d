// SPDX-License-Identifier: Apache-2.0
/** How far a command has come: sent, accepted, applied on the host; it can be taken back while it waits. */
import { Code, Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Command } from '../api/types.ts'
import { t } from '../words/views.ts'
import { Checklist } from './checklist.tsx'
import { ticksOf } from './ticks.ts'

export type CommandTicksProps = {
  readonly command: Command
  /** A button, shown while the command may be taken back. */
  readonly cancel?: ReactNode
}

export function CommandTicks({ command, cancel }: CommandTicksProps) {
  const { checks, isWaiting, ending } = ticksOf(command)
  const what = `${command.section} ${command.name}`
  return (
    <Stack gap={6} data-command={command.id} data-state={command.state}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {what}
        </Text>
        <Text size="xs" c="dimmed">
          {t.ticks.id} <Code>{command.id}</Code>
        </Text>
      </Group>
      <div role="status">
        <Checklist label={t.ticks.label(what)} checks={checks} row />
        {ending !== undefined && (
          <Text size="sm" mt={4}>
            {ending}
          </Text>
        )}
      </div>
      {isWaiting && cancel !== undefined && (
        <Group gap="sm">
          {cancel}
          <Text size="xs" c="dimmed">
            {t.ticks.whileAway}
          </Text>
        </Group>
      )}
    </Stack>
  )
}
