// SPDX-License-Identifier: Apache-2.0
/** Sends the calls of an act, a few at a time, and tells how far it has come. */
import { type Call, send } from '../api/call.ts'
import { type ApiProblem, problemOf } from '../api/problem.ts'

export type Sent =
  | { readonly call: Call; readonly answer: unknown }
  | { readonly call: Call; readonly problem: ApiProblem }

const ABREAST = 6

/** Never rejects: what failed stands in its place. After an abort nothing more is sent. */
export async function runCalls(
  calls: readonly Call[],
  {
    signal,
    onProgress,
    inOrder = false,
  }: { readonly signal: AbortSignal; readonly onProgress?: (done: number) => void; readonly inOrder?: boolean },
): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  let next = 0
  let failed = false
  const lane = async (): Promise<void> => {
    for (let at = next++; at < calls.length && !signal.aborted && !(inOrder && failed); at = next++) {
      const call = calls[at] as Call
      sent[at] = await send(call, signal).then(
        answer => ({ call, answer }),
        thrown => {
          failed = true
          return { call, problem: problemOf(thrown) }
        },
      )
      onProgress?.(sent.filter(each => each !== undefined).length)
    }
  }
  await Promise.all(Array.from({ length: Math.min(inOrder ? 1 : ABREAST, calls.length) }, lane))
  return sent.filter(each => each !== undefined)
}
