// SPDX-License-Identifier: Apache-2.0
/** What CI leaves out, which must end within forty minutes; `MUSTER_LONG` has it play everything, as `npm test` does elsewhere. */

export const isShort = process.env.CI !== undefined && process.env.MUSTER_LONG === undefined

/**
 * The cases that are looked at in one of several ways: all of them, or in a short run those whose turn it is, so that each
 * case is looked at in one way and each way at its share of the cases.
 */
export function inTurn<Case>(cases: readonly Case[], way: number, ways: number): readonly Case[] {
  return isShort ? cases.filter((_, at) => at % ways === way % ways) : cases
}
