// SPDX-License-Identifier: Apache-2.0
/** Lines over time, drawn with uPlot: gaps stay gaps, panels of one page share their crosshair, and a table says the same. */
import { Table, Text } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import './panel.css'
import { t } from '../words/kit.ts'
import { absolute } from './age.ts'

export type Line = {
  readonly label: string
  /** One for each time; `undefined` where nothing is known. */
  readonly values: readonly (number | undefined)[]
}

export type PanelProps = {
  readonly title: string
  /** Milliseconds since the epoch, rising. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  /** How a value is said, with its unit. */
  readonly spoken: (value: number) => string
  /** Panels of one group share their crosshair. */
  readonly group?: string
}

const HEIGHT = 180
/** Told apart by their dashes too. */
const LOOKS = [
  { colour: '--mu-ok', dash: [] },
  { colour: '--mu-degraded', dash: [6, 4] },
  { colour: '--mu-held', dash: [2, 3] },
] as const
const FEW = 12

export default function Panel(props: PanelProps) {
  const { title, times, lines, spoken } = props
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const shape = lines.map(({ label }) => label).join('\n')
  const latest = useRef(props)
  latest.current = props
  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn anew when the lines are others, filled when only values are
  useEffect(() => {
    const { current: element } = holder
    if (element === null) return undefined
    const made = new uPlot(optionsOf(latest.current, element), dataOf(latest.current), element)
    plot.current = made
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    watcher.observe(element)
    return () => {
      watcher.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => plot.current?.setData(dataOf({ times, lines })), [times, lines])
  return (
    <section className="mu-panel" aria-label={title}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <div ref={holder} aria-hidden />
      <details>
        <summary>{t.asTable}</summary>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t.time}</Table.Th>
              {lines.map(({ label }) => (
                <Table.Th key={label}>{label}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {times.slice(-FEW).map((at, index) => (
              <Table.Tr key={at}>
                <Table.Td>{absolute(at).slice(11)}</Table.Td>
                {lines.map(({ label, values }) => {
                  const value = values.slice(-Math.min(FEW, times.length))[index]
                  return <Table.Td key={label}>{value === undefined ? '–' : spoken(value)}</Table.Td>
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </section>
  )
}

function dataOf({ times, lines }: Pick<PanelProps, 'times' | 'lines'>): uPlot.AlignedData {
  return [times.map(at => at / 1_000), ...lines.map(({ values }) => values.map(value => value ?? null))]
}

function optionsOf({ lines, spoken, group = 'muster' }: PanelProps, element: HTMLElement): uPlot.Options {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim()
  const axis = {
    stroke: colour('--mu-unknown'),
    grid: { stroke: colour('--mu-line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { sync: { key: group } },
    scales: { y: { range: (_, low, high) => [Math.min(0, low), Math.max(1, high)] } },
    axes: [axis, { ...axis, size: 64, values: (_, ticks) => ticks.map(value => spoken(value)) }],
    series: [
      { value: (_, at) => (at === null ? '' : absolute(at * 1_000).slice(11)), label: t.time },
      ...lines.map(({ label }, at) => {
        const { colour: name, dash } = LOOKS[at % LOOKS.length] ?? LOOKS[0]
        const value = (_: uPlot, raw: number | null): string => (raw === null ? '–' : spoken(raw))
        return {
          label,
          stroke: colour(name),
          width: 2,
          dash: [...dash],
          spanGaps: false,
          points: { show: false },
          value,
        }
      }),
    ],
  }
}
