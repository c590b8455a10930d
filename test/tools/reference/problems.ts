// SPDX-License-Identifier: Apache-2.0
/** Writes the reference of problems: every failure the product can name, from the catalogues beside its owners. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProblemType, Retry } from '../../../plugins/contract/index.ts'
import { productSources, ROOT } from '../../arch/tree.ts'
import { page, table } from './page.ts'

export type Listed = ProblemType & { readonly code: string; readonly owner: string }

/** Every problem of every catalogue, sorted by code. Throws when a file keeps its catalogue to itself. */
export async function listProblems(): Promise<readonly Listed[]> {
  const owners = productSources().filter(
    file => /\bdefineProblems\(/.test(readFileSync(join(ROOT, file), 'utf8')) && file !== 'plugins/contract/problem.ts',
  )
  const listed: Listed[] = []
  for (const file of ['plugins/contract/problem.ts', ...owners]) {
    const exports: Record<string, unknown> = await import(pathToFileURL(join(ROOT, file)).href)
    const catalogues = Object.values(exports).filter(isCatalogue)
    if (catalogues.length === 0) throw new Error(`${file} defines problems and does not export them`)
    for (const { types } of catalogues) {
      listed.push(...Object.entries(types).map(([code, type]) => ({ ...type, code, owner: file })))
    }
  }
  return listed.sort((a, b) => (a.code < b.code ? -1 : 1))
}

function isCatalogue(value: unknown): value is { readonly types: Readonly<Record<string, ProblemType>> } {
  return typeof value === 'function' && 'types' in value
}

export async function problemsPage(): Promise<string> {
  const rows = (await listProblems()).map(({ code, status, title, retry, next = '', owner }) => [
    `<a id="${code}"></a>\`${code}\``,
    String(status),
    title,
    retryInWords(retry),
    next,
    part(owner),
  ])
  return page('Problems', [
    'Every failure has a code. The API answers with `application/problem+json` (RFC 9457) whose `code` is one of these, a report or a result of a host carries the same object, and the command line prints it in brackets.',
    '`Again` says whether trying again can help: never, after growing waits, or after the time stated.',
    table(['Code', 'Status', 'What happened', 'Again', 'What to do', 'Part'], rows),
  ])
}

function retryInWords(retry: Retry): string {
  if (retry === 'never') return 'no'
  if (retry === 'backoff') return 'growing waits'
  return `after ${retry.afterMs / 1_000} s`
}

/** `controller/kernel/problems.ts` is `controller/kernel`. */
function part(owner: string): string {
  return owner.split('/').slice(0, -1).join('/')
}
