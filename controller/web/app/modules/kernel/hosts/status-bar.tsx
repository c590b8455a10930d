// SPDX-License-Identifier: Apache-2.0
/** How many of the hosts that fit are in each status; each number is a filter. */
import { StatusChip, type StatusChipProps } from '../../../kit/status-chip.tsx'
import { number } from '../../../words/catalogue.ts'
import { t } from '../../../words/hosts.ts'
import type { Question } from './question.ts'
import { hasWord, spokenValue } from './tokens.ts'
import { type MemberValues, useValues } from './values.ts'

const KINDS = ['reachability', 'health', 'compliance'] as const
const MEMBERS = ['reachability', 'hostStatusIndicator', 'compliance']

export function StatusBar({ question: { asking, text, pick } }: { readonly question: Question }) {
  const { data } = useValues({ members: MEMBERS, filter: asking.filter })
  return (
    <section className="mu-statuses" aria-label={t.summary}>
      {KINDS.map((kind, at) => (
        <span key={kind} className="mu-statuses-kind">
          {statesOf(kind, data?.[at]).map(({ state, count }) => {
            const token = `${kind}:${state}`
            // What a chip of a kind says is one of the words of that kind: both come from the controller.
            const chip = { kind, state } as Pick<StatusChipProps, 'kind' | 'state'> as StatusChipProps
            return (
              <span key={state} className={hasWord(text, token) ? 'mu-picked' : ''}>
                <StatusChip {...chip} onPick={() => pick(token)} more={<strong>{number(count)}</strong>} />
              </span>
            )
          })}
        </span>
      ))}
    </section>
  )
}

function statesOf(kind: string, found: MemberValues | undefined) {
  return (found?.values ?? []).map(({ value, count }) => ({ state: spokenValue(kind, value), count }))
}
