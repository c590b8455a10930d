// SPDX-License-Identifier: Apache-2.0
/** What becomes of what was asked of the host: its ticks, until somebody puts them away. The address keeps a command. */
import { Button, Card, Group, Title } from '@mantine/core'
import { Suspense } from 'react'
import type { Host } from '../../../api/types.ts'
import { Loading } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/host-power.ts'
import SentCommand from './sent-command.tsx'

/** What a way of powering a host answered. */
export type SentOrder = { readonly path: string; readonly answer: unknown }

export type SentPanelProps = {
  readonly host: Host
  readonly order: SentOrder | undefined
  readonly onDismiss: () => void
}

export function SentPanel({ host, order, onDismiss }: SentPanelProps) {
  const { modules } = useSurroundings()
  const [tab] = useParam('tab', 'summary')
  const [command, setCommand] = useParam('command')
  const path = modules.flatMap(({ power = [] }) => power).find(({ id }) => id === order?.path)
  const After = path?.after
  const isOrder = order !== undefined && order.path !== 'agent' && After !== undefined
  // The tab of commands shows the one of the address itself.
  if (!isOrder && (command === '' || tab === 'commands')) return null
  return (
    <Card withBorder p="sm" mb="md" component="section" aria-label={t.sent}>
      <Group justify="space-between" mb={6}>
        <Title order={2} size="h6">
          {t.sent}
        </Title>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => {
            onDismiss()
            setCommand('')
          }}
        >
          {t.dismiss}
        </Button>
      </Group>
      <Suspense fallback={<Loading lines={2} />}>
        {isOrder ? <After host={host} answer={order.answer} /> : <SentCommand host={host} answer={{ id: command }} />}
      </Suspense>
    </Card>
  )
}
