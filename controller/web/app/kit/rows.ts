// SPDX-License-Identifier: Apache-2.0
/** Rows of a table, however many: a list that is there, or pages that are fetched as they come into view. */
import { type QueryKey, useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'

/** Where a table gets its rows from. */
export interface RowSource<Row> {
  /** `undefined` until it is known. */
  readonly total: number | undefined
  /** `undefined` while it is not there. */
  get(index: number): Row | undefined
  /** Tells which rows are in view; `to` is exclusive. */
  want(from: number, to: number): void
  readonly error: unknown
  /** Rows are of an earlier question while the new one is under way. */
  readonly stale: boolean
  retry(): void
}

/** Rows that are all there already. */
export function useListRows<Row>(
  rows: readonly Row[] | undefined,
  query?: { readonly error: unknown; refetch(): unknown },
): RowSource<Row> {
  return useMemo(
    () => ({
      total: rows?.length,
      get: index => rows?.[index],
      want: () => undefined,
      error: query?.error ?? null,
      stale: false,
      retry: () => void query?.refetch(),
    }),
    [rows, query?.error, query?.refetch],
  )
}

export type RowPage<Row> = { readonly rows: readonly Row[]; readonly total: number }

export type PagedRows<Row> = {
  /** Everything the answer depends on but the offset. */
  readonly queryKey: QueryKey
  readonly fetch: (page: {
    readonly offset: number
    readonly limit: number
    readonly signal: AbortSignal
  }) => Promise<RowPage<Row>>
  readonly pageSize?: number
}

/** Pages around what is in view, and the first, which tells how many there are. Others are forgotten after a minute. */
export function usePagedRows<Row>({ queryKey, fetch, pageSize = 100 }: PagedRows<Row>): RowSource<Row> {
  const [range, setRange] = useState({ first: 0, last: 0 })
  const client = useQueryClient()
  const pages = [...new Set([0, ...span(range)])]
  const results = useQueries({
    queries: pages.map(page => ({
      queryKey: [...queryKey, 'page', page, pageSize],
      queryFn: ({ signal }: { signal: AbortSignal }) => fetch({ offset: page * pageSize, limit: pageSize, signal }),
      gcTime: 60_000,
      staleTime: 5_000,
    })),
  })
  const known = new Map(pages.map((page, at) => [page, results[at]?.data]))
  const first = known.get(0)
  // The last answer stays in view until the next one is there.
  const kept = useRef<{ total: number; rows: Map<number, Row> }>(undefined)
  const error = results.find(result => result.error !== null)?.error ?? null
  useEffect(() => {
    if (first === undefined) return
    const rows = new Map<number, Row>()
    for (const [page, data] of known)
      for (const [at, row] of (data?.rows ?? []).entries()) rows.set(page * pageSize + at, row)
    kept.current = { total: first.total, rows }
  })
  const want = useCallback(
    (from: number, to: number) =>
      setRange(old => {
        const next = { first: Math.floor(from / pageSize), last: Math.floor(Math.max(from, to - 1) / pageSize) }
        return next.first === old.first && next.last === old.last ? old : next
      }),
    [pageSize],
  )
  const isNew = first === undefined
  return {
    total: first?.total ?? kept.current?.total,
    get: index =>
      known.get(Math.floor(index / pageSize))?.rows[index % pageSize] ??
      (isNew ? kept.current?.rows.get(index) : undefined),
    want,
    error,
    stale: isNew && kept.current !== undefined,
    retry: () => void client.refetchQueries({ queryKey, type: 'active' }),
  }
}

function span({ first, last }: { readonly first: number; readonly last: number }): readonly number[] {
  return Array.from({ length: Math.min(6, last - first + 1) }, (_, at) => first + at)
}
