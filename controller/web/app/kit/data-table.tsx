// SPDX-License-Identifier: Apache-2.0
/** A table of any number of rows: only those in view are drawn; on narrow screens each is a card of two lines. */
import { useMediaQuery } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
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
  /** Of the card that a row is on narrow screens. */
  readonly cardHeight?: number
}

const ROW = 40
const CARD = 68
const OVERSCAN = 8

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, empty, rowHeight = ROW, cardHeight = CARD } = props
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false }) ?? false
  const scroller = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const total = rows.total ?? 0
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => (isNarrow ? cardHeight : rowHeight),
    overscan: OVERSCAN,
  })
  const items = virtual.getVirtualItems()
  const from = items[0]?.index ?? 0
  const to = (items.at(-1)?.index ?? 0) + 1
  useEffect(() => rows.want(from, to), [rows.want, from, to])
  if (rows.total === undefined)
    return rows.error === null ? <Loading lines={8} /> : <ProblemCard problem={rows.error} onRetry={rows.retry} />
  if (total === 0)
    return (
      <>
        {rows.error !== null && <ProblemCard problem={rows.error} onRetry={rows.retry} compact />}
        {empty}
      </>
    )
  return <Grid {...props} virtual={virtual} scroller={scroller} isNarrow={isNarrow} at={at} setAt={setAt} />
}

type GridProps<Row> = DataTableProps<Row> & {
  readonly virtual: ReturnType<typeof useVirtualizer<HTMLDivElement, Element>>
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly isNarrow: boolean
  readonly at: number
  readonly setAt: (at: number) => void
}

function Grid<Row>({ virtual, scroller, isNarrow, at, setAt, ...props }: GridProps<Row>) {
  const { rows, label, columns, keyOf, selection, rowEnd } = props
  const total = rows.total ?? 0
  const anchor = useRef(0)
  // Lines are drawn anew only when they change, so what they call is looked up when it is called.
  const latest = useRef(props)
  latest.current = props
  const calls = useLineCalls(latest, { anchor, setAt })
  const error = rows.error === null ? null : <ProblemCard problem={rows.error} onRetry={rows.retry} compact />
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
        style={{ '--mu-tracks': tracks.join(' '), '--mu-rows': `${virtual.getTotalSize()}px` } as CSSProperties}
        onKeyDown={event => onKey(event, { props, at, move, anchor })}
      >
        <Head {...props} />
        <div className="mu-tbody" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, size }) => {
            const row = rows.get(index)
            const key = row === undefined ? `at ${index}` : keyOf(row)
            return (
              <MemoLine
                key={key}
                id={key}
                row={row}
                index={index}
                columns={columns as readonly Column<unknown>[]} // a line is given rows of these columns only
                name={row === undefined ? '' : props.nameOf(row)}
                isAt={index === at}
                isSelected={row === undefined || selection === undefined ? undefined : selection.keys.has(key)}
                opens={props.onOpen !== undefined}
                end={rowEnd as ((row: unknown) => ReactNode) | undefined} // as above
                calls={calls}
                start={start}
                size={size}
              />
            )
          })}
        </div>
      </div>
    </>
  )
}

type Keys<Row> = {
  readonly props: DataTableProps<Row>
  readonly at: number
  readonly move: (to: number) => void
  /** Where the last row was selected: the other end of a range. */
  readonly anchor: RefObject<number>
}

/** `j k` and arrows move, `x` selects, `shift-x` up to here, space peeks, enter opens. Nothing here destroys. */
function onKey<Row>(event: KeyboardEvent<HTMLElement>, { props, at, move, anchor }: Keys<Row>): void {
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
    x: () => {
      anchor.current = at
      if (row !== undefined) selection?.set(toggled(selection.keys, keyOf(row)))
    },
    X: () => selection?.set(withRange(props, selection.keys, [anchor.current, at])),
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

/** With all rows between two places that are loaded. */
function withRange<Row>(
  { rows, keyOf }: DataTableProps<Row>,
  keys: ReadonlySet<string>,
  [one, other]: readonly [number, number],
): ReadonlySet<string> {
  const next = new Set(keys)
  for (let index = Math.min(one, other); index <= Math.max(one, other); index++) {
    const row = rows.get(index)
    if (row !== undefined) next.add(keyOf(row))
  }
  return next
}

function Head<Row>({ columns, sorting, onSort, selection, rows, keyOf, rowEnd }: DataTableProps<Row>) {
  const loaded = (): readonly Row[] =>
    Array.from({ length: Math.min(rows.total ?? 0, 500) }, (_, at) => rows.get(at)).filter(row => row !== undefined)
  const some = selection !== undefined && selection.keys.size > 0
  const all = some && loaded().every(row => selection.keys.has(keyOf(row)))
  return (
    <div className="mu-tr mu-thead" role="row" aria-rowindex={1}>
      {selection !== undefined && (
        <div role="columnheader" className="mu-td">
          <input
            type="checkbox"
            className="mu-check"
            aria-label={t.selectPage}
            checked={all}
            ref={box => {
              if (box !== null) box.indeterminate = !all && some
            }}
            onChange={() => selection.set(all ? new Set() : new Set(loaded().map(keyOf)))}
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

/** What a line asks for; always the same functions. */
type LineCalls = {
  readonly toggle: (index: number, id: string) => void
  readonly open: (index: number) => void
}

type Latest<Row> = RefObject<DataTableProps<Row>>
type Placing = { readonly anchor: RefObject<number>; readonly setAt: (at: number) => void }

function useLineCalls<Row>(latest: Latest<Row>, { anchor, setAt }: Placing): LineCalls {
  const toggle = useCallback(
    (index: number, id: string) => {
      const { selection } = latest.current
      anchor.current = index
      selection?.set(toggled(selection.keys, id))
    },
    [latest, anchor],
  )
  const open = useCallback(
    (index: number) => {
      setAt(index)
      const row = latest.current.rows.get(index)
      if (row !== undefined) latest.current.onOpen?.(row)
    },
    [latest, setAt],
  )
  return useMemo(() => ({ toggle, open }), [toggle, open])
}

type LineProps = {
  readonly id: string
  readonly row: unknown
  readonly index: number
  readonly columns: readonly Column<unknown>[]
  readonly name: string
  readonly isAt: boolean
  readonly isSelected: boolean | undefined
  readonly opens: boolean
  readonly end: ((row: unknown) => ReactNode) | undefined
  readonly calls: LineCalls
  readonly start: number
  readonly size: number
}

const MemoLine = memo(Line)

function Line({ id, row, index, columns, name, isAt, isSelected, opens, end, calls, start, size }: LineProps) {
  const style: CSSProperties = { height: size, transform: `translateY(${start}px)` }
  if (row === undefined)
    return (
      <div className="mu-tr mu-absent" role="row" aria-rowindex={index + 2} style={style}>
        <div role="gridcell" className="mu-td" />
      </div>
    )
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys for all of its rows
    <div
      className={`mu-tr${isAt ? ' mu-at' : ''}${isSelected === true ? ' mu-selected' : ''}${opens ? ' mu-opens' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={style}
      onClick={event => {
        const target = event.target as Element
        // What a row shows elsewhere, such as a dialog, tells of its clicks here too.
        if (event.currentTarget.contains(target) && !target.closest('a,button,input,label')) calls.open(index)
      }}
    >
      {isSelected !== undefined && (
        <div role="gridcell" className="mu-td mu-select">
          <input
            type="checkbox"
            className="mu-check"
            aria-label={t.selectRow(name)}
            checked={isSelected}
            onChange={() => calls.toggle(index, id)}
          />
        </div>
      )}
      {columns.map(({ id: column, cell, align, narrow = 'line' }) => (
        <div key={column} role="gridcell" className={`mu-td mu-narrow-${narrow}${align === 'end' ? ' mu-end' : ''}`}>
          {cell(row)}
        </div>
      ))}
      {end !== undefined && (
        <div role="gridcell" className="mu-td mu-rowend">
          {end(row)}
        </div>
      )}
    </div>
  )
}
