// SPDX-License-Identifier: Apache-2.0
/** Roles: what each may in words, side by side, and who has which where. */
import { Group, SegmentedControl } from '@mantine/core'
import { QueryView } from '../../kit/query-view.tsx'
import { useParam } from '../../shell/go.tsx'
import { useMay } from '../../shell/session.tsx'
import { t as words } from '../../words/access.ts'
import { BindButton } from './bind-form.tsx'
import { GivenList } from './given-list.tsx'
import { useMayEverywhere, useRoles } from './queries.ts'
import { RoleCards } from './role-cards.tsx'
import { NewRole } from './role-form.tsx'
import { RoleMatrix } from './role-matrix.tsx'

const t = words.roles

export default function RolesTab() {
  const [view, setView] = useParam('view', 'sentences')
  const roles = useRoles()
  const may = useMay()
  const mayEverywhere = useMayEverywhere()
  return (
    <>
      <Group gap="sm" mb="sm" justify="space-between">
        <SegmentedControl
          aria-label={t.view}
          data={Object.entries(t.views).map(([value, label]) => ({ value, label }))}
          value={view}
          onChange={value => setView(value, { replace: false })}
        />
        {view === 'given' ? may('access.write') && <BindButton filled /> : mayEverywhere('access.write') && <NewRole />}
      </Group>
      {view === 'given' ? (
        <GivenList />
      ) : (
        <QueryView query={roles}>
          {data => (view === 'matrix' ? <RoleMatrix roles={data.roles} /> : <RoleCards roles={data.roles} />)}
        </QueryView>
      )}
    </>
  )
}
