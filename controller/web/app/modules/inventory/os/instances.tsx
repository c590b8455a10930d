// SPDX-License-Identifier: Apache-2.0
/** Instances: which host runs which operating system, and how it is kept. */
import { Server } from 'lucide-react'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { Go } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/os.ts'
import { nameOf, ResourceList } from './list.tsx'

type Listed = AnswerOf<'/v1/projects/{projectName}/compute/instances', 'GET'>
type Instance = Listed['instances'][number]
type Embedded = { readonly name?: string; readonly resourceId?: string } | undefined

export default function Instances() {
  const may = useMay()
  return (
    <ResourceList<Instance>
      keyed="instances"
      label={t.tabs.instances}
      ask={async (query, { project, signal }) => {
        const path = { projectName: project }
        const page = await send<Listed>(
          call('GET', '/v1/projects/{projectName}/compute/instances', { path, query }),
          signal,
        )
        return { rows: page.instances, total: page.totalElements }
      }}
      empty={
        <EmptyState
          icon={Server}
          title={t.empty.instances.title}
          action={
            may('inventory.write') && <CopyLine text={t.empty.instances.line} what={t.empty.instances.lineName} />
          }
        >
          {t.empty.instances.what}
        </EmptyState>
      }
      columns={[
        { id: 'name', title: t.column.name, width: 'minmax(130px, 1fr)', sort: 'name', narrow: 'title', cell: nameOf },
        {
          id: 'host',
          title: t.column.host,
          width: 'minmax(130px, 1fr)',
          cell: ({ host }) => <HostLink host={host as Embedded} />,
        },
        { id: 'os', title: t.column.system, width: 'minmax(130px, 1fr)', cell: ({ os }) => spoken(os as Embedded) },
        {
          id: 'policy',
          title: t.column.update,
          width: 'minmax(110px, 1fr)',
          narrow: 'hidden',
          cell: ({ updatePolicy }) => spoken(updatePolicy as Embedded),
        },
        {
          id: 'status',
          title: t.column.status,
          width: 'minmax(110px, 1fr)',
          narrow: 'hidden',
          cell: ({ instanceStatus }) => String(instanceStatus ?? t.noValue).slice(0, 80),
        },
      ]}
    />
  )
}

function spoken(value: Embedded): string {
  return value?.name ?? value?.resourceId ?? t.noValue
}

function HostLink({ host }: { readonly host: Embedded }) {
  if (host?.resourceId === undefined) return t.noValue
  return <Go to={`/hosts/${host.resourceId}`}>{host.name || host.resourceId}</Go>
}
