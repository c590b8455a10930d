// SPDX-License-Identifier: Apache-2.0
/** How kept views look. */
import type { View } from '../output.ts'

export type KeptView = {
  readonly id: string
  readonly name: string
  readonly page: string
  readonly query: string
  readonly shared: boolean
  readonly by: string
}

/** The words of a view of hosts; of another page, its whole query. */
export function wordsOf({ query }: KeptView): string {
  return new URLSearchParams(query).get('q') ?? query
}

export const keptView: View<KeptView> = {
  kind: 'View',
  name: view => view.id,
  empty: "muster view save 'line 4' 'line:4'",
  columns: [
    { title: 'NAME', cell: view => view.name },
    { title: 'OF', cell: ({ shared }) => (shared ? 'project' : 'you') },
    { title: 'PAGE', cell: view => view.page },
    { title: 'WORDS', cell: wordsOf },
    { title: 'BY', cell: view => view.by, wide: true },
    { title: 'ID', cell: view => view.id, wide: true },
  ],
}
