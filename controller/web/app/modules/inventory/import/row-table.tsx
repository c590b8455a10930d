// SPDX-License-Identifier: Apache-2.0
/** Rows of a file as cells that can be corrected, each with its findings below it; only those in view are drawn. */
import { ActionIcon, Button, Modal, SimpleGrid, TextInput } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Pencil, X } from 'lucide-react'
import { useId, useState } from 'react'
import { COLUMNS } from '../../../../../modules/inventory/import/columns.ts'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { useListRows } from '../../../kit/rows.ts'
import { EmptyState } from '../../../kit/states.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/inventory/import.ts'
import { t as kit } from '../../../words/kit.ts'
import { columnOf, FILLED, type Row } from './table.ts'

type RowTableProps = {
  readonly rows: readonly Row[]
  readonly empty: string
  readonly onChange: (row: Row) => void
  readonly onLeave: (row: Row) => void
}

const HEIGHT = 58
/** Columns of clusters, which nothing here makes: they are shown when something stands in them. */
const CLUSTER = 9
const WIDTHS = [140, 290, 140, 130, 80, 110, 190, 80, 140, 80, 150, 170]

export function RowTable({ rows, empty, onChange, onLeave }: RowTableProps) {
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
  const [edited, setEdited] = useState<Row>()
  const source = useListRows(rows)
  const clusters = rows.some(
    ({ cells, findings }) =>
      cells.slice(CLUSTER).some(cell => cell !== '') || findings.some(each => columnOf(each) >= CLUSTER),
  )
  const columns = isNarrow ? narrowColumns() : cellColumns(clusters ? FILLED : CLUSTER, onChange)
  return (
    <>
      <DataTable
        label={t.table}
        rows={source}
        columns={columns}
        rowHeight={HEIGHT}
        keyOf={({ id }) => String(id)}
        nameOf={({ id }) => t.edit(id + 1)}
        empty={<EmptyState title={empty} />}
        {...(isNarrow ? { onOpen: setEdited } : {})}
        rowEnd={row => (
          <ActionIcon
            variant="subtle"
            aria-label={isNarrow ? t.editThis(row.id + 1) : t.leaveOut(row.id + 1)}
            onClick={() => (isNarrow ? setEdited(row) : onLeave(row))}
          >
            {isNarrow ? <Pencil size={16} /> : <X size={16} />}
          </ActionIcon>
        )}
      />
      {edited !== undefined && (
        <RowEditor
          row={edited}
          onClose={() => setEdited(undefined)}
          onKeep={row => {
            onChange(row)
            setEdited(undefined)
          }}
          onLeave={() => {
            onLeave(edited)
            setEdited(undefined)
          }}
        />
      )}
    </>
  )
}

function titleOf(at: number): string {
  const name = COLUMNS[at] ?? 'Serial'
  return t.column[name as keyof typeof t.column] // every column that is filled has one
}

function cellColumns(count: number, onChange: RowTableProps['onChange']): readonly Column<Row>[] {
  return [
    { id: 'row', title: t.column.row, width: '64px', align: 'end', cell: ({ id }) => number(id + 1) },
    ...Array.from(
      { length: count },
      (_, at): Column<Row> => ({
        id: COLUMNS[at] ?? String(at),
        title: titleOf(at),
        width: `minmax(${WIDTHS[at] ?? 100}px, 1fr)`,
        cell: row => <Cell row={row} at={at} onChange={onChange} />,
      }),
    ),
  ]
}

function narrowColumns(): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      title: t.column.row,
      narrow: 'title',
      cell: ({ id, cells }) => `${number(id + 1)}: ${cells[0] || cells[1] || ''}`,
    },
    {
      id: 'findings',
      title: t.column.findings,
      cell: ({ findings, cells }) =>
        findings.length === 0 ? (cells[3] ?? '') : <span className="mu-failing">{findings.join('; ')}</span>,
    },
  ]
}

type CellProps = { readonly row: Row; readonly at: number; readonly onChange: (row: Row) => void }

function Cell({ row, at, onChange }: CellProps) {
  const id = useId()
  const findings = row.findings.filter(each => columnOf(each) === at)
  const isWrong = findings.length > 0
  return (
    <div className="mu-cell">
      <input
        className={isWrong ? 'mu-cell-input mu-cell-wrong' : 'mu-cell-input'}
        aria-label={t.cell(titleOf(at), row.id + 1)}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? id : undefined}
        value={row.cells[at] ?? ''}
        maxLength={1_024}
        spellCheck={false}
        autoComplete="off"
        onChange={event => onChange(withCell(row, at, event.currentTarget.value))}
      />
      {isWrong && (
        <span
          id={id}
          className={row.changed ? 'mu-cell-finding mu-cell-old' : 'mu-cell-finding'}
          title={findings.join('; ')}
        >
          {findings.join('; ')}
        </span>
      )}
    </div>
  )
}

function withCell(row: Row, at: number, text: string): Row {
  return { ...row, changed: true, cells: row.cells.map((cell, column) => (column === at ? text : cell)) }
}

type RowEditorProps = {
  readonly row: Row
  readonly onClose: () => void
  readonly onKeep: (row: Row) => void
  readonly onLeave: () => void
}

/** The whole row, for screens on which its cells have no room. */
function RowEditor({ row, onClose, onKeep, onLeave }: RowEditorProps) {
  const [draft, setDraft] = useState(row)
  return (
    <Modal opened onClose={onClose} title={t.edit(row.id + 1)} closeButtonProps={{ 'aria-label': kit.close }}>
      <form
        onSubmit={event => {
          event.preventDefault()
          onKeep(draft)
        }}
      >
        <SimpleGrid cols={1} spacing="xs">
          {COLUMNS.slice(0, FILLED).map((name, at) => (
            <TextInput
              key={name}
              label={titleOf(at)}
              description={t.help[name as keyof typeof t.help]}
              value={draft.cells[at] ?? ''}
              onChange={event => setDraft(withCell(draft, at, event.currentTarget.value))}
              error={row.findings.filter(each => columnOf(each) === at).join('; ') || undefined}
              spellCheck={false}
            />
          ))}
          <Button type="submit">{t.apply}</Button>
          <Button variant="default" onClick={onLeave}>
            {t.leaveOut(row.id + 1)}
          </Button>
        </SimpleGrid>
      </form>
    </Modal>
  )
}
