// SPDX-License-Identifier: Apache-2.0
/** The search of the list, with what is kept under a name, what it is grouped by, and which columns there are. */
import { Group } from '@mantine/core'
import { useEffect, useState } from 'react'
import { TokenSearch } from '../../../kit/token-search.tsx'
import { t } from '../../../words/hosts.ts'
import { ColumnChooser } from './column-chooser.tsx'
import { FilterBuilder } from './filter-builder.tsx'
import { GroupMenu } from './group-menu.tsx'
import type { Columns } from './host-list.tsx'
import type { Question } from './question.ts'
import { readSearch } from './rows.ts'
import { useSuggestions } from './suggest.ts'
import { ViewsMenu } from './views-menu.tsx'

type ToolbarProps = { readonly question: Question; readonly columns: Columns }

export function Toolbar({ question, columns }: ToolbarProps) {
  return (
    <Group gap="xs" align="flex-start" className="mu-hosts-tools">
      <ViewsMenu question={question} />
      <HostSearch question={question} />
      <FilterBuilder question={question} />
      <GroupMenu question={question} />
      <ColumnChooser columns={columns} />
    </Group>
  )
}

/** People see what they find while they type, once they pause. */
const PAUSE_MS = 350

function HostSearch({ question: { text, setText } }: { readonly question: Question }) {
  const [typed, setTyped] = useState(text)
  const [caret, setCaret] = useState(text.length)
  // What came by another door, a chip or a view, stands in the box too.
  // What is being written stays as it is, with the space at its end.
  useEffect(() => setTyped(old => (old.trim() === text ? old : text)), [text])
  useEffect(() => {
    if (typed.trim() === text) return undefined
    const timer = setTimeout(() => {
      if (!('problem' in readSearch(typed)) && !endsOpen(typed)) setText(typed.trim())
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed, text, setText])
  const { word, suggestions } = useSuggestions(typed, caret)
  const read = readSearch(typed)
  // While a key is being written its value is not missed yet.
  const problem = 'problem' in read && !endsOpen(typed) ? read.problem : undefined
  return (
    <TokenSearch
      label={t.search.label}
      placeholder={t.search.placeholder}
      value={typed}
      onChange={setTyped}
      onSubmit={next => {
        if (next.trim() !== text) setText(next.trim(), { replace: false })
      }}
      onCaret={setCaret}
      suggestions={suggestions}
      word={word}
      problem={problem}
    />
  )
}

/** A key whose value is still to come, or a dash whose word is. */
function endsOpen(text: string): boolean {
  return /(^|\s)-?([^\s:"]+:[<>=]*)?$/.test(text) && text.trim() !== '' && !/\s$/.test(text)
}
