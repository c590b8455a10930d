// SPDX-License-Identifier: Apache-2.0
/** What a query gives, or what to show while it does not: loading, failed, not allowed. Old data stays, faded, with the failure above. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { problemOf } from '../api/problem.ts'
import { ProblemCard } from './problem-card.tsx'
import { Loading, NoPermission } from './states.tsx'

export type QueryViewProps<T> = {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isPending'> & { refetch(): unknown }
  readonly children: (data: T) => ReactNode
  readonly loading?: ReactNode
}

export function QueryView<T>({
  query: { data, error, refetch, isPending },
  children,
  loading = <Loading />,
}: QueryViewProps<T>) {
  if (error !== null) {
    const { code, document } = problemOf(error)
    const missing = code === 'not-allowed' && typeof document.permission === 'string' ? document.permission : undefined
    if (missing !== undefined && data === undefined) return <NoPermission permission={missing} />
    if (data === undefined) return <ProblemCard problem={error} onRetry={() => void refetch()} />
  } else if (isPending || data === undefined) return loading
  // The same elements with and without a failure: what somebody is writing in there is kept.
  return (
    <>
      {error !== null && <ProblemCard problem={error} onRetry={() => void refetch()} />}
      <div className={error === null ? 'mu-contents' : 'mu-faded'}>{children(data)}</div>
    </>
  )
}
