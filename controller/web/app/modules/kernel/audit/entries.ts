// SPDX-License-Identifier: Apache-2.0
/** Entries as the list scrolls: newest first, older ones as they come into view, new ones when they are wanted. */
import { type InfiniteData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo } from 'react'
import { type AnswerOf, get } from '../../../api/call.ts'
import type { RowSource } from '../../../kit/rows.ts'
import { useScrollRows } from '../../../kit/scroll-rows.ts'
import { type Asked, type Entry, isFiltered, queryOf, type Row, rowsOf } from './search.ts'

type Page = AnswerOf<'/v1/audit', 'GET'>

const PAGE = 200
/** How many new ones are fetched at once. */
const FRESH = 500
const FOLLOW_MS = 3_000
const LOOK_MS = 15_000

export type Entries = {
  readonly rows: RowSource<Row>
  /** Chains that may be read; `undefined` until that is known. */
  readonly chains: readonly string[] | undefined
  /** How many have come since; they are shown with `showFresh`. */
  readonly fresh: number
  showFresh(): void
}

/** `follow` looks often, and shows what is new by itself. */
export function useEntries(asked: Asked, follow: boolean): Entries {
  const client = useQueryClient()
  const key = useMemo(() => ['audit', asked.chain, asked], [asked])
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      get('/v1/audit', {
        query: { ...queryOf(asked, Date.now()), order: 'newest', before: pageParam, limit: PAGE },
      })({ signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: page => (page.hasNext ? page.entries.at(-1)?.n : undefined),
    // Entries never change; what is new is asked for on its own.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const entries = useMemo(() => query.data?.pages.flatMap(page => page.entries), [query.data])
  const top = entries?.[0]?.n ?? 0
  const newer = useQuery({
    queryKey: ['audit-new', asked.chain, asked, top],
    queryFn: get('/v1/audit', { query: { ...queryOf(asked, Date.now()), after: top, limit: FRESH } }),
    enabled: query.data !== undefined && asked.until === '',
    refetchInterval: follow ? FOLLOW_MS : LOOK_MS,
    staleTime: 0,
  })
  const fresh = newer.data?.entries ?? NONE
  const showFresh = useCallback(() => {
    if (fresh.length === 0) return
    client.setQueryData<InfiniteData<Page, number | undefined>>(key, old => withFresh(old, fresh))
  }, [client, key, fresh])
  useEffect(() => {
    if (follow) showFresh()
  }, [follow, showFresh])
  const shown = useMemo(
    () => (entries === undefined ? undefined : rowsOf(entries, isFiltered(asked))),
    [entries, asked],
  )
  return {
    rows: useScrollRows(shown, query),
    chains: query.data?.pages[0]?.chains,
    fresh: fresh.length,
    showFresh,
  }
}

const NONE: readonly Entry[] = []

function withFresh(
  old: InfiniteData<Page, number | undefined> | undefined,
  fresh: readonly Entry[],
): InfiniteData<Page, number | undefined> | undefined {
  const [first, ...rest] = old?.pages ?? []
  if (old === undefined || first === undefined) return old
  const top = first.entries[0]?.n ?? 0
  const added = fresh.filter(({ n }) => n > top).reverse()
  return { ...old, pages: [{ ...first, entries: [...added, ...first.entries] }, ...rest] }
}
