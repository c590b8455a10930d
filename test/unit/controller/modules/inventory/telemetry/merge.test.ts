// SPDX-License-Identifier: Apache-2.0
/** What is collected where several profiles hold: the union of groups, the smallest interval, the most verbose level. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  LOG_LEVELS,
  type LogLevel,
  type MetricProfile,
  mergeTelemetry,
} from '../../../../../../controller/modules/inventory/telemetry/merge.ts'
import { LOG_SEEDS, METRIC_SEEDS } from '../../../../../../controller/modules/inventory/telemetry/seeds.ts'

const group = (id: string) => ({
  id,
  name: `group ${id}`,
  collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST',
  groups: [id],
})
const metric = (id: string, target: string, of: string, intervalSeconds: number): MetricProfile => ({
  id,
  target,
  group: group(of),
  intervalSeconds,
})
const log = (id: string, target: string, of: string, level: LogLevel) => ({ id, target, group: group(of), level })

describe('merged metrics', () => {
  it('take the smallest interval: 10 s of the site win over 60 s of the region', () => {
    const { metrics } = mergeTelemetry({
      metrics: [metric('p1', 'site-1', 'net', 10), metric('p2', 'region-1', 'net', 60)],
      logs: [],
    })

    expect(metrics).toEqual([
      {
        ...group('net'),
        metricsInterval: 10,
        from: { profile: 'p1', target: 'site-1' },
        profiles: [
          { profile: 'p1', target: 'site-1' },
          { profile: 'p2', target: 'region-1' },
        ],
      },
    ])
  })

  it('take a smaller interval of the region over that of the instance', () => {
    const { metrics } = mergeTelemetry({
      metrics: [metric('p1', 'inst-1', 'net', 300), metric('p2', 'region-1', 'net', 30)],
      logs: [],
    })

    expect(metrics[0]).toMatchObject({ metricsInterval: 30, from: { target: 'region-1' } })
  })

  it('are the union of the groups, each once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 3_600 })), { maxLength: 20 }),
        asked => {
          const profiles = asked.map(([of, interval], at) => metric(`p${at}`, 'site-1', of, interval))
          const { metrics } = mergeTelemetry({ metrics: profiles, logs: [] })
          const expected = Object.fromEntries(
            [...new Set(asked.map(([of]) => of))].map(of => [
              of,
              Math.min(...asked.filter(([each]) => each === of).map(([, interval]) => interval)),
            ]),
          )
          expect(Object.fromEntries(metrics.map(each => [each.id, each.metricsInterval]))).toEqual(expected)
          expect(metrics).toHaveLength(Object.keys(expected).length)
        },
      ),
    )
  })
})

describe('merged logs', () => {
  it.each(LOG_LEVELS.flatMap((level, at) => LOG_LEVELS.slice(at + 1).map(quieter => [level, quieter] as const)))(
    'take %s over %s',
    (level, quieter) => {
      const merged = mergeTelemetry({
        metrics: [],
        logs: [log('quiet', 'inst-1', 'syslog', quieter), log('loud', 'region-1', 'syslog', level)],
      })

      expect(merged.logs).toMatchObject([{ logLevel: level, from: { profile: 'loud', target: 'region-1' } }])
    },
  )

  it('name the first of profiles that say the same', () => {
    const merged = mergeTelemetry({
      metrics: [],
      logs: [
        log('near', 'inst-1', 'syslog', 'SEVERITY_LEVEL_WARN'),
        log('far', 'region-1', 'syslog', 'SEVERITY_LEVEL_WARN'),
      ],
    })

    expect(merged.logs[0]?.from).toEqual({ profile: 'near', target: 'inst-1' })
  })
})

it('starts every project with fourteen groups whose names tell them apart', () => {
  const names = [...LOG_SEEDS.map(({ name }) => `logs ${name}`), ...METRIC_SEEDS.map(({ name }) => `metrics ${name}`)]

  expect(new Set(names).size).toBe(14)
})
