// SPDX-License-Identifier: Apache-2.0
/** Machines that wait, as they are shown: pure. */
import type { AnswerOf } from '../../../api/call.ts'
import { type Facts, factsOf } from '../facts.ts'

type Answer = AnswerOf<'/v1/projects/{project}/enrollment/requests', 'GET'>

export type Request = Omit<Answer['requests'][number], 'facts'> & {
  readonly facts: Facts
  /** What it calls itself, or what it is. */
  readonly name: string | undefined
}

/** As the controller lists them: whoever waits longest comes first. */
export function readRequests({ requests }: Answer): readonly Request[] {
  return requests.map(request => {
    const facts = factsOf(request.facts)
    return { ...request, facts, name: facts.hostname ?? facts.product }
  })
}
