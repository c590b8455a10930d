// SPDX-License-Identifier: Apache-2.0
/** What a run is plotted by: hosts online and settled, connects, round trips, memory and processor time. */
import type { ScenarioResult } from '../run.ts'
import type { Sample } from '../samples.ts'
import type { Plot, Series } from './plot.ts'
import { percentile, roundTripsOf } from './report.ts'

const MIB = 1_048_576

/** The plots there is something to show for. */
export function plotsOf(result: ScenarioResult): readonly Plot[] {
  const { samples, scenario, hosts } = result
  const common = { marks: result.marks }
  const peak = Math.max(0, ...rates(samples).map(([, value]) => value))
  const lowest = Math.min(hosts, ...samples.map(({ online }) => online))
  const plots: Plot[] = [
    {
      ...common,
      id: `${scenario}-online`,
      title: 'Hosts online and settled',
      unit: 'hosts',
      summary: `Of ${hosts} hosts at least ${lowest} had a session at any moment; ${result.unsettled.length} were not settled at the end.`,
      series: [
        { name: 'online, by the agents', points: samples.map(({ at, online }) => [at, online]) },
        { name: 'settled, by the controller', points: settledOf(samples) },
      ],
    },
    {
      ...common,
      id: `${scenario}-connects`,
      title: 'Connects',
      unit: 'a second',
      summary: `At most ${Math.round(peak)} agents connected within one second.`,
      series: [{ name: 'connects a second', points: rates(samples) }],
    },
  ]
  return [...plots, ...roundTripPlot(result), ...usagePlots(result)]
}

function settledOf(samples: readonly Sample[]): Series['points'] {
  return samples.flatMap(({ at, settled }) => (settled === undefined ? [] : [[at, settled] as const]))
}

function rates(samples: readonly Sample[]): Series['points'] {
  return samples.slice(1).map((sample, at) => {
    const before = samples[at] ?? sample
    const seconds = Math.max(0.001, (sample.at - before.at) / 1_000)
    return [sample.at, Math.max(0, sample.connects - before.connects) / seconds] as const
  })
}

/** How many of a hundred commands had come back after so long. */
function roundTripPlot(result: ScenarioResult): readonly Plot[] {
  const { roundTripsMs } = result.verdict
  if (roundTripsMs.length === 0) return []
  const { p50, p95, p99 } = roundTripsOf(result)
  const shares = Array.from({ length: 51 }, (_, at) => at / 50)
  return [
    {
      id: `${result.scenario}-trips`,
      title: 'Command round trips, outages included',
      unit: 'percent of commands that had come back',
      summary: `Half of the commands came back within ${p50} ms, 95 of 100 within ${p95} ms, 99 of 100 within ${p99} ms.`,
      marks: [],
      series: [
        { name: 'percent', points: shares.map(share => [percentile(roundTripsMs, share) ?? 0, share * 100] as const) },
      ],
    },
  ]
}

function usagePlots({ samples, scenario, marks }: ScenarioResult): readonly Plot[] {
  const sides = [
    { name: 'controller', of: (sample: Sample) => sample.controller },
    { name: 'simulator', of: (sample: Sample) => sample.simulator },
  ].filter(({ of }) => samples.some(sample => of(sample) !== undefined))
  if (sides.length === 0) return []
  const memory = sides.map(({ name, of }) => ({
    name,
    points: samples.flatMap(sample => {
      const usage = of(sample)
      return usage === undefined ? [] : [[sample.at, usage.rssBytes / MIB] as const]
    }),
  }))
  const processor = sides.map(({ name, of }) => ({ name, points: sharesOf(samples, of) }))
  const most = memory.map(({ name, points }) => `${name} ${Math.round(Math.max(...points.map(([, mib]) => mib)))} MiB`)
  return [
    {
      id: `${scenario}-memory`,
      title: 'Memory',
      unit: 'MiB resident',
      summary: `At most: ${most.join(', ')}.`,
      marks,
      series: memory,
    },
    {
      id: `${scenario}-cpu`,
      title: 'Processor time',
      unit: 'percent of one core',
      summary: 'Processor time used by each side between one look and the next.',
      marks,
      series: processor,
    },
  ]
}

function sharesOf(samples: readonly Sample[], of: (sample: Sample) => Sample['controller']): Series['points'] {
  return samples.slice(1).flatMap((sample, at) => {
    const [now, before] = [of(sample), of(samples[at] ?? sample)]
    const ms = sample.at - (samples[at]?.at ?? 0)
    if (now === undefined || before === undefined || ms <= 0) return []
    // A controller that was started again counts from nothing.
    return [[sample.at, (Math.max(0, now.cpuSeconds - before.cpuSeconds) * 100_000) / ms] as const]
  })
}
