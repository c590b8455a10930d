// SPDX-License-Identifier: Apache-2.0
/** An import under way, and what became of each row. */
import { Alert, Button, Checkbox, Group, Progress, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { DataTable } from '../../../kit/data-table.tsx'
import { ProblemCard } from '../../../kit/problem-card.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go, useGo } from '../../../shell/go.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/inventory/import.ts'
import type { ImportInput } from '../acts/import.ts'
import { saveText } from './save.ts'
import { type Outcome, runImport } from './send.ts'

type ImportResultProps = { readonly input: ImportInput; readonly count: number; readonly onAgain: () => void }

type State = {
  readonly rows: readonly Outcome[]
  readonly ended: boolean
  readonly stopped?: boolean
  readonly problem?: unknown
  readonly warnings: readonly string[]
  readonly header: string
}

const HUES = { registered: 'ok', completed: 'ok', skipped: 'unknown', failed: 'failing' } as const
const REFRESH = ['hosts', 'sites', 'summary', 'instances']

export function ImportResult({ input, count, onAgain }: ImportResultProps) {
  const { state, stop } = useImport(input)
  const go = useGo()
  const { rows, ended, stopped, problem, warnings, header } = state
  const [onlyFailed, setOnlyFailed] = useState(false)
  const failed = useMemo(() => rows.filter(({ outcome }) => outcome === 'failed'), [rows])
  const source = useListRows(onlyFailed ? failed : rows)
  return (
    <div className="mu-preflight">
      <Title order={2} size="h4">
        {t.result.title}
      </Title>
      {!ended && (
        <div role="status">
          <Text size="sm">{t.importing(rows.length, count)}</Text>
          <Progress value={(100 * rows.length) / Math.max(1, count)} aria-label={t.progress} />
        </div>
      )}
      {stopped === true && <Alert color="yellow">{t.stopped}</Alert>}
      {problem !== undefined && (
        <>
          <ProblemCard problem={problem} />
          {rows.length > 0 && <Text size="sm">{t.cut}</Text>}
        </>
      )}
      {warnings.map(warning => (
        <Alert key={warning} color="yellow">
          {warning}
        </Alert>
      ))}
      <Group justify="space-between" gap="sm">
        <Text fw={600} role={ended ? 'status' : undefined}>
          {countWords(rows)}
        </Text>
        <Group gap="xs">
          <Checkbox
            label={t.result.onlyFailed}
            checked={onlyFailed}
            onChange={event => setOnlyFailed(event.currentTarget.checked)}
          />
          {failed.length > 0 && ended && (
            <Button
              size="xs"
              variant="default"
              leftSection={<Download size={14} />}
              onClick={() => saveText(t.result.file, `${[header, ...failed.map(({ csv }) => csv ?? '')].join('\n')}\n`)}
            >
              {t.result.download}
            </Button>
          )}
          {ended ? (
            <>
              <Button size="xs" variant="default" onClick={onAgain}>
                {t.result.again}
              </Button>
              <Button size="xs" onClick={() => go('/hosts')}>
                {t.result.open}
              </Button>
            </>
          ) : (
            <Button size="xs" variant="default" onClick={stop}>
              {t.stop}
            </Button>
          )}
        </Group>
      </Group>
      <div className="mu-fill">
        <DataTable
          label={t.result.title}
          rows={source}
          keyOf={({ row }) => String(row)}
          nameOf={({ row }) => t.edit(row)}
          empty={ended ? <EmptyState title={onlyFailed ? t.result.noneFailed : t.result.counts(0, 0, 0, 0)} /> : null}
          columns={[
            {
              id: 'row',
              title: t.column.row,
              width: '70px',
              align: 'end',
              narrow: 'hidden',
              cell: ({ row }) => number(row),
            },
            {
              id: 'serial',
              title: t.column.Serial,
              width: 'minmax(120px, 1fr)',
              narrow: 'title',
              cell: ({ serial, uuid }) => serial ?? uuid,
            },
            {
              id: 'outcome',
              title: t.column.outcome,
              width: '150px',
              cell: ({ outcome }) => <Badge hue={HUES[outcome]}>{t.result[outcome]}</Badge>,
            },
            {
              id: 'host',
              title: t.column.host,
              width: '150px',
              cell: ({ host }) => host !== undefined && <Go to={`/hosts/${host}`}>{host}</Go>,
            },
            {
              id: 'why',
              title: t.column.why,
              width: 'minmax(160px, 2fr)',
              cell: ({ error, detail }) => [error, detail].filter(text => text !== undefined).join(': '),
            },
          ]}
        />
      </div>
    </div>
  )
}

function countWords(rows: readonly Outcome[]): string {
  const count = (wanted: Outcome['outcome']): number => rows.filter(({ outcome }) => outcome === wanted).length
  return t.result.counts(count('registered'), count('completed'), count('skipped'), count('failed'))
}

/** Begins at once and once; it goes on when the page is left, and nothing is lost but the list of what became of it. */
function useImport(input: ImportInput) {
  const client = useQueryClient()
  const [state, setState] = useState<State>({ rows: [], ended: false, warnings: [], header: '' })
  const abort = useRef(new AbortController())
  const began = useRef(false)
  useEffect(() => {
    if (began.current) return
    began.current = true
    const { signal } = abort.current
    const done = (end: Partial<State>): void => {
      setState(old => ({ ...old, ...end, ended: true }))
      for (const key of REFRESH) void client.invalidateQueries({ queryKey: [key] })
    }
    void runImport(input, { signal, onRows: rows => setState(old => ({ ...old, rows: [...old.rows, ...rows] })) }).then(
      done,
      (problem: unknown) => done(signal.aborted ? { stopped: true } : { problem }),
    )
  }, [client, input])
  return { state, stop: () => abort.current.abort() }
}
