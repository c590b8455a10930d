// SPDX-License-Identifier: Apache-2.0
/** The way from capable to compliant, each step with how many came so far; every number filters the table. */
import { Tooltip, VisuallyHidden } from '@mantine/core'
import { t as common } from '../../../words/oob.ts'
import { t } from '../../../words/oob-fleet.ts'
import { Go, withParams } from '../links.ts'
import type { Machine } from '../reads.ts'
import { type FunnelStep, funnelOf } from './steps.ts'
import '../oob.css'

export type FunnelProps = {
  readonly machines: readonly Machine[]
  /** The step that filters now, if any. */
  readonly here?: string
}

export function Funnel({ machines, here = '' }: FunnelProps) {
  return (
    <ol className="mu-funnel" aria-label={t.funnel.label}>
      {funnelOf(machines).map(step => (
        <FunnelItem key={step.step} {...step} here={here} />
      ))}
    </ol>
  )
}

function FunnelItem({ step, count, of, acm, ccm, here }: FunnelStep & { readonly here: string }) {
  const rest = of - count
  const not = `not-${step}`
  return (
    <li data-step={step} data-here={here === step || here === not}>
      <Tooltip label={t.funnel.what[step]} multiline maw={280} events={{ hover: true, focus: true, touch: false }}>
        <Go
          to={withParams('/out-of-band', { step: here === step ? '' : step })}
          className="mu-funnel-step"
          aria-current={here === step ? 'true' : undefined}
        >
          <strong>{count}</strong>
          {common.step[step]}
          <VisuallyHidden> ({t.funnel.of(count, of)})</VisuallyHidden>
        </Go>
      </Tooltip>
      <span className="mu-funnel-bar" aria-hidden>
        <span style={{ inlineSize: `${of === 0 ? 0 : (100 * count) / of}%` }} />
      </span>
      {step === 'activated' && count > 0 && (
        <span className="mu-funnel-rest mu-funnel-modes">{t.funnel.modes(acm, ccm)}</span>
      )}
      {rest > 0 && (
        <Go
          to={withParams('/out-of-band', { step: here === not ? '' : not })}
          className="mu-funnel-rest"
          aria-current={here === not ? 'true' : undefined}
        >
          {t.funnel.rest[step](rest)}
        </Go>
      )}
    </li>
  )
}
