// SPDX-License-Identifier: Apache-2.0
/** Waits for what a scenario expects, seen from both sides: by the controller's API and by the agents themselves. */
import { type Clock, SECOND } from '../../plugins/contract/index.ts'
import type { HostStatus } from '../report.ts'
import type { Formation } from '../squad/formation.ts'
import type { Accepted } from './calls.ts'
import type { Expectation } from './plan.ts'
import { UNSETTLED, type View } from './view.ts'

export type Held = {
  readonly that: Expectation['that']
  readonly group: string
  readonly hosts: number
  readonly withinMs: number
  readonly held: boolean
  /** From the moment it was expected. */
  readonly tookMs: number
  /** What is missing, when it did not come true. */
  readonly detail: string
}

export type Witnesses = {
  readonly view: View
  readonly formation: Formation
  readonly host: (number: number) => HostStatus | undefined
  readonly accepted: readonly Accepted[]
  readonly clock: Clock
  readonly signal: AbortSignal
}

const LOOK_EVERY_MS = 500

/** Resolves when it is so, or when time is up. */
export async function awaitExpectation(expected: Expectation, witnesses: Witnesses): Promise<Held> {
  const { clock, signal } = witnesses
  const began = clock.monotonic()
  for (;;) {
    const missing = await missingFor(expected, witnesses)
    const tookMs = clock.monotonic() - began
    const { that, group, hosts, withinMs } = expected
    const said = { that, group, hosts: hosts.length, withinMs, tookMs: Math.round(tookMs) }
    if (missing === undefined) return { ...said, held: true, detail: '' }
    if (tookMs > withinMs) return { ...said, held: false, detail: missing }
    await clock.sleep(LOOK_EVERY_MS, signal)
  }
}

const AWAY = 'reachability != online'
const SILENT = 'the controller does not answer'

/** What keeps it from being true, in words. */
function missingFor(expected: Expectation, witnesses: Witnesses): Promise<string | undefined> {
  const { view } = witnesses
  switch (expected.that) {
    case 'settled':
      return unsettled(expected, witnesses)
    case 'online':
      return among(expected, witnesses, { found: view.hostsWhere(AWAY), words: 'is not online', wanted: false })
    case 'offline':
      return among(expected, witnesses, { found: view.hostsWhere(AWAY), words: 'is still online', wanted: true })
    case 'quarantined':
      return among(expected, witnesses, { found: view.quarantined(), words: 'is not in quarantine', wanted: true })
    case 'commands-ended':
      return unended(witnesses)
    case 'amt-activated':
      return unactivated(expected, witnesses)
    case 'amt-connected':
      return unconnected(expected, witnesses)
  }
}

async function unsettled(expected: Expectation, witnesses: Witnesses): Promise<string | undefined> {
  const { connected } = witnesses.formation.counts().states
  if (connected < expected.hosts.length) return `${connected} of ${expected.hosts.length} agents have a session`
  const found = witnesses.view.hostsWhere(UNSETTLED)
  return among(expected, witnesses, { found, words: 'is not settled', wanted: false })
}

type Among = {
  readonly found: Promise<ReadonlySet<string> | undefined>
  /** What is wrong with those that are not where they are wanted. */
  readonly words: string
  readonly wanted: boolean
}

/** Which of the hosts are, or are not, among those that were found. */
async function among(
  { hosts }: Expectation,
  { host }: Witnesses,
  { found: finding, words, wanted }: Among,
): Promise<string | undefined> {
  const found = await finding
  if (found === undefined) return SILENT
  const wrong = hosts.filter(number => {
    const id = host(number)?.host
    return id === undefined || found.has(id) !== wanted
  })
  return wrong.length === 0 ? undefined : `${named(wrong)} ${words}`
}

async function unended({ view, accepted }: Witnesses): Promise<string | undefined> {
  const [queued, sent] = [await view.commandsIn('queued'), await view.commandsIn('sent')]
  if (queued === undefined || sent === undefined) return SILENT
  const open = accepted.filter(({ id }) => queued.has(id) || sent.has(id))
  return open.length === 0 ? undefined : `${open.length} commands have not ended`
}

function withAmt({ hosts }: Expectation, { host }: Witnesses): readonly HostStatus[] {
  return hosts.flatMap(number => {
    const found = host(number)
    return found !== undefined && (found.amt === 'vpro' || found.amt === 'ism') ? [found] : []
  })
}

async function unactivated(expected: Expectation, witnesses: Witnesses): Promise<string | undefined> {
  const open: number[] = []
  for (const { number, host = '' } of withAmt(expected, witnesses)) {
    if ((await witnesses.view.isActivated(host)) !== true) open.push(number)
  }
  return open.length === 0 ? undefined : `AMT of ${named(open)} is not activated`
}

async function unconnected(expected: Expectation, witnesses: Witnesses): Promise<string | undefined> {
  const tunnels = await witnesses.view.tunnels()
  if (tunnels === undefined) return SILENT
  const open = withAmt(expected, witnesses).filter(({ uuid }) => !tunnels.has(uuid.toLowerCase()))
  return open.length === 0 ? undefined : `the tunnel of ${named(open.map(({ number }) => number))} does not stand`
}

const NAMED_AT_MOST = 8

function named(numbers: readonly number[]): string {
  const rest = numbers.length - NAMED_AT_MOST
  const shown = numbers.slice(0, NAMED_AT_MOST).join(', ')
  return `host ${shown}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** How long a fleet of simulated hosts may take to come up before a scenario begins. */
export function patienceFor(hosts: number): number {
  return 60 * SECOND + hosts * 60
}
