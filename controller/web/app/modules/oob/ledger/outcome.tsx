// SPDX-License-Identifier: Apache-2.0
/** What became of an attempt, in a word. */
import { Badge } from '../../../kit/status-chip.tsx'
import { t } from '../../../words/oob-fleet.ts'
import type { Attempt } from '../reads.ts'

const HUES = { running: 'held', succeeded: 'ok', failed: 'failing', cut: 'degraded' } as const

export function OutcomeBadge({ outcome, why }: { readonly outcome: Attempt['outcome']; readonly why?: string }) {
  return (
    <Badge hue={HUES[outcome]} {...(why === undefined || why === '' ? {} : { why })}>
      {t.ledger.outcome[outcome]}
    </Badge>
  )
}
