// SPDX-License-Identifier: Apache-2.0
/** JSON texts, one on each line, as they come. */
import { problem } from './problems.ts'

/** Longer than any line the controller writes. */
const MAX_LINE = 1_048_576

/** Throws `answer-strange` for a line that is not JSON or does not end. */
export async function* ndjson<T>(body: AsyncIterable<Uint8Array>): AsyncGenerator<T> {
  const decoder = new TextDecoder()
  let pending = ''
  for await (const part of body) {
    pending += decoder.decode(part, { stream: true })
    for (let at = pending.indexOf('\n'); at !== -1; at = pending.indexOf('\n')) {
      const line = pending.slice(0, at)
      pending = pending.slice(at + 1)
      if (line !== '') yield parsed<T>(line)
    }
    if (pending.length > MAX_LINE) throw problem('answer-strange', 'a line of its answer does not end')
  }
  if (pending.trim() !== '') yield parsed<T>(pending)
}

function parsed<T>(line: string): T {
  try {
    return JSON.parse(line) as T // the controller's own routes say what their lines are
  } catch {
    throw problem('answer-strange', 'its JSON is broken')
  }
}
