// SPDX-License-Identifier: Apache-2.0
/** A small line of numbers over time; where there is none the line breaks, and the same is there as a table. */
import { Table } from '@mantine/core'
import { t } from '../words/views.ts'
import './views.css'

export type Point = {
  /** As it is shown: a time, a day. */
  readonly at: string
  /** `undefined` where nothing is known. */
  readonly value: number | undefined
}

export type SparklineProps = {
  readonly label: string
  readonly points: readonly Point[]
  /** How a value is spoken, with its unit. */
  readonly spoken?: (value: number) => string
}

const [WIDTH, HEIGHT, MARGIN] = [120, 28, 3]

export function Sparkline({ label, points, spoken = String }: SparklineProps) {
  const known = points.flatMap(({ value }) => (value === undefined ? [] : [value]))
  const [low, high] = [Math.min(0, ...known), Math.max(1, ...known)]
  const x = (at: number): number => MARGIN + (at * (WIDTH - 2 * MARGIN)) / Math.max(1, points.length - 1)
  const y = (value: number): number => HEIGHT - MARGIN - ((value - low) * (HEIGHT - 2 * MARGIN)) / (high - low)
  return (
    <div>
      <svg
        className="mu-spark"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={labelOf(label, known, spoken)}
      >
        {runsOf(points).map(run =>
          run.length === 1 ? (
            <circle key={run[0]?.at} cx={x(run[0]?.at ?? 0)} cy={y(run[0]?.value ?? 0)} r={1.5} />
          ) : (
            <polyline key={run[0]?.at} points={run.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')} />
          ),
        )}
      </svg>
      <details className="mu-as-table">
        <summary>{t.spark.asTable}</summary>
        <div>
          <Table aria-label={label}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t.spark.when}</Table.Th>
                <Table.Th>{t.spark.value}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {points.map(({ at, value }) => (
                <Table.Tr key={at}>
                  <Table.Td>{at}</Table.Td>
                  <Table.Td>{value === undefined ? '–' : spoken(value)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </div>
  )
}

function labelOf(label: string, known: readonly number[], spoken: (value: number) => string): string {
  const last = known.at(-1)
  return last === undefined ? label : `${label}: ${spoken(last)}`
}

/** Stretches without a gap. */
function runsOf(points: readonly Point[]): readonly (readonly { readonly at: number; readonly value: number }[])[] {
  const runs: { at: number; value: number }[][] = []
  for (const [at, { value }] of points.entries()) {
    if (value === undefined) continue
    const last = runs.at(-1)
    if (last?.at(-1)?.at === at - 1) last.push({ at, value })
    else runs.push([{ at, value }])
  }
  return runs
}
