// SPDX-License-Identifier: Apache-2.0
/** Asks before harm is done: a person on a terminal, or an option where there is none. */
import type { Call } from './call.ts'
import { problem } from './problems.ts'
import { literal } from './render/text.ts'

/** Up to so many hosts, `-y` is enough. */
export const MAX_UNCOUNTED = 50

/**
 * Returns when the act may go on. With `-y` it may; on a terminal the question must be answered with `y`, or with
 * `typed` where that is given. Throws `not-confirmed`.
 */
export async function confirm(call: Call, question: string, typed?: string): Promise<void> {
  if (call.options.has('yes')) return
  const { input } = call.terminal
  if (!input.isTerminal) throw problem('not-confirmed', question)
  // The question holds names that hosts gave themselves.
  const shown = literal(question)
  const asked = typed === undefined ? `${shown} [y/N] ` : `${shown} Type ${typed} to go on: `
  const answer = (await input.ask(asked, { hidden: false, signal: call.signal })).trim()
  const agreed = typed === undefined ? /^y(es)?$/i.test(answer) : answer === typed
  if (!agreed) throw problem('not-confirmed', 'the answer was no')
}

/** Throws `count-not-confirmed` or `count-differs` unless so many hosts are few or their number was given. */
export function confirmCount(call: Call, hosts: number): void {
  const given = call.options.count('confirm-count')
  if (given !== undefined && given !== hosts) throw problem('count-differs', `it is ${hosts}, not ${given}`)
  if (hosts > MAX_UNCOUNTED && given === undefined) throw problem('count-not-confirmed', `${hosts} hosts`)
}
