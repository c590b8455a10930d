// SPDX-License-Identifier: Apache-2.0
/** Failures by code, in words: what happened, what to do, where it comes from. Pure. */
import { t } from '../../../words/help.ts'
import { PROBLEMS } from './problem-list.ts'

export type Known = {
  readonly code: string
  /** 0 for what only a browser finds. */
  readonly status: number
  readonly title: string
  readonly retry: 'never' | 'backoff' | number
  /** What to do; empty where there is no one step. */
  readonly next: string
  /** The folder of its owner, as `controller/modules/oob`. */
  readonly part: string
}

const BROWSER: readonly Known[] = Object.entries(t.browser).map(([code, { title, next }]) => ({
  code,
  status: 0,
  title,
  retry: 'backoff',
  next,
  part: 'browser',
}))

export const ALL: readonly Known[] = [
  ...PROBLEMS.map(([code, status, title, retry, next, part]) => ({ code, status, title, retry, next, part })),
  ...BROWSER,
].sort((a, b) => (a.code < b.code ? -1 : 1))

export function problemOf(code: string): Known | undefined {
  return ALL.find(each => each.code === code)
}

/** Every word must be found somewhere in it. */
export function fitting(query: string): readonly Known[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return ALL.filter(problem => {
    const text = `${problem.code} ${problem.title} ${problem.next} ${partOf(problem)} ${problem.status}`.toLowerCase()
    return words.every(word => text.includes(word))
  })
}

/** What is said of a folder is said of those below it. */
function nearest(folder: string, said: Readonly<Record<string, string>>): string | undefined {
  const steps = folder.split('/')
  for (let length = steps.length; length > 0; length--) {
    const found = said[steps.slice(0, length).join('/')]
    if (found !== undefined) return found
  }
  return undefined
}

export function partOf({ part }: Pick<Known, 'part'>): string {
  return nearest(part, t.part) ?? part
}

/** Whether trying again helps, in a sentence. */
export function againOf({ retry }: Pick<Known, 'retry'>): string {
  return typeof retry === 'number' ? t.retry.after(retry / 1_000) : t.retry[retry]
}

/** What to do, or why there is no one step. */
export function nextOf({ next, retry }: Pick<Known, 'next' | 'retry'>): string {
  if (next !== '') return `${next.slice(0, 1).toUpperCase()}${next.slice(1)}`
  return retry === 'never' ? t.noNext.never : t.noNext.backoff
}

/** Command lines that belong to it: those that its advice names, and the help of its part. */
export function linesOf({ next, part }: Pick<Known, 'next' | 'part'>): readonly string[] {
  const named = [...next.matchAll(/`(muster[^`]*)`/g)].map(([, line = '']) => line)
  const help = nearest(part, t.noun)
  return [...new Set([...named, ...(help === undefined ? [] : [help])])]
}

/** Text with pieces between backticks set apart. */
export function pieces(text: string): readonly { readonly text: string; readonly isCode: boolean }[] {
  return text
    .split('`')
    .map((piece, at) => ({ text: piece, isCode: at % 2 === 1 }))
    .filter(piece => piece.text !== '')
}
