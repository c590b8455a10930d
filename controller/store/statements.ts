// SPDX-License-Identifier: Apache-2.0
/** Statements that were compiled once and are used again: compiling costs more than most of them take to run. */

/** As much of a database as a builder of queries uses. */
type Preparing<S> = { prepare(text: string): S; close(): void }

/** Statements kept at once. */
const MAX_STATEMENTS = 400
/** Longer ones list values and hardly come again. */
const MAX_LENGTH = 4_000
/** What changes tables makes compiled statements stale. */
const CHANGES_TABLES = /^\s*(create|alter|drop|pragma|vacuum|attach|detach)\b/i

/** The same database with the statements it was asked for most lately kept compiled. */
export function keepingStatements<S>(database: Preparing<S>): Preparing<S> {
  const kept = new Map<string, S>()
  return {
    prepare: text => {
      if (CHANGES_TABLES.test(text)) kept.clear()
      else if (text.length <= MAX_LENGTH) return keptStatement(kept, text, () => database.prepare(text))
      return database.prepare(text)
    },
    close: () => {
      kept.clear()
      database.close()
    },
  }
}

/** A map keeps its keys in the order in which they were set, so the first is the one used longest ago. */
function keptStatement<S>(kept: Map<string, S>, text: string, compile: () => S): S {
  const statement = kept.get(text) ?? compile()
  kept.delete(text)
  kept.set(text, statement)
  const [oldest] = kept.keys()
  if (kept.size > MAX_STATEMENTS && oldest !== undefined) kept.delete(oldest)
  return statement
}
