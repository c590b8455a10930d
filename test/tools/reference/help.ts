// SPDX-License-Identifier: Apache-2.0
/** Writes what the help pages of the dashboard know: every failure, and the topics of the command line. */
import { TOPICS } from '../../../controller/cli/topics.ts'
import type { Retry } from '../../../plugins/contract/index.ts'
import { listProblems } from './problems.ts'

const HEAD = '// SPDX-License-Identifier: Apache-2.0\n'
const WRITTEN = 'Written by `node test/tools/reference.ts` from the sources; change those, not this file.'

/** One line for each failure, so that a change of one is a change of one line. */
export async function helpProblems(): Promise<string> {
  const lines = (await listProblems()).map(({ code, status, title, retry, next = '', owner }) => {
    const part = owner.split('/').slice(0, -1).join('/')
    return `  ${JSON.stringify([code, status, title, waitOf(retry), next, part])},`
  })
  return `${HEAD}/** Every failure of the product, by code. ${WRITTEN} */

/** Code, HTTP status, what happened, whether trying again helps (milliseconds to wait, if stated), what to do, part. */
export type Listed = readonly [string, number, string, 'never' | 'backoff' | number, string, string]

export const PROBLEMS: readonly Listed[] = [
${lines.join('\n')}
]
`
}

function waitOf(retry: Retry): 'never' | 'backoff' | number {
  return typeof retry === 'string' ? retry : retry.afterMs
}

export function helpTopics(): string {
  const lines = Object.entries(TOPICS).map(([name, text]) => `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`)
  return `${HEAD}/** What \`muster help <topic>\` says. ${WRITTEN} */

export const TOPICS: Readonly<Record<string, string>> = {
${lines.join('\n')}
}
`
}
