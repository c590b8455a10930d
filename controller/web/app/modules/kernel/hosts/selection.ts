// SPDX-License-Identifier: Apache-2.0
/** Which rows are selected; few of them stand in the address, so that a copy of it shows the same. */
import { useMemo, useState } from 'react'
import type { Selection } from '../../../kit/data-table.tsx'
import { useParam } from '../../../shell/go.tsx'
import type { Meant } from './bulk-dialog.tsx'
import type { Question } from './question.ts'

/** More would make an address that nobody can send. */
const IN_ADDRESS = 40

export type HostSelection = Selection & {
  readonly meant: Meant
  /** Everything the search finds was taken, not row by row. */
  readonly isAll: boolean
  clear(): void
  /** Takes all of a search. */
  takeAll(ids: readonly string[]): void
}

type Kept = { readonly keys: ReadonlySet<string>; readonly of?: string }

export function useSelection({ text }: Question): HostSelection {
  const [written, write] = useParam('sel')
  const [kept, keep] = useState<Kept>()
  return useMemo(() => {
    // What was taken by a search is over with that search.
    const mine = kept?.of === undefined || kept.of === text ? kept : undefined
    const keys = mine?.keys ?? new Set(written.split(',').filter(id => /^host-[0-9a-f]{8}$/.test(id)))
    const isAll = mine?.of !== undefined
    const set = (next: ReadonlySet<string>): void => {
      keep({ keys: next })
      write(next.size <= IN_ADDRESS ? [...next].join(',') : '')
    }
    return {
      keys,
      set,
      isAll,
      meant: isAll ? { ids: [...keys], q: text } : { ids: [...keys] },
      clear: () => set(new Set()),
      takeAll: ids => {
        keep({ keys: new Set(ids), of: text })
        write('')
      },
    }
  }, [kept, written, write, text])
}
