// SPDX-License-Identifier: Apache-2.0
/** A power order, followed until it was carried out and read back. */
import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type AnswerOf, get } from '../../../api/call.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/oob-host.ts'
import { plainText } from '../host/firmware.ts'

type Order = AnswerOf<'/v1/projects/{project}/oob/power/{id}', 'GET'>

/** Events tell of it sooner; this is for when they are blocked. */
const ASK_MS = 3_000
const HUES = { open: 'unknown', done: 'ok', failed: 'failing', replaced: 'held' } as const

export function OrderLine({ project, id }: { readonly project: string; readonly id: string }) {
  const query = useQuery<Order>({
    queryKey: ['oob', 'order', project, id],
    queryFn: get('/v1/projects/{project}/oob/power/{id}', { path: { project, id } }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'open' ? ASK_MS : false),
  })
  return <QueryView query={query}>{order => <Line order={order} />}</QueryView>
}

function Line({ order: { action, state, says, tries, createdAt } }: { readonly order: Order }) {
  return (
    <Group gap="xs" role="status" data-order={state}>
      <Badge hue={HUES[state]}>{t.power.orderState[state]}</Badge>
      <Text size="sm">
        {t.power.order} {action}: {plainText(says)}
      </Text>
      <Text size="xs" c="dimmed">
        {tries > 1 && `${t.power.tries(tries)}, `}
        <LiveAge at={createdAt} ago />
      </Text>
    </Group>
  )
}
