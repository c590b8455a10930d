// SPDX-License-Identifier: Apache-2.0
/** Failures of the filter and order language. */
import { defineProblems } from '../../plugins/contract/index.ts'

export const problem = defineProblems({
  'filter-invalid': {
    status: 400,
    title: 'The filter cannot be read',
    retry: 'never',
    next: 'correct it at the named column; write for example: name = "press" AND hostStatus = "running"',
  },
  'order-invalid': {
    status: 400,
    title: 'The order cannot be read',
    retry: 'never',
    next: 'write members separated by commas, each with asc or desc: name asc, createdAt desc',
  },
  'cursor-invalid': {
    status: 400,
    title: 'This cursor does not belong to this query',
    retry: 'never',
    next: 'start again without a cursor, and keep filter and order the same while paging',
  },
})

export type Refusal = {
  /** 0-based position in the text. */
  readonly at: number
  readonly token: string
  readonly expected: string
  /** Known names that come close. */
  readonly near?: readonly string[]
}

/** Names the token, its column (counted from 1) and what was expected there. */
export function refuse(code: 'filter-invalid' | 'order-invalid', { at, token, expected, near = [] }: Refusal): Error {
  const shown = token === '' ? 'the end' : `"${token.slice(0, 60)}"`
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`
  return problem(code, `column ${at + 1}: ${shown}: expected ${expected}${hint}`, {
    token: token.slice(0, 60),
    column: at + 1,
    expected,
    ...(near.length === 0 ? {} : { near }),
  })
}
