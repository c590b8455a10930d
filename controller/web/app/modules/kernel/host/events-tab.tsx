// SPDX-License-Identifier: Apache-2.0
/** The events of a host, live, newest first. */
import { Button, Group, Select, Stack, Table, Text } from '@mantine/core'
import { Radio } from 'lucide-react'
import { useState } from 'react'
import type { Host } from '../../../api/types.ts'
import type { Json } from '../../../kit/diff.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { QueryView } from '../../../kit/query-view.tsx'
import { spelled } from '../../../kit/spell.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { useParam } from '../../../shell/go.tsx'
import { t } from '../../../words/host.ts'
import { useEventKinds, useHostEvents } from './queries.ts'

const STEP = 100
const MOST = 500

export default function EventsTab({ host }: { readonly host: Host }) {
  const [type, setType] = useParam('type')
  const [limit, setLimit] = useState(STEP)
  const events = useHostEvents(host.resourceId, { type, limit })
  const kinds = useEventKinds()
  const groups: Readonly<Record<string, string>> = t.events.groups
  const types = kinds.data?.types ?? []
  const choices = [
    { value: '', label: t.events.all },
    ...Object.keys(groups)
      .filter(group => types.some(each => each.type.startsWith(`${group}.`)))
      .map(group => ({ value: group, label: groups[group] ?? group })),
    ...types
      .filter(each => Object.hasOwn(groups, each.type.split('.')[0] ?? ''))
      .map(each => ({ value: each.type, label: each.type })),
  ]
  return (
    <Stack gap="sm">
      <Group align="flex-end" justify="space-between">
        <Select
          label={t.events.filter}
          data={choices.some(({ value }) => value === type) ? choices : [...choices, { value: type, label: type }]}
          value={type}
          onChange={next => setType(next ?? '')}
          allowDeselect={false}
          searchable
        />
        <Text size="xs" c="dimmed">
          {t.events.keeps}
        </Text>
      </Group>
      <QueryView query={events}>
        {({ events: rows, hasMore }) =>
          rows.length === 0 ? (
            <EmptyState icon={Radio} title={t.events.empty}>
              {t.events.emptyWhat}
            </EmptyState>
          ) : (
            <>
              <Table aria-label={t.events.label} className="mu-stacked">
                <Table.Tbody>
                  {rows.map(({ id, at, type: kind, data }) => (
                    <Table.Tr key={id} data-event={kind}>
                      <Table.Td w={110}>
                        <LiveAge at={at} ago />
                      </Table.Td>
                      <Table.Td w={190}>
                        <code>{kind}</code>
                      </Table.Td>
                      <Table.Td className="mu-anywhere">{told(data)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              {hasMore && limit < MOST && (
                <Button variant="default" onClick={() => setLimit(Math.min(MOST, limit + STEP))}>
                  {t.events.older}
                </Button>
              )}
            </>
          )
        }
      </QueryView>
    </Stack>
  )
}

/** `section os · status settled`: members by name, whatever they are. */
function told(data: unknown): string {
  if (typeof data !== 'object' || data === null) return ''
  return Object.entries(data as Readonly<Record<string, Json>>) // what JSON gives
    .filter(([name]) => name !== 'host')
    .map(([name, value]) => `${name} ${typeof value === 'string' ? spelled(value).slice(1, -1) : spelled(value)}`)
    .join(' · ')
}
