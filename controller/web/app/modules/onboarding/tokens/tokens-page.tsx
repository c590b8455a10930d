// SPDX-License-Identifier: Apache-2.0
/** Join tokens: which there are, what they are good for, and ending them. */
import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useMemo } from 'react'
import { get } from '../../../api/call.ts'
import { DataTable } from '../../../kit/data-table.tsx'
import { useNow } from '../../../kit/now.ts'
import { PageHead } from '../../../kit/page-head.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Go, useParam, useProject } from '../../../shell/go.tsx'
import { useMay } from '../../../shell/session.tsx'
import { SubNav } from '../../../shell/sub-nav.tsx'
import { t as frame } from '../../../words/kernel.ts'
import { t } from '../../../words/onboarding.ts'
import { columnsOf, Revoke } from './token-columns.tsx'
import { type JoinToken, stateOf } from './token-state.ts'

/** How often what has expired leaves the list. */
const LOOK_MS = 10_000

export default function TokensPage() {
  const project = useProject()
  const may = useMay()
  const [show, setShow] = useParam('show')
  const all = show === 'all'
  const query = useQuery({
    queryKey: ['join-tokens', project],
    queryFn: get('/v1/projects/{project}/enrollment/tokens', { path: { project } }),
  })
  const now = Math.floor(useNow() / LOOK_MS) * LOOK_MS
  const tokens = query.data?.tokens
  const listed = useMemo(() => tokens?.filter(token => all || stateOf(token, now) === 'good'), [tokens, all, now])
  const rows = useListRows(listed, query)
  const add = may('token.write') && (
    <Button component={Go} to={`/join-tokens?add=command${all ? '&show=all' : ''}`}>
      {t.tokens.make}
    </Button>
  )
  return (
    <>
      <PageHead title={t.tokens.title} about={t.tokens.about} actions={add} />
      <SubNav of="/hosts" label={frame.nav.hosts} />
      <SegmentedControl
        mb="sm"
        aria-label={t.tokens.show}
        value={all ? 'all' : ''}
        onChange={value => setShow(value)}
        data={[
          { value: '', label: t.tokens.living },
          { value: 'all', label: t.tokens.all },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      <div className="mu-fill">
        <DataTable<JoinToken>
          label={t.tokens.title}
          rows={rows}
          columns={columnsOf(now)}
          keyOf={({ id }) => id}
          nameOf={({ note, id }) => (note === '' ? id : note)}
          empty={
            <EmptyState icon={KeyRound} title={all ? t.tokens.emptyAll : t.tokens.empty} action={add}>
              {t.tokens.emptyWhat}
            </EmptyState>
          }
          {...(may('token.write') ? { rowEnd: token => <Revoke project={project} token={token} now={now} /> } : {})}
        />
      </div>
    </>
  )
}
