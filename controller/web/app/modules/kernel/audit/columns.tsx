// SPDX-License-Identifier: Apache-2.0
/** The columns of the audit. */
import { TriangleAlert } from 'lucide-react'
import { absolute } from '../../../kit/age.ts'
import type { Column } from '../../../kit/data-table.tsx'
import { Literal } from '../../../kit/literal.tsx'
import { Badge } from '../../../kit/status-chip.tsx'
import { Go } from '../../../shell/go.tsx'
import { t } from '../../../words/audit.ts'
import { type Entry, pageOf, type Row } from './search.ts'

/** `modules` are those that run, so that nothing links to pages that are not there. */
export function auditColumns(modules: readonly string[]): readonly Column<Row>[] {
  const of = (id: string, title: string, cell: (entry: Entry) => React.ReactNode, more: Partial<Column<Row>> = {}) => ({
    id,
    title,
    cell: (row: Row) => (row.kind === 'entry' ? cell(row.entry) : null),
    ...more,
  })
  return [
    of('time', t.column.time, ({ at }) => <Time at={at} />, { width: '160px', narrow: 'line' }),
    of('who', t.column.who, entry => <Who entry={entry} />, { width: 'minmax(110px, 1fr)' }),
    of('via', t.column.via, ({ principal }) => <Literal text={principal.via} />, {
      width: '90px',
      narrow: 'hidden',
    }),
    {
      id: 'action',
      title: t.column.action,
      width: 'minmax(150px, 1.2fr)',
      narrow: 'title',
      cell: row => <Action row={row} />,
    },
    of('target', t.column.target, entry => <Target entry={entry} modules={modules} />, {
      width: 'minmax(140px, 1.4fr)',
    }),
    of('outcome', t.column.outcome, ({ outcome }) => <Outcome outcome={outcome} />, { width: '110px' }),
    of('reason', t.column.reason, ({ reason }) => (reason === undefined ? null : <Literal text={reason} />), {
      width: 'minmax(120px, 1.6fr)',
      narrow: 'hidden',
    }),
  ]
}

function Time({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={absolute(at, true)}>
      {absolute(at)}
    </time>
  )
}

function Who({ entry: { name, principal } }: { readonly entry: Entry }) {
  return (
    <span title={principal.id}>
      <Literal text={name ?? principal.id} max={80} />
    </span>
  )
}

function Action({ row }: { readonly row: Row }) {
  if (row.kind === 'gap')
    return (
      <span className="mu-flaw">
        <TriangleAlert size={14} aria-hidden /> {t.gap(row.from, row.to)}
      </span>
    )
  if (!row.detached) return <Literal text={row.entry.action} max={80} />
  return (
    <span className="mu-flaw" title={t.detached}>
      <TriangleAlert size={14} aria-label={t.detached} /> <Literal text={row.entry.action} max={80} />
    </span>
  )
}

export function Target({
  entry: { target, chain },
  modules,
}: {
  readonly entry: Entry
  readonly modules: readonly string[]
}) {
  const page = pageOf(target, chain, modules)
  if (page === undefined) return <Literal text={target} max={120} />
  return (
    <Go to={page}>
      <Literal text={target} max={120} />
    </Go>
  )
}

export function Outcome({ outcome }: { readonly outcome: string }) {
  if (outcome === 'done') return <Badge hue="ok">{t.outcome.done}</Badge>
  return <Badge hue="failing">{outcome === 'refused' ? t.outcome.refused : outcome}</Badge>
}
