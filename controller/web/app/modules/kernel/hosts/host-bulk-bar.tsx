// SPDX-License-Identifier: Apache-2.0
/** The bar of the selected hosts: what can be done to them, and taking all that fit. */
import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import { BulkBar } from '../../../kit/bulk-bar.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useProject } from '../../../shell/go.tsx'
import { useMay, useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'
import type { BulkKind } from './bulk-dialog.tsx'
import type { Question } from './question.ts'
import { filterOfSearch, freeze, IDS_AT_ONCE, idsFilter, readSearch } from './rows.ts'
import type { HostSelection } from './selection.ts'

type BarProps = {
  readonly selection: HostSelection
  readonly question: Question
  /** How many hosts fit the search. */
  readonly total: number
  readonly onAct: (kind: BulkKind) => void
}

const ACTS = [
  { kind: 'label', permission: 'host.label' },
  { kind: 'reboot', permission: 'host.operate' },
  { kind: 'shutdown', permission: 'host.operate' },
  { kind: 'run', permission: 'host.operate' },
  { kind: 'revoke', permission: 'host.destroy' },
] as const

export function HostBulkBar({ selection, question, total, onAct }: BarProps) {
  const may = useMay()
  const client = useQueryClient()
  const [problem, setProblem] = useState<unknown>()
  const count = selection.keys.size
  if (count === 0) return null
  const takeAll = async (): Promise<void> => {
    setProblem(undefined)
    await client
      .fetchQuery({
        queryKey: ['hosts', question.asking.project, 'all', question.asking.filter],
        queryFn: ({ signal }) => freeze({ ...question.asking, fields: 'name' }, signal),
        staleTime: 0,
      })
      .then(rows => selection.takeAll(rows.map(({ resourceId }) => resourceId)), setProblem)
  }
  return (
    <>
      {problem !== undefined && <ProblemCard problem={problem} onRetry={() => void takeAll()} compact />}
      <BulkBar
        text={selection.isAll ? t.bulk.allMeant(count) : t.selectedHosts(count)}
        more={
          selection.isAll || total <= count ? undefined : { text: t.bulk.all(total), onSelect: () => void takeAll() }
        }
        onClear={selection.clear}
      >
        {ACTS.filter(({ permission }) => may(permission)).map(({ kind }) => (
          <Button
            key={kind}
            size="xs"
            variant="default"
            color={kind === 'revoke' ? 'red' : undefined}
            onClick={() => onAct(kind)}
          >
            {t.bulk[kind]}
          </Button>
        ))}
        <ExportLink selection={selection} question={question} />
      </BulkBar>
    </>
  )
}

/** The file comes from the controller; hosts that were picked one by one are named in a filter, as far as one holds them. */
function ExportLink({ selection: { meant, isAll } }: Pick<BarProps, 'selection' | 'question'>) {
  const project = useProject()
  const { boot } = useSurroundings()
  if (!boot.modules.includes('inventory') || (!isAll && meant.ids.length > IDS_AT_ONCE)) return null
  const filter = isAll ? filterOfSearch(readSearch(meant.q ?? '')) : idsFilter(meant.ids)
  const { path } = call('GET', '/v1/projects/{project}/compute/hosts/export', { path: { project }, query: filter })
  return (
    <Button size="xs" variant="default" component="a" href={path} download="hosts.csv">
      {t.bulk.exportCsv}
    </Button>
  )
}
