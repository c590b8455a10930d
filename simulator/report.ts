// SPDX-License-Identifier: Apache-2.0
/** What `muster-sim` shows: for people on two streams, for programs as one JSON object a line. */
import type { Problem } from '../plugins/contract/index.ts'
import { ORDERS } from './console.ts'
import type { Enlisted, FleetProgress } from './fleet.ts'

const STATES = ['connected', 'not connected', 'off', 'failed', 'waiting'] as const
export type HostState = (typeof STATES)[number]

export type HostStatus = {
  readonly number: number
  readonly name: string
  /** Its id at the controller. */
  readonly host: string | undefined
  readonly model: string
  /** As its firmware says it. */
  readonly uuid: string
  readonly amt: string
  readonly state: HostState
  readonly faults: readonly string[]
  readonly cloneOf: number | undefined
  readonly problem: string | undefined
}

export type Beginning = {
  readonly count: number
  readonly seed: string
  readonly url: string
  readonly processes: number
}

/** How many hosts are how. */
export type StateCounts = Readonly<Record<HostState, number>>

export interface Report {
  begins(fleet: Beginning): void
  progress(progress: FleetProgress): void
  /** The whole list, because somebody asked. */
  hosts(hosts: readonly HostStatus[]): void
  /** One line, because something changed. */
  summary(states: StateCounts): void
  did(lines: readonly string[]): void
  help(): void
  problem(problem: Problem): void
  stopping(count: number): void
  stopped(): void
}

export type Streams = { readonly out: (line: string) => void; readonly err: (line: string) => void }

/** Progress and hints on standard error, what was asked for on standard output. */
export function textReport({ out, err }: Streams): Report {
  return {
    begins({ count, seed, url, processes }) {
      err(`SIMULATED HOSTS: ${count} machines that do not exist (seed \`${seed}\`), each running the real agent.`)
      if (processes > 1) err(`They run in ${processes} processes.`)
      err(`Controller ${url}; it shows them as simulated. Type \`help\` for what can go wrong, Ctrl-C to stop.`)
    },
    progress(progress) {
      if (isWorthALine(progress)) err(progressLine(progress))
    },
    hosts: hosts => each(table(hosts), out),
    summary: states => err(summaryLine(states)),
    did: lines => each(lines, out),
    help: () => each(helpLines(), out),
    problem(problem) {
      err(`error: ${problem.message} [${problem.code}]`)
      if (problem.next !== undefined) err(`try: ${problem.next}`)
    },
    stopping: count => err(`stopping ${count} simulated hosts; each says farewell …`),
    stopped: () => err('stopped'),
  }
}

function each(lines: readonly string[], say: (line: string) => void): void {
  for (const line of lines) say(line)
}

function helpLines(): readonly string[] {
  return ORDERS.map(([form, meaning]) => `  ${form.padEnd(20)} ${meaning}`)
}

/** Every object has `event`, and `simulated: true` where it speaks of hosts. */
export function jsonReport({ out }: Pick<Streams, 'out'>): Report {
  const tell = (event: string, fields: object): void => out(JSON.stringify({ event, ...fields }))
  return {
    begins: fleet => tell('begins', { simulated: true, ...fleet }),
    progress({ number, done, of, outcome }) {
      if ('problem' in outcome) tell('failed', { simulated: true, number, done, of, problem: outcome.problem })
      else if ('waiting' in outcome) tell('waiting', { simulated: true, number, done, of, why: outcome.waiting })
      else tell(verbOf(outcome.enlisted), { simulated: true, number, done, of, host: outcome.enlisted.id })
    },
    hosts: hosts => tell('hosts', { simulated: true, hosts }),
    summary: states => tell('summary', { simulated: true, hosts: totalOf(states), ...states }),
    did: lines => tell('did', { lines }),
    help: () => tell('help', { orders: ORDERS.map(([form, meaning]) => ({ form, meaning })) }),
    problem: problem => tell('problem', { problem }),
    stopping: count => tell('stopping', { simulated: true, count }),
    stopped: () => tell('stopped', {}),
  }
}

/** The line that tells how many are how. */
export function summaryLine(states: StateCounts): string {
  const some = STATES.filter(state => states[state] > 0)
  return `${totalOf(states)} simulated hosts: ${some.map(state => `${states[state]} ${state}`).join(', ')}`
}

function totalOf(states: StateCounts): number {
  return STATES.reduce((sum, state) => sum + states[state], 0)
}

/** How many of a list are how. */
function statesIn(hosts: readonly HostStatus[]): StateCounts {
  const states = { connected: 0, 'not connected': 0, off: 0, failed: 0, waiting: 0 }
  for (const { state } of hosts) states[state] += 1
  return states
}

const FEW = 50

/** All of a few, every tenth part of many, and every failure. */
function isWorthALine({ done, of, outcome }: FleetProgress): boolean {
  return of <= FEW || 'problem' in outcome || done === of || done % Math.ceil(of / 10) === 0
}

function progressLine({ number, done, of, outcome }: FleetProgress): string {
  const place = `[${String(done).padStart(String(of).length)}/${of}]`
  if ('problem' in outcome) return `${place} host ${number} does not run: ${outcome.problem.message}`
  if ('waiting' in outcome) return `${place} host ${number} waits for approval: ${outcome.waiting}`
  return `${place} host ${number} ${verbOf(outcome.enlisted)} as ${outcome.enlisted.id}`
}

function verbOf({ fresh }: Enlisted): 'enrolled' | 'continues' {
  return fresh ? 'enrolled' : 'continues'
}

function table(hosts: readonly HostStatus[]): readonly string[] {
  const rows = hosts.map(({ number, name, host, model, amt, state, faults, cloneOf, problem }) => [
    String(number),
    name,
    host ?? '-',
    model,
    amt,
    state,
    [
      ...faults,
      ...(cloneOf === undefined ? [] : [`clone of ${cloneOf}`]),
      ...(problem === undefined ? [] : [problem]),
    ].join(', '),
  ])
  const lines = [['#', 'NAME', 'HOST', 'MODEL', 'AMT', 'STATE', 'FAULTS'], ...rows]
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  return [
    ...lines.map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    summaryLine(statesIn(hosts)),
  ]
}
