// SPDX-License-Identifier: Apache-2.0
/** A table of any number of rows: only those in view are drawn; on narrow screens each is a card of two lines. */
import { Checkbox } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { t } from '../words/kit.ts'
import { ProblemCard } from './problem-card.tsx'
import type { RowSource } from './rows.ts'
import { Loading } from './states.tsx'

export type Column<Row> = {
  readonly id: string
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** CSS grid track, such as `minmax(160px, 2fr)`. */
  readonly width?: string
  /** The member to order by; a column without one is not sorted. */
  readonly sort?: string
  readonly align?: 'end'
  /** On narrow screens: the first line, the second, or nowhere. */
  readonly narrow?: 'title' | 'line' | 'hidden'
}

export type Sorting = { readonly by: string; readonly descending: boolean }

export type Selection = {
  readonly keys: ReadonlySet<string>
  set(keys: ReadonlySet<string>): void
}

export type DataTableProps<Row> = {
  /** What the rows are, for people who do not see the table. */
  readonly label: string
  readonly rows: RowSource<Row>
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly nameOf: (row: Row) => string
  readonly onOpen?: (row: Row) => void
  /** Space on a row. */
  readonly onPeek?: (row: Row) => void
  readonly sorting?: Sorting | undefined
  readonly onSort?: (sorting: Sorting | undefined) => void
  readonly selection?: Selection | undefined
  /** What stands at the end of a row: a menu. */
  readonly rowEnd?: (row: Row) => ReactNode
  /** Shown in place of the table when there are no rows. */
  readonly empty: ReactNode
  readonly rowHeight?: number
}

const ROW = 40
const CARD = 68
const OVERSCAN = 8

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, label, columns, keyOf, empty, selection, rowEnd, rowHeight = ROW } = props
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const total = rows.total ?? 0
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? CARD : rowHeight),
    overscan: OVERSCAN,
  })
  const items = virtual.getVirtualItems()
  const from = items[0]?.index ?? 0
  const to = (items.at(-1)?.index ?? 0) + 1
  useEffect(() => rows.want(from, to), [rows.want, from, to])
  if (rows.total === undefined)
    return rows.error === null ? <Loading lines={8} /> : <ProblemCard problem={rows.error} onRetry={rows.retry} />
  const error = rows.error === null ? null : <ProblemCard problem={rows.error} onRetry={rows.retry} compact />
  if (total === 0)
    return (
      <>
        {error}
        {empty}
      </>
    )
  const tracks = [
    ...(selection === undefined ? [] : ['40px']),
    ...columns.map(({ width = 'minmax(80px, 1fr)' }) => width),
    ...(rowEnd === undefined ? [] : ['44px']),
  ]
  const move = (next: number): void => {
    const index = Math.max(0, Math.min(total - 1, next))
    setAt(index)
    virtual.scrollToIndex(index)
  }
  return (
    <>
      {error}
      <div
        ref={scroller}
        className={`mu-table${rows.stale || error !== null ? ' mu-faded' : ''}${isNarrow ? ' mu-cards' : ''}`}
        role="grid"
        aria-label={label}
        aria-rowcount={total + 1}
        aria-busy={rows.stale}
        tabIndex={0}
        style={{ '--mu-tracks': tracks.join(' ') } as CSSProperties}
        onKeyDown={event => onKey(event, { props, at, move })}
      >
        <Head {...props} />
        <div className="mu-tbody" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start, size }) => {
            const row = rows.get(index)
            return (
              <Line
                key={row === undefined ? `at ${index}` : keyOf(row)}
                {...props}
                row={row}
                index={index}
                isAt={index === at}
                onAt={() => setAt(index)}
                style={{ height: size, transform: `translateY(${start}px)` }}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

type Keys<Row> = { readonly props: DataTableProps<Row>; readonly at: number; readonly move: (to: number) => void }

/** `j k` and arrows move, `x` selects, space peeks, enter opens. Nothing here destroys. */
function onKey<Row>(event: KeyboardEvent<HTMLElement>, { props, at, move }: Keys<Row>): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
  const { rows, onOpen, onPeek, selection, keyOf } = props
  const row = rows.get(at)
  const acts: Readonly<Record<string, () => void>> = {
    j: () => move(at + 1),
    ArrowDown: () => move(at + 1),
    k: () => move(at - 1),
    ArrowUp: () => move(at - 1),
    PageDown: () => move(at + 12),
    PageUp: () => move(at - 12),
    Home: () => move(0),
    End: () => move(Number.MAX_SAFE_INTEGER),
    Enter: () => row !== undefined && onOpen?.(row),
    ' ': () => row !== undefined && (onPeek ?? onOpen)?.(row),
    x: () => row && selection?.set(toggled(selection.keys, keyOf(row))),
  }
  const act = acts[event.key]
  if (act === undefined) return
  event.preventDefault()
  act()
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}

function Head<Row>({ columns, sorting, onSort, selection, rows, keyOf, rowEnd }: DataTableProps<Row>) {
  const loaded = Array.from({ length: Math.min(rows.total ?? 0, 500) }, (_, at) => rows.get(at)).filter(
    row => row !== undefined,
  )
  const all = selection !== undefined && loaded.length > 0 && loaded.every(row => selection.keys.has(keyOf(row)))
  return (
    <div className="mu-tr mu-thead" role="row" aria-rowindex={1}>
      {selection !== undefined && (
        <div role="columnheader" className="mu-td">
          <Checkbox
            size="xs"
            aria-label={t.selectPage}
            checked={all}
            indeterminate={!all && selection.keys.size > 0}
            onChange={() => selection.set(all ? new Set() : new Set(loaded.map(keyOf)))}
          />
        </div>
      )}
      {columns.map(column => {
        const { id, title, sort, align } = column
        const isBy = sort !== undefined && sorting?.by === sort
        const Arrow = sorting?.descending === true ? ArrowDown : ArrowUp
        return (
          <div
            key={id}
            role="columnheader"
            className={`mu-td${align === 'end' ? ' mu-end' : ''}`}
            aria-sort={isBy ? (sorting.descending ? 'descending' : 'ascending') : undefined}
          >
            {sort === undefined || onSort === undefined ? (
              title
            ) : (
              <button
                type="button"
                className="mu-sort"
                title={t.sortBy(title)}
                onClick={() => onSort(nextSorting(sorting, sort))}
              >
                {title}
                {isBy && <Arrow size={12} aria-hidden />}
              </button>
            )}
          </div>
        )
      })}
      {rowEnd !== undefined && <div role="columnheader" className="mu-td" aria-label={t.sameAs} />}
    </div>
  )
}

/** Rising, falling, as it comes. */
function nextSorting(sorting: Sorting | undefined, by: string): Sorting | undefined {
  if (sorting?.by !== by) return { by, descending: false }
  return sorting.descending ? undefined : { by, descending: true }
}

type LineProps<Row> = DataTableProps<Row> & {
  readonly row: Row | undefined
  readonly index: number
  readonly isAt: boolean
  readonly onAt: () => void
  readonly style: CSSProperties
}

function Line<Row>({
  row,
  index,
  isAt,
  onAt,
  style,
  columns,
  keyOf,
  nameOf,
  onOpen,
  selection,
  rowEnd,
}: LineProps<Row>) {
  if (row === undefined)
    return (
      <div className="mu-tr mu-absent" role="row" aria-rowindex={index + 2} style={style}>
        <div role="gridcell" className="mu-td" />
      </div>
    )
  const key = keyOf(row)
  const isSelected = selection?.keys.has(key) === true
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all of its rows
    <div
      className={`mu-tr${isAt ? ' mu-at' : ''}${isSelected ? ' mu-selected' : ''}${onOpen === undefined ? '' : ' mu-opens'}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selection === undefined ? undefined : isSelected}
      style={style}
      onClick={event => {
        onAt()
        if (!(event.target as Element).closest('a,button,input,label')) onOpen?.(row)
      }}
    >
      {selection !== undefined && (
        <div role="gridcell" className="mu-td mu-select">
          <Checkbox
            size="xs"
            aria-label={t.selectRow(nameOf(row))}
            checked={isSelected}
            onChange={() => selection.set(toggled(selection.keys, key))}
          />
        </div>
      )}
      {columns.map(({ id, cell, align, narrow = 'line' }) => (
        <div key={id} role="gridcell" className={`mu-td mu-narrow-${narrow}${align === 'end' ? ' mu-end' : ''}`}>
          {cell(row)}
        </div>
      ))}
      {rowEnd !== undefined && (
        <div role="gridcell" className="mu-td mu-rowend">
          {rowEnd(row)}
        </div>
      )}
    </div>
  )
}
