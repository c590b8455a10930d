// SPDX-License-Identifier: Apache-2.0
/** The list of hosts with its search, and everything that is done from it. */
import { Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { DataTable } from '../../../kit/data-table.tsx'
import { useHeldRows } from '../../../kit/held-rows.ts'
import { useGo, useParam } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import { t } from '../../../words/hosts.ts'
import { BulkDialog, type BulkKind, type Meant } from './bulk-dialog.tsx'
import { allColumns, chosenColumns, defaultPrefs } from './columns.tsx'
import { PointedList } from './fresh-bar.tsx'
import { GroupBar } from './group-bar.tsx'
import { HostBulkBar } from './host-bulk-bar.tsx'
import { HostPeek } from './host-peek.tsx'
import { useListKeys } from './keys.ts'
import { NoHosts, NoResults } from './no-results.tsx'
import { usePrefs } from './prefs.ts'
import { type Question, useHostRows, useQuestion } from './question.ts'
import { RowMenu } from './row-menu.tsx'
import { type HostRow, spellSorting } from './rows.ts'
import { useSelection } from './selection.ts'
import { StatusBar } from './status-bar.tsx'
import { Toolbar } from './toolbar.tsx'

/** What is seen of hosts grows old without events: they are there, and say nothing. */
const AGAIN_MS = 30_000
const idOf = (row: HostRow): string => row.resourceId
const nameOf = (row: HostRow): string => row.name

export function HostList() {
  const question = useQuestion()
  const source = useHostRows(question)
  const [isPointed, setPointed] = useState(false)
  const rows = useHeldRows(source, { question: JSON.stringify(question.asking), isHeld: isPointed, keyOf: idOf })
  const selection = useSelection(question)
  const columns = useColumns(question)
  const [peeked, setPeeked] = useParam('peek')
  const [act, setAct] = useState<{ readonly kind: BulkKind; readonly meant: Meant }>()
  const go = useGo()
  useAgain()
  useListKeys()
  const rowEnd = useMemo(
    () => (row: HostRow) => (
      <RowMenu row={row} onPeek={setPeeked} onAct={kind => setAct({ kind, meant: { ids: [row.resourceId] } })} />
    ),
    [setPeeked],
  )
  const has = source.total !== undefined && source.total > 0
  return (
    <div className={peeked === '' ? 'mu-hosts' : 'mu-hosts mu-hosts-peeking'}>
      <Toolbar question={question} columns={columns} />
      <div className="mu-hosts-line">
        <Text size="sm" role="status" aria-live="polite">
          {source.total === undefined ? '' : t.total(source.total)}
        </Text>
        <StatusBar question={question} />
      </div>
      <GroupBar question={question} />
      <PointedList rows={rows} className={has ? 'mu-fill' : ''} onPointed={setPointed}>
        <DataTable
          label={t.label}
          rows={rows}
          columns={columns.chosen}
          keyOf={idOf}
          nameOf={nameOf}
          onOpen={row => go(`/hosts/${row.resourceId}`)}
          onPeek={row => setPeeked(row.resourceId === peeked ? '' : row.resourceId)}
          sorting={question.sorting}
          onSort={next => question.setSort(spellSorting(next), { replace: false })}
          selection={selection}
          rowEnd={rowEnd}
          rowHeight={44}
          cardHeight={96}
          empty={question.text === '' ? <NoHosts /> : <NoResults question={question} />}
        />
      </PointedList>
      <HostBulkBar
        selection={selection}
        question={question}
        total={source.total ?? 0}
        onAct={kind => setAct({ kind, meant: selection.meant })}
      />
      {peeked !== '' && <HostPeek id={peeked} onClose={() => setPeeked('')} />}
      {act !== undefined && (
        <BulkDialog
          {...act}
          asking={question.asking}
          onClose={() => setAct(undefined)}
          onDone={() => act.kind === 'revoke' && selection.clear()}
        />
      )}
    </div>
  )
}

export type Columns = ReturnType<typeof useColumns>

function useColumns({ pick }: Question) {
  const { boot } = useSurroundings()
  const latest = useRef(pick)
  latest.current = pick
  // The same columns as long as nobody chooses others, so that lines are not drawn anew.
  const all = useMemo(() => allColumns(token => latest.current(token), boot.modules), [boot.modules])
  const { prefs, set, reset } = usePrefs(defaultPrefs(all))
  const key = JSON.stringify(prefs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all that is in prefs
  const chosen = useMemo(() => chosenColumns(all, prefs), [all, key])
  return { all, prefs, set, reset, chosen }
}

function useAgain(): void {
  const client = useQueryClient()
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void client.invalidateQueries({ queryKey: ['hosts'] })
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [client])
}
