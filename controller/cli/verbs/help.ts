// SPDX-License-Identifier: Apache-2.0
/** `muster help`: topics, and the help of commands. */
import type { Run } from '../grammar.ts'
import { grammar } from '../nouns/grammar.ts'
import { problem } from '../problems.ts'
import { helpOf } from '../program.ts'
import { TOPICS } from '../topics.ts'

const DEFAULT_COLUMNS = 80

export const help: Run = async call => {
  const [topic = ''] = call.words
  const text =
    call.words.length === 1 && Object.hasOwn(TOPICS, topic)
      ? TOPICS[topic]
      : helpOf(grammar, call.words, call.output.look.columns ?? DEFAULT_COLUMNS)
  if (text === undefined)
    throw problem('usage', `no help on ${call.words.join(' ')}; topics: ${Object.keys(TOPICS).join(', ')}`)
  await call.output.data(text)
  return undefined
}
