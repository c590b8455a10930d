// SPDX-License-Identifier: Apache-2.0
/** Profiles of operating systems: the list, and dialogs that make, change and delete one. */
import { Button } from '@mantine/core'
import { Disc3, Plus } from 'lucide-react'
import { useState } from 'react'
import { type AnswerOf, call, send } from '../../../api/call.ts'
import { CopyLine } from '../../../kit/copy-as.tsx'
import { EmptyState } from '../../../kit/states.tsx'
import { useMay } from '../../../shell/session.tsx'
import { t } from '../../../words/inventory/os.ts'
import { DeleteSystem } from './delete-dialogs.tsx'
import { nameOf, ResourceList } from './list.tsx'
import { SystemDialog } from './system-dialog.tsx'

type Listed = AnswerOf<'/v1/projects/{projectName}/compute/os', 'GET'>
export type System = Listed['OperatingSystemResources'][number]

type Dialog = { readonly is: 'new' } | { readonly is: 'change' | 'delete'; readonly system: System }

export function Profiles() {
  const may = useMay()
  const [dialog, setDialog] = useState<Dialog>()
  const close = (): void => setDialog(undefined)
  const canWrite = may('inventory.write')
  return (
    <>
      <ResourceList<System>
        keyed="os"
        label={t.tabs.profiles}
        ask={async (query, { project, signal }) => {
          const path = { projectName: project }
          const page = await send<Listed>(call('GET', '/v1/projects/{projectName}/compute/os', { path, query }), signal)
          return { rows: page.OperatingSystemResources, total: page.totalElements }
        }}
        onOpen={canWrite ? system => setDialog({ is: 'change', system }) : undefined}
        rowActs={
          canWrite
            ? system => [
                { label: t.change, onPick: () => setDialog({ is: 'change', system }) },
                { label: t.delete, onPick: () => setDialog({ is: 'delete', system }) },
              ]
            : undefined
        }
        actions={
          canWrite && (
            <Button leftSection={<Plus size={14} />} onClick={() => setDialog({ is: 'new' })}>
              {t.newProfile}
            </Button>
          )
        }
        empty={
          <EmptyState
            icon={Disc3}
            title={t.empty.profiles.title}
            action={canWrite && <CopyLine text={t.empty.profiles.line} what={t.empty.profiles.lineName} />}
          >
            {t.empty.profiles.what}
          </EmptyState>
        }
        columns={[
          {
            id: 'name',
            title: t.column.name,
            width: 'minmax(150px, 2fr)',
            sort: 'name',
            narrow: 'title',
            cell: nameOf,
          },
          {
            id: 'profile',
            title: t.column.profile,
            width: 'minmax(110px, 1fr)',
            sort: 'profileName',
            cell: each => each.profileName ?? t.noValue,
          },
          {
            id: 'version',
            title: t.column.version,
            width: '130px',
            narrow: 'hidden',
            cell: each => each.profileVersion ?? each.imageId ?? t.noValue,
          },
          {
            id: 'architecture',
            title: t.column.architecture,
            width: '110px',
            narrow: 'hidden',
            cell: each => each.architecture ?? t.noValue,
          },
          {
            id: 'type',
            title: t.column.type,
            width: '110px',
            cell: ({ osType = 'OS_TYPE_UNSPECIFIED' }) => t.type[osType],
          },
          {
            id: 'security',
            title: t.column.security,
            width: 'minmax(120px, 1fr)',
            cell: ({ securityFeature = 'SECURITY_FEATURE_UNSPECIFIED' }) => t.security[securityFeature],
          },
          {
            id: 'description',
            title: t.column.description,
            width: 'minmax(120px, 1.5fr)',
            narrow: 'hidden',
            cell: each => each.description,
          },
        ]}
      />
      <SystemDialog
        key={`new ${dialog?.is === 'new'}`}
        opened={dialog?.is === 'new'}
        onClose={close}
        system={undefined}
      />
      {dialog?.is === 'change' && <SystemDialog opened onClose={close} system={dialog.system} />}
      {dialog?.is === 'delete' && (
        <DeleteSystem opened onClose={close} id={dialog.system.resourceId} name={nameOf(dialog.system)} />
      )}
    </>
  )
}
