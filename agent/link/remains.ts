// SPDX-License-Identifier: Apache-2.0
/** What is left to say of a message that cannot be sent: that it was there, and why it did not come. */
import {
  formatTime,
  newUlid,
  type Problem,
  type ReportedMessage,
  type ResultMessage,
} from '../../plugins/contract/index.ts'
import type { OutboxEntry } from '../state/outbox.ts'
import type { System } from '../system/system.ts'

/** The problems that stand where content was taken out. */
const LAST_WORDS: readonly string[] = ['undeliverable', 'message-too-large']

export type Remains = Omit<OutboxEntry, 'kills'>

/**
 * The entry with a new id, a problem in place of its content, and the outcome it had. `undefined` when that was done to
 * it before: then nothing of it can be sent.
 */
export function withoutContent(
  { kind, key, payload }: OutboxEntry,
  why: Problem,
  { clock, random }: Pick<System, 'clock' | 'random'>,
): Remains | undefined {
  const message = JSON.parse(payload) as ReportedMessage & ResultMessage // the outbox holds nothing else with a receipt
  if (message.problem !== undefined && LAST_WORDS.includes(message.problem.code)) return undefined
  const id = newUlid(clock.now(), random)
  const common = { id, problem: why.toJSON(), at: formatTime(clock.now()) }
  return { id, kind, key, payload: JSON.stringify({ ...common, ...outcomeOf(kind, message) }) }
}

function outcomeOf(kind: OutboxEntry['kind'], message: ReportedMessage & ResultMessage): object {
  if (kind === 'reported') {
    return { revision: message.revision, status: 'failed', observed: null, plugin: message.plugin }
  }
  const { command, status, startedAt } = message
  return { command, status, ...(startedAt === undefined ? {} : { startedAt }) }
}
