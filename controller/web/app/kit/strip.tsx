// SPDX-License-Identifier: Apache-2.0
/** States over time as a strip: each has a colour and a height of its own; the same as a table for whoever does not see it. */
import { Table } from '@mantine/core'
import { useId } from 'react'
import { t } from '../words/views.ts'
import { absolute, spoken } from './age.ts'
import { type Span, type SpanState, spansWithin, summaryOf } from './spans.ts'
import './views.css'

export type StripProps = {
  /** What it shows, and of what time. */
  readonly label: string
  readonly spans: readonly Span[]
  readonly from: number
  readonly until: number
  readonly legend?: boolean
}

const WIDTH = 1_000
const HEIGHT = 28
/** From the bottom: what is not seen by colour is seen by height. */
const TALL: Readonly<Record<SpanState, number>> = { online: 28, offline: 9, asleep: 16, unknown: 2 }
const ROWS = 200

export function Strip({ label, spans, from, until, legend = false }: StripProps) {
  const id = useId()
  const whole = spansWithin(spans, { from, until })
  const { share, gaps } = summaryOf(whole)
  const scale = WIDTH / Math.max(1, until - from)
  const summary = share === undefined ? t.strip.nothing : t.strip.summary(percent(share), gaps)
  return (
    <figure className="mu-figure" aria-labelledby={id}>
      <figcaption id={id} className="mu-strip-ends">
        <span>{label}</span>
        <span>{summary}</span>
      </figcaption>
      <svg className="mu-strip" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden>
        {whole.map(span => (
          <rect
            key={span.from}
            className={`mu-strip-${span.state}`}
            data-state={span.state}
            x={(span.from - from) * scale}
            width={Math.max(1, (span.until - span.from) * scale)}
            y={HEIGHT - TALL[span.state]}
            height={TALL[span.state]}
          >
            <title>{`${t.strip.state[span.state]} ${absolute(span.from)} – ${absolute(span.until)}`}</title>
          </rect>
        ))}
      </svg>
      <div className="mu-strip-ends" aria-hidden>
        <time>{absolute(from).slice(0, 16)}</time>
        <time>{absolute(until).slice(0, 16)}</time>
      </div>
      {legend && <Legend />}
      <AsTable spans={whole} label={label} until={until} />
    </figure>
  )
}

/** Never rounds up to all of it. */
function percent(share: number): string {
  return `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`
}

function Legend() {
  return (
    <div className="mu-strip-legend" aria-hidden>
      {(Object.keys(TALL) as SpanState[]).map(state => (
        <span key={state}>
          <svg width="10" height="14">
            <rect className={`mu-strip-${state}`} width="10" y={14 - TALL[state] / 2} height={TALL[state] / 2} />
          </svg>
          {t.strip.state[state]}
        </span>
      ))}
    </div>
  )
}

function AsTable({
  spans,
  label,
  until,
}: {
  readonly spans: readonly Span[]
  readonly label: string
  readonly until: number
}) {
  const rows = spans.toReversed().slice(0, ROWS)
  return (
    <details className="mu-as-table">
      <summary>{t.strip.asTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must be reached by keys */}
      <div tabIndex={0}>
        <Table aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {[t.strip.how, t.strip.from, t.strip.until, t.strip.long].map(title => (
                <Table.Th key={title}>{title}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(span => (
              <Table.Tr key={span.from}>
                <Table.Td>
                  {span.why === undefined ? t.strip.state[span.state] : `${t.strip.state[span.state]} (${span.why})`}
                </Table.Td>
                <Table.Td>{absolute(span.from)}</Table.Td>
                <Table.Td>{span.until === until ? t.strip.now : absolute(span.until)}</Table.Td>
                <Table.Td>{spoken(span.until - span.from)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  )
}
