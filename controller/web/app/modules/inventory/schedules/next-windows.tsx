// SPDX-License-Identifier: Apache-2.0
/** When the schedules of a place open next, as the controller says it, by its clock and by the reader's. */
import { List, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../../api/call.ts'
import { QueryView } from '../../../kit/query-view.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go, useProject } from '../../../shell/go.tsx'
import { t as places } from '../../../words/inventory/places.ts'
import { t } from '../../../words/inventory/schedules.ts'
import { statusOf } from './queries.ts'
import { clockTime, ownZone } from './speak.ts'

const COUNT = 7

export type NextWindowsProps = {
  readonly target: { readonly siteId?: string; readonly hostId?: string; readonly regionId?: string }
}

export default function NextWindows({ target }: NextWindowsProps) {
  const project = useProject()
  const query = useQuery({
    queryKey: ['schedules', project, 'upcoming', target],
    queryFn: get('/v1/projects/{project}/schedules/upcoming', {
      path: { project },
      query: { ...target, count: COUNT },
    }),
    // Windows open and close without anything happening.
    refetchInterval: 60_000,
  })
  const own = ownZone()
  return (
    <QueryView query={query}>
      {({ occurrences }) =>
        occurrences.length === 0 ? (
          <Text size="sm" c="dimmed">
            {places.page.noSchedules}
          </Text>
        ) : (
          <List listStyleType="none" className="mu-site-lines">
            {occurrences.map(({ scheduleId, name, scheduleStatus, open, startSeconds, endSeconds, timezone }) => (
              <li key={`${scheduleId} ${startSeconds}`}>
                {open && <Badge hue="ok">{t.openNow}</Badge>}
                <Go to={`/schedules?schedule=${scheduleId}`}>{name === '' ? t.unnamed : name}</Go>
                <Text size="sm" span>
                  {t.kind[statusOf(scheduleStatus)]}
                </Text>
                <Text size="sm" span>
                  {clockTime(startSeconds * 1_000, timezone)}
                  {endSeconds === undefined
                    ? ` ${t.untilDeleted}`
                    : ` – ${clockTime(endSeconds * 1_000, timezone).slice(-5)}`}{' '}
                  ({timezone})
                </Text>
                {timezone !== own && (
                  <Text size="xs" c="dimmed" span>
                    {clockTime(startSeconds * 1_000, own)} {t.yourTime}
                  </Text>
                )}
              </li>
            ))}
          </List>
        )
      }
    </QueryView>
  )
}
