// SPDX-License-Identifier: Apache-2.0
/** How a failure reads on a terminal: what, why, and what to do. */
import type { Problem } from '../../plugins/contract/problem.ts'
import { literal } from './render/text.ts'

/**
 * Spells a problem as `error: <title>: <detail> [code]`, with the places that do not fit, the candidates of an
 * ambiguous name, and `try: <next>` where there is a next step. Ends with a line end; never holds a stack.
 */
export function explain({ title, detail, code, next, fields }: Problem): string {
  const what = detail === undefined ? uncapital(title) : `${uncapital(title)}: ${detail}`
  const lines = [`error: ${literal(what)} [${literal(code)}]`]
  const findings = findingsIn(fields.findings)
  // A single one stands in the first line already.
  const [only, second] = findings
  const said =
    only !== undefined && second === undefined && detail?.includes(`${only.pointer} ${only.message}`) === true
  for (const { pointer, message } of said ? [] : findings) {
    lines.push(`  ${literal(pointer === '' ? '/' : pointer)}: ${literal(message)}`)
  }
  for (const candidate of textsIn(fields.candidates)) lines.push(`  ${literal(candidate)}`)
  if (next !== undefined) lines.push(`try: ${literal(next)}`)
  return `${lines.join('\n')}\n`
}

/** Titles are sentences; behind `error:` they go on. Words in capitals stay. */
function uncapital(title: string): string {
  return /^[A-Z][a-z ]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title
}

type Finding = { readonly pointer: string; readonly message: string }

function findingsIn(value: unknown): readonly Finding[] {
  if (!Array.isArray(value)) return []
  return value.filter(
    (each): each is Finding =>
      typeof each === 'object' && each !== null && typeof each.pointer === 'string' && typeof each.message === 'string',
  )
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}
