// SPDX-License-Identifier: Apache-2.0
/** Figures of out-of-band management: tunnels, sessions, and how devices answer. */
import { Problem, SECOND } from '../../../plugins/contract/index.ts'
import type { Measure } from '../../kernel/measure.ts'
import type { Exchange } from './wsman/exchange.ts'

/** Upper bounds in seconds, as Prometheus has them: each counts what is below it too. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const

export interface WsmanMeter {
  /** Wraps an exchange so that each request counts. */
  measured(exchange: Exchange): Exchange
  readonly measures: readonly Measure[]
}

export function createWsmanMeter(monotonic: () => number): WsmanMeter {
  const below = new Map<number, number>(BOUNDS.map(bound => [bound, 0]))
  const outcomes = new Map<string, number>()
  let seconds = 0
  let count = 0
  const note = (tookMs: number, outcome: string): void => {
    const took = tookMs / SECOND
    seconds += took
    count++
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    for (const bound of BOUNDS) if (took <= bound) below.set(bound, (below.get(bound) ?? 0) + 1)
  }
  return {
    measured: exchange => ({
      async send(request, signal) {
        const from = monotonic()
        try {
          const reply = await exchange.send(request, signal)
          note(monotonic() - from, String(reply.status))
          return reply
        } catch (thrown) {
          note(monotonic() - from, thrown instanceof Problem ? thrown.code : 'failed')
          throw thrown
        }
      },
      close: () => exchange.close(),
    }),
    measures: [
      counter('muster_oob_wsman_requests_total', 'Requests to firmware, by HTTP status or problem', ['outcome'], () =>
        [...outcomes].map(([outcome, value]) => ({ labels: { outcome }, value })),
      ),
      counter('muster_oob_wsman_seconds_bucket', 'Requests to firmware that took at most so long', ['le'], () => [
        ...[...below].map(([bound, value]) => ({ labels: { le: String(bound) }, value })),
        { labels: { le: '+Inf' }, value: count },
      ]),
      counter('muster_oob_wsman_seconds_sum', 'Time that requests to firmware took', [], () => [
        { labels: {}, value: seconds },
      ]),
      counter('muster_oob_wsman_seconds_count', 'Requests to firmware', [], () => [{ labels: {}, value: count }]),
    ],
  }
}

type Read = Measure['read']

function counter(name: string, help: string, labels: readonly string[], read: Read): Measure {
  return { name, help, kind: 'counter', labels, read }
}

export type TunnelFigures = {
  load(): { readonly tunnels: number; readonly waiting: number }
  readonly refusals: ReadonlyMap<string, number>
  sessions(): number
}

export function tunnelMeasures({ load, refusals, sessions }: TunnelFigures): readonly Measure[] {
  const gauge = (name: string, help: string, value: () => number): Measure => ({
    name,
    help,
    kind: 'gauge',
    labels: [],
    read: () => [{ labels: {}, value: value() }],
  })
  return [
    gauge('muster_oob_tunnels', 'Devices that are connected', () => load().tunnels),
    gauge('muster_oob_connections_waiting', 'Connections of devices that have not logged in', () => load().waiting),
    gauge('muster_oob_redirections', 'Redirection sessions that are open', sessions),
    counter('muster_oob_refused_total', 'Connections and logins of devices that were refused', ['code'], () =>
      [...refusals].map(([code, value]) => ({ labels: { code }, value })),
    ),
  ]
}
