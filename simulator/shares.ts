// SPDX-License-Identifier: Apache-2.0
/** How a fleet is divided among kinds of AMT, as people type it. */
import type { AmtKind, AmtShares } from './facts.ts'
import { simulatorProblem } from './problems.ts'

const KINDS: readonly AmtKind[] = ['vpro', 'ism', 'none', 'unknown']

/** Reads `vpro=60,ism=20,none=20`; a kind that is not named gets nothing. Throws `simulator-usage` unless it adds up to 100. */
export function parseShares(text: string): AmtShares {
  const shares: Record<AmtKind, number> = { vpro: 0, ism: 0, none: 0, unknown: 0 }
  for (const part of text.split(',')) {
    const [, name, percent] = /^\s*([a-z]+)=(\d{1,3}(?:\.\d)?)%?\s*$/.exec(part) ?? []
    const kind = KINDS.find(each => each === name)
    if (kind === undefined) throw misuse(`\`${part.slice(0, 40)}\` is no share; there are ${KINDS.join(', ')}`)
    shares[kind] += Number(percent)
  }
  const total = KINDS.reduce((sum, kind) => sum + shares[kind], 0)
  if (Math.abs(total - 100) > 0.01) throw misuse(`the shares add up to ${total} and not to 100`)
  return shares
}

function misuse(detail: string): Error {
  return simulatorProblem('simulator-usage', `--amt ${detail}; write \`--amt vpro=60,ism=20,none=20\``)
}
