// SPDX-License-Identifier: Apache-2.0
/** Finds, in what was signed for a granted section, the order that says just what was asked for. */
import type { Bench } from './act.ts'
import type { Grant } from './config.ts'
import type { Verb } from './inputs.ts'
import { problem } from './problems.ts'

type Members = Readonly<Record<string, unknown>>

export type Wanted = {
  readonly verb: Verb
  /** The grants that cover what was asked for; none means that the owner of the machine does not want it. */
  readonly grants: readonly Grant[]
  /** Whether an object of the signed content is the order. */
  readonly says: (order: Members) => boolean
  readonly what: string
}

/** More objects than any document of 64 KB holds. */
const MOST_OBJECTS = 20_000

/**
 * Passes when a message of a granted section holds, at any depth, an object that orders the act; a command is used up.
 * Throws `not-granted`, `not-authorized`, `already-done`, and why the first message was refused.
 */
export async function orderedIn(
  { warrants }: Pick<Bench, 'warrants'>,
  { verb, grants, says, what }: Wanted,
): Promise<void> {
  if (grants.length === 0) throw problem('not-granted', what)
  let why: unknown
  for (const section of new Set(grants.map(grant => grant.section))) {
    try {
      const bearers = await warrants().anything(section, verb)
      const bearer = bearers.find(({ content }) => objectsIn(content).some(says))
      if (bearer !== undefined) return bearer.take()
    } catch (thrown) {
      why ??= thrown
    }
  }
  throw why ?? problem('not-authorized', `no message of the granted sections orders ${what}`)
}

function objectsIn(content: unknown): readonly Members[] {
  const found: Members[] = []
  const waiting: unknown[] = [content]
  for (let value = waiting.pop(); waiting.length > 0 || value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (found.length >= MOST_OBJECTS) break
    if (!Array.isArray(value)) found.push(value as Members) // an object of JSON
    waiting.push(...Object.values(value))
  }
  return found
}
