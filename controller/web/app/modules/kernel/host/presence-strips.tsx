// SPDX-License-Identifier: Apache-2.0
/** When a host was there, over a day and over a fortnight. */
import { Card, Group, Stack, Text, Title } from '@mantine/core'
import type { Host } from '../../../api/types.ts'
import { useNow } from '../../../kit/now.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Sparkline } from '../../../kit/sparkline.tsx'
import { Strip } from '../../../kit/strip.tsx'
import { t } from '../../../words/host.ts'
import { leavesByDay, presenceSpans } from './presence.ts'
import { DAYS, useHistory, useKeepsPast } from './queries.ts'

const DAY_MS = 86_400_000
/** A strip of a day moves by less than a pixel within so long. */
const STEP_MS = 30_000

export function PresenceStrips({ host }: { readonly host: Host }) {
  const keeps = useKeepsPast()
  const history = useHistory(host.resourceId, 'presence')
  const now = Math.floor(useNow() / STEP_MS) * STEP_MS + STEP_MS
  return (
    <Card withBorder p="md" component="section" aria-label={t.summary.presence}>
      <Title order={2} size="h5" mb="xs">
        {t.summary.presence}
      </Title>
      {keeps ? (
        <QueryView query={history}>
          {values => {
            const spans = presenceSpans(values, now)
            return (
              <Stack gap="sm">
                <Strip label={t.summary.day} spans={spans} from={now - DAY_MS} until={now} />
                <Strip label={t.summary.fortnight} spans={spans} from={now - DAYS * DAY_MS} until={now} legend />
                <Group gap="sm" align="flex-start">
                  <Text size="xs" c="dimmed" mt={6}>
                    {t.summary.leaves}
                  </Text>
                  <Sparkline
                    label={t.summary.leaves}
                    points={leavesByDay(spans, now, DAYS)}
                    spoken={t.summary.leavesOf}
                  />
                </Group>
              </Stack>
            )
          }}
        </QueryView>
      ) : (
        <Text size="sm" c="dimmed">
          {t.summary.noHistory}
        </Text>
      )}
    </Card>
  )
}
