// SPDX-License-Identifier: Apache-2.0
/** The list of projects, with how far those are that are being deleted. */
import { Anchor, Group, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Boxes } from 'lucide-react'
import { useMemo } from 'react'
import { get } from '../../../api/call.ts'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { LiveAge } from '../../../kit/live-age.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go, useGo, useParam, useProject } from '../../../shell/go.tsx'
import { t } from '../../../words/projects.ts'
import { fittingProjects, isLeaving, type Project, progressText } from './projects.ts'

/** While something is being deleted; its end is no event that this project hears of. */
const LOOK_EVERY_MS = 1_000

export function ProjectList() {
  const here = useProject()
  const go = useGo()
  const [words, setWords] = useParam('q')
  const query = useQuery<Project[]>({
    queryKey: ['projects'],
    queryFn: get('/v1/projects'),
    refetchInterval: ({ state }) => (state.data?.some(isLeaving) === true ? LOOK_EVERY_MS : false),
  })
  const fitting = useMemo(
    () => (query.data === undefined ? undefined : fittingProjects(query.data, words)),
    [query.data, words],
  )
  const rows = useListRows(fitting, query)
  const columns = useMemo(() => columnsAt(here), [here])
  const none = (query.data?.length ?? 0) === 0
  return (
    <>
      <Group gap="sm" mb="sm" align="flex-end">
        <TextInput
          label={t.search}
          placeholder={t.searchHint}
          value={words}
          onChange={event => setWords(event.currentTarget.value)}
          data-search
          w={260}
        />
        {fitting !== undefined && (
          <Text size="sm" c="dimmed" role="status" pb={8}>
            {t.counted(fitting.length, query.data?.length ?? 0)}
          </Text>
        )}
      </Group>
      <div className="mu-fill">
        <DataTable<Project>
          label={t.list}
          rows={rows}
          columns={columns}
          keyOf={({ name }) => name}
          nameOf={({ name }) => name}
          onOpen={({ name }) => go(`/projects/${name}`)}
          empty={
            <EmptyState icon={Boxes} title={none ? t.emptyTitle : t.emptyFiltered}>
              {none ? t.empty : undefined}
            </EmptyState>
          }
        />
      </div>
    </>
  )
}

function columnsAt(here: string): readonly Column<Project>[] {
  return [
    {
      id: 'name',
      title: t.column.name,
      width: 'minmax(160px, 1fr)',
      narrow: 'title',
      cell: ({ name }) => (
        <Group gap="xs" wrap="nowrap">
          <Anchor component={Go} to={`/projects/${name}`} size="sm">
            {name}
          </Anchor>
          {name === here && (
            <Badge hue="ok" why={t.hereWhy}>
              {t.here}
            </Badge>
          )}
        </Group>
      ),
    },
    {
      id: 'state',
      title: t.column.state,
      width: 'minmax(140px, 1fr)',
      cell: project =>
        isLeaving(project) ? (
          <Badge hue="held" why={progressText(project)}>
            {t.deleting}
          </Badge>
        ) : (
          t.ready
        ),
    },
    {
      id: 'description',
      title: t.column.description,
      width: 'minmax(200px, 3fr)',
      cell: ({ spec }) => <span title={spec.description}>{spec.description}</span>,
    },
    {
      id: 'created',
      title: t.column.created,
      width: '110px',
      narrow: 'hidden',
      cell: ({ status }) => <LiveAge at={status.projectStatus.timeStamp * 1_000} ago />,
    },
  ]
}
