// SPDX-License-Identifier: Apache-2.0
/** Sets the clock forward, by an answer of the controller that is signed together with a nonce of the helper's own. */
import { MINUTE, parseTime, SECOND } from '../../../plugins/contract/index.ts'
import { verifySigned } from '../../identity/trust.ts'
import type { Act } from '../act.ts'
import { problem } from '../problems.ts'

const WITHIN_MS = 20 * SECOND
/** Less is left to NTP, and to the jitter of asking over a network. */
const LEAST_STEP_MS = MINUTE

export const ask: Act<'clock.ask'> = {
  title: 'Make a nonce for a question about the time',
  authority: 'open',
  withinMs: WITHIN_MS,
  perform: async (_input, { time }) => ({ nonce: time.ask() }),
}

/**
 * Forward only: a clock that was set back would make what has ended valid again. When it is ahead, the proven time still
 * serves the helper to judge commands by until it ends.
 */
export const step: Act<'clock.step'> = {
  title: 'Set the clock forward to the time the controller signed',
  authority: 'signed',
  withinMs: WITHIN_MS,
  alone: 'clock',
  async perform({ answer }, { copy, time, clock, programs, signal }) {
    const verdict = verifySigned('time', answer, copy().trust)
    if (verdict !== 'ok') throw problem('not-authorized', `the time is not proven: ${verdict}`)
    const now = parseTime(answer.head.now)
    if (!time.answer(answer.head.nonce) || now === undefined)
      throw problem('not-authorized', 'the time answers no question of the last minute')
    time.prove(now)
    const aheadMs = Math.round(now - clock.now())
    if (aheadMs < LEAST_STEP_MS) return { stepped: false, aheadMs }
    const line = ['--utc', `--set=@${Math.floor(now / SECOND)}`]
    const { code, stderr } = await programs.run('date', line, { signal, timeoutMs: WITHIN_MS, outside: true })
    if (code !== 0) throw problem('helper-unavailable', `the clock was not set: ${stderr.trim().slice(0, 200)}`)
    return { stepped: true, aheadMs }
  },
}
