// SPDX-License-Identifier: Apache-2.0
/** What the address asks of the audit, and how the page changes it. */
import { useCallback, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { useProject } from '../../../shell/go.tsx'
import type { Asked } from './search.ts'

/** `set` changes several parts at once; an empty text takes one away. */
export function useAsked(): readonly [Asked, (change: Readonly<Record<string, string>>) => void] {
  const project = useProject()
  const [search, setSearch] = useSearchParams()
  const text = search.toString()
  const asked = useMemo((): Asked => {
    const given = new URLSearchParams(text)
    const of = (name: string): string => given.get(name) ?? ''
    return {
      chain: of('chain') || `project:${project}`,
      person: of('person'),
      action: of('action'),
      target: of('target'),
      outcome: of('outcome'),
      since: of('since'),
      until: of('until'),
      custody: of('custody') === '1',
    }
  }, [text, project])
  const set = useCallback(
    (change: Readonly<Record<string, string>>) =>
      setSearch(
        old => {
          const next = new URLSearchParams(old)
          for (const [name, value] of Object.entries(change))
            if (value === '') next.delete(name)
            else next.set(name, value)
          return next
        },
        { replace: true },
      ),
    [setSearch],
  )
  return [asked, set]
}
