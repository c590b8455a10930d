// SPDX-License-Identifier: Apache-2.0
/** How two documents differ, as a table: a line for each member. */
import { Text } from '@mantine/core'
import { Minus, PenLine, Plus } from 'lucide-react'
import { t } from '../words/views.ts'
import { type Change, changesBetween, type Json } from './diff.ts'
import { shownPath, spelledOut } from './spell.ts'
import './views.css'

export type DiffViewProps = {
  readonly before: Json | undefined
  readonly after: Json | undefined
  /** What stands on either side. */
  readonly titles: readonly [before: string, after: string]
  /** Said when they are alike. */
  readonly none?: string
}

export function DiffView({ before, after, titles, none = t.diff.none }: DiffViewProps) {
  const changes = changesBetween(before, after)
  if (changes.length === 0) return <Text size="sm">{none}</Text>
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4} role="status">
        {t.diff.count(changes.length)}
      </Text>
      <table className="mu-diff">
        <thead>
          <tr>
            <th scope="col">{t.diff.member}</th>
            <th scope="col">{t.diff.what}</th>
            <th scope="col">{titles[0]}</th>
            <th scope="col">{titles[1]}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(change => (
            <Line key={JSON.stringify(change.path)} change={change} titles={titles} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Line({
  change: { path, before, after },
  titles,
}: { readonly change: Change } & Pick<DiffViewProps, 'titles'>) {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const Icon = { added: Plus, removed: Minus, changed: PenLine }[kind]
  return (
    <tr>
      <th scope="row">{path.length === 0 ? t.diff.whole : shownPath(path)}</th>
      <td>
        <Icon size={12} aria-hidden /> {t.diff[kind]}
      </td>
      <td className={before === undefined ? undefined : 'mu-diff-before'} data-title={titles[0]}>
        <Value value={before} />
      </td>
      <td className={after === undefined ? undefined : 'mu-diff-after'} data-title={titles[1]}>
        <Value value={after} />
      </td>
    </tr>
  )
}

/** A value of a document, or that there is none. */
export function Value({ value }: { readonly value: Json | undefined }) {
  if (value === undefined)
    return (
      <Text span size="xs" c="dimmed" fs="italic">
        {t.diff.absent}
      </Text>
    )
  return <pre>{spelledOut(value)}</pre>
}
