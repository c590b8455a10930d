// SPDX-License-Identifier: Apache-2.0
/** Update runs, as far as something writes them: read, and their records deleted. */
import { Text } from '@mantine/core'
import { History } from 'lucide-react'
import { useState } from 'react'
import { ActDialog } from '../../../acts/act-dialog.tsx'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { LiveAge } from '../../../kit/live-age.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/os.ts'
import { deleteRun } from '../acts/systems.ts'
import { nameOf, ResourceList } from './list.tsx'

type Listed = AnswerOf<'/v1/projects/{projectName}/os-update-runs', 'GET'>
type Run = Listed['osUpdateRuns'][number]

const HUES = {
  STATUS_INDICATION_UNSPECIFIED: 'unknown',
  STATUS_INDICATION_ERROR: 'failing',
  STATUS_INDICATION_IN_PROGRESS: 'held',
  STATUS_INDICATION_IDLE: 'ok',
} as const

export default function Runs() {
  const may = useMay()
  const project = useProject()
  const [gone, setGone] = useState<Run>()
  return (
    <>
      <ResourceList<Run>
        keyed="update-runs"
        label={t.tabs.runs}
        ask={async (query, context) => {
          const path = { projectName: context.project }
          const page = await send<Listed>(
            call('GET', '/v1/projects/{projectName}/os-update-runs', { path, query }),
            context.signal,
          )
          return { rows: page.osUpdateRuns, total: page.totalElements }
        }}
        rowActs={may('inventory.write') ? run => [{ label: t.delete, onPick: () => setGone(run) }] : undefined}
        empty={
          <EmptyState icon={History} title={t.empty.runs.title}>
            {t.empty.runs.what}
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            title: t.column.name,
            width: 'minmax(160px, 2fr)',
            sort: 'name',
            narrow: 'title',
            cell: nameOf,
          },
          {
            id: 'status',
            title: t.column.status,
            width: 'minmax(130px, 1.5fr)',
            cell: ({ statusIndicator = 'STATUS_INDICATION_UNSPECIFIED', status, statusDetails }) => (
              <Badge hue={HUES[statusIndicator]} why={statusDetails?.slice(0, 1_000)}>
                {(status ?? t.noValue).slice(0, 80)}
              </Badge>
            ),
          },
          {
            id: 'policy',
            title: t.column.policy,
            width: 'minmax(110px, 1fr)',
            cell: ({ appliedPolicy }) => embedded(appliedPolicy),
          },
          {
            id: 'instance',
            title: t.column.instance,
            width: 'minmax(110px, 1fr)',
            narrow: 'hidden',
            cell: ({ instance }) => embedded(instance),
          },
          {
            id: 'started',
            title: t.column.started,
            width: '110px',
            cell: ({ startTime }) => <Moment seconds={startTime} />,
          },
          {
            id: 'ended',
            title: t.column.ended,
            width: '110px',
            narrow: 'hidden',
            cell: ({ endTime }) => <Moment seconds={endTime} />,
          },
        ]}
      />
      {gone !== undefined && (
        <ActDialog
          act={deleteRun}
          input={{ project, id: gone.resourceId }}
          title={t.deleteTitle(nameOf(gone))}
          done={t.deleted(nameOf(gone))}
          refresh={['update-runs']}
          opened
          onClose={() => setGone(undefined)}
        >
          <Text size="sm">{t.uses.run}</Text>
        </ActDialog>
      )}
    </>
  )
}

/** A resource that may have gone meanwhile. */
function embedded(value: unknown): string {
  const { name, resourceId } = (value ?? {}) as { name?: string; resourceId?: string } // as resources are embedded
  return name ?? resourceId ?? t.noInstance
}

function Moment({ seconds }: { readonly seconds: number | undefined }) {
  return seconds === undefined || seconds === 0 ? t.noValue : <LiveAge at={seconds * 1_000} ago />
}
