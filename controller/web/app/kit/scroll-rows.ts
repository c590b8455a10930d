// SPDX-License-Identifier: Apache-2.0
/** Rows of a list that is read from one end, page after page, and whose length nobody knows beforehand. */
import { useCallback, useMemo } from 'react'
import type { RowSource } from './rows.ts'

/** What is needed of `useInfiniteQuery`. */
export type Pages = {
  readonly error: unknown
  readonly hasNextPage: boolean
  readonly isFetchingNextPage: boolean
  fetchNextPage(): unknown
  refetch(): unknown
}

/** How close to the end the next page is fetched. */
const AHEAD = 40

/** `rows` are those that are here, `undefined` until the first page came. */
export function useScrollRows<Row>(rows: readonly Row[] | undefined, pages: Pages): RowSource<Row> {
  const { error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages
  const count = rows?.length ?? 0
  const want = useCallback(
    (_: number, to: number) => {
      if (hasNextPage && !isFetchingNextPage && error === null && to > count - AHEAD) fetchNextPage()
    },
    [hasNextPage, isFetchingNextPage, error, fetchNextPage, count],
  )
  return useMemo(
    () => ({
      // One more than there are, so that scrolling comes to it and it is fetched.
      total: rows === undefined ? undefined : count + (hasNextPage ? 1 : 0),
      get: index => rows?.[index],
      want,
      error,
      stale: false,
      retry: () => void (count > 0 && hasNextPage ? fetchNextPage() : refetch()),
    }),
    [rows, count, hasNextPage, want, error, fetchNextPage, refetch],
  )
}
