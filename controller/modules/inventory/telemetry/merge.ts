// SPDX-License-Identifier: Apache-2.0
/** What a host is to collect, merged from every profile that holds for it. */

/** From the most talkative to the least; one that is not specified asks for the least. */
export const LOG_LEVELS = [
  'SEVERITY_LEVEL_DEBUG',
  'SEVERITY_LEVEL_INFO',
  'SEVERITY_LEVEL_WARN',
  'SEVERITY_LEVEL_ERROR',
  'SEVERITY_LEVEL_CRITICAL',
  'SEVERITY_LEVEL_UNSPECIFIED',
] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Says what it is about: the id of an instance, a site or a region. */
type Targeted = { readonly id: string; readonly target: string }
type Collected = {
  readonly id: string
  readonly name: string
  readonly collectorKind: string
  readonly groups: readonly string[]
}

export type MetricProfile = Targeted & { readonly group: Collected; readonly intervalSeconds: number }
export type LogProfile = Targeted & { readonly group: Collected; readonly level: LogLevel }

/** Where a value comes from. */
export type Source = { readonly profile: string; readonly target: string }

export type Merged = {
  readonly metrics: readonly (Collected & {
    /** Seconds. */
    readonly metricsInterval: number
    readonly from: Source
    readonly profiles: readonly Source[]
  })[]
  readonly logs: readonly (Collected & {
    readonly logLevel: LogLevel
    readonly from: Source
    readonly profiles: readonly Source[]
  })[]
}

/**
 * The union of the groups of all profiles: a group that several ask for is collected once, metrics at the smallest
 * interval and logs at the most verbose level. `from` is the profile that decided; the first one given wins a tie.
 */
export function mergeTelemetry(profiles: {
  readonly metrics: readonly MetricProfile[]
  readonly logs: readonly LogProfile[]
}): Merged {
  return {
    metrics: byGroup(profiles.metrics).map(asked => {
      const decided = least(asked, each => each.intervalSeconds)
      return { ...decided.group, metricsInterval: decided.intervalSeconds, ...sources(decided, asked) }
    }),
    logs: byGroup(profiles.logs).map(asked => {
      const decided = least(asked, each => LOG_LEVELS.indexOf(each.level))
      return { ...decided.group, logLevel: decided.level, ...sources(decided, asked) }
    }),
  }
}

type Asked<P> = readonly [P, ...P[]]

function byGroup<P extends MetricProfile | LogProfile>(profiles: readonly P[]): readonly Asked<P>[] {
  const groups = new Map<string, [P, ...P[]]>()
  for (const profile of profiles) {
    const known = groups.get(profile.group.id)
    if (known === undefined) groups.set(profile.group.id, [profile])
    known?.push(profile)
  }
  return [...groups.values()].toSorted(([one], [other]) => compare(one.group, other.group))
}

function compare(one: Collected, other: Collected): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1
  return one.id < other.id ? -1 : 1
}

function least<P>([first, ...others]: Asked<P>, value: (profile: P) => number): P {
  return others.reduce((best, each) => (value(each) < value(best) ? each : best), first)
}

function sources<P extends Targeted>(decided: P, asked: readonly P[]) {
  const source = ({ id, target }: Targeted): Source => ({ profile: id, target })
  return { from: source(decided), profiles: asked.map(source) }
}
