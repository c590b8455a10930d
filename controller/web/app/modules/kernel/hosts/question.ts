// SPDX-License-Identifier: Apache-2.0
/** What the list is asked, as its address has it: search, order, groups. */
import { useMemo } from 'react'
import { usePagedRows } from '../../../kit/rows.ts'
import { useParam, useProject } from '../../../shell/go.tsx'
import { useSurroundings } from '../../../shell/session.tsx'
import {
  type Asking,
  filterOfSearch,
  type HostRow,
  orderOf,
  readRows,
  readSearch,
  readSorting,
  rowFields,
} from './rows.ts'
import { toggleWord } from './tokens.ts'

const PAGE_SIZE = 100

export function useQuestion() {
  const [text, setText] = useParam('q')
  const [sort, setSort] = useParam('sort')
  const [group, setGroup] = useParam('group')
  const { boot } = useSurroundings()
  const project = useProject()
  const search = useMemo(() => readSearch(text), [text])
  const sorting = useMemo(() => readSorting(sort), [sort])
  const asking: Asking = useMemo(
    () => ({ project, filter: filterOfSearch(search), fields: rowFields(boot.modules), orderBy: orderOf(sorting) }),
    [project, search, boot.modules, sorting],
  )
  return {
    text,
    setText,
    /** Puts a word into the search, or takes it out again; back undoes it. */
    pick: (token: string) => setText(toggleWord(text, token), { replace: false }),
    search,
    sorting,
    setSort,
    group,
    setGroup,
    asking,
  }
}

export type Question = ReturnType<typeof useQuestion>

export function useHostRows({ asking }: Question) {
  return usePagedRows<HostRow>({
    queryKey: ['hosts', asking.project, 'list', asking.filter, asking.fields, asking.orderBy],
    fetch: page => readRows(asking, page),
    pageSize: PAGE_SIZE,
  })
}
