// SPDX-License-Identifier: Apache-2.0
/** Keeps rows where they are while somebody points at them: what is new waits behind a bar. */
import { useEffect, useRef, useState } from 'react'
import type { RowSource } from './rows.ts'

export type HeldRows<Row> = RowSource<Row> & {
  /** Rows that wait to be shown; 0 with `moved` when only their order is another. */
  readonly fresh: number
  readonly moved: boolean
  /** Shows what waits. */
  show(): void
}

type Held<Row> = { readonly question: string; readonly total: number; readonly rows: ReadonlyMap<number, Row> }

const MOST = 600

/** `question` is what the rows answer: another one is never held back. */
export function useHeldRows<Row>(
  source: RowSource<Row>,
  {
    question,
    isHeld,
    keyOf,
  }: { readonly question: string; readonly isHeld: boolean; readonly keyOf: (row: Row) => string },
): HeldRows<Row> {
  const range = useRef({ from: 0, to: 0 })
  const [held, setHeld] = useState<Held<Row>>()
  const { total } = source
  const isOn = isHeld && held !== undefined && held.question === question && !source.stale
  useEffect(() => {
    if (!isHeld || total === undefined) setHeld(undefined)
    else
      setHeld(old => (old?.question === question ? old : snapshot(source, { question, total, range: range.current })))
  })
  const want = useRef(source.want)
  want.current = source.want
  const [wanted] = useState(() => (from: number, to: number) => {
    range.current = { from, to }
    want.current(from, to)
  })
  const plain = { ...source, want: wanted, fresh: 0, moved: false, show: () => undefined }
  if (!isOn) return plain
  const now = rowsByKey(source, { range: range.current, keyOf })
  const before = new Set([...held.rows.values()].map(keyOf))
  const news = [...now.keys()].filter(key => !before.has(key)).length
  const moved = isMoved(source, held, keyOf)
  if (!moved && held.total === total) return plain
  const grown = Math.max(0, (total ?? 0) - held.total)
  return {
    ...plain,
    total: held.total,
    get: index => {
      const row = held.rows.get(index)
      // Where it stands is held, what it says is not.
      return row === undefined ? source.get(index) : (now.get(keyOf(row)) ?? row)
    },
    fresh: Math.max(grown, Math.min(news, grown === 0 ? news : grown)),
    moved: true,
    show: () => setHeld(undefined),
  }
}

type Snap = {
  readonly question: string
  readonly total: number
  readonly range: { readonly from: number; readonly to: number }
}

function snapshot<Row>(source: RowSource<Row>, { question, total, range }: Snap): Held<Row> {
  const rows = new Map<number, Row>()
  for (const index of around(range, total)) {
    const row = source.get(index)
    if (row !== undefined) rows.set(index, row)
  }
  return { question, total, rows }
}

/** The rows in view and some beyond. */
function around({ from, to }: { readonly from: number; readonly to: number }, total: number): readonly number[] {
  const first = Math.max(0, from - MOST / 2)
  const last = Math.min(total, to + MOST / 2)
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at)
}

function rowsByKey<Row>(
  source: RowSource<Row>,
  {
    range,
    keyOf,
  }: { readonly range: { readonly from: number; readonly to: number }; readonly keyOf: (row: Row) => string },
): ReadonlyMap<string, Row> {
  return new Map(
    around(range, source.total ?? 0).flatMap(index => {
      const row = source.get(index)
      return row === undefined ? [] : [[keyOf(row), row] as const]
    }),
  )
}

function isMoved<Row>(source: RowSource<Row>, held: Held<Row>, keyOf: (row: Row) => string): boolean {
  for (const [index, row] of held.rows) {
    const now = source.get(index)
    if (now !== undefined && keyOf(now) !== keyOf(row)) return true
  }
  return false
}
