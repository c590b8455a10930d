// SPDX-License-Identifier: Apache-2.0
/** Everything a scenario decides, drawn from the seed before anything happens: who, what, and at which virtual moment. */
import { parseDuration, SECOND } from '../../plugins/contract/index.ts'
import { type Dice, diceOf } from '../dice.ts'
import { lengthOf, type Scenario, type Span, type Step, type StepOf } from './schema.ts'

type PlainAct = 'cut' | 'unplug' | 'half-open' | 'restore' | 'reboot' | 'power-on' | 'clone'

/** What is done to one host by the simulator itself. */
export type HostAct =
  | { [Act in PlainAct]: { readonly do: Act } }[PlainAct]
  | { readonly do: 'power-cut'; readonly backInMs: number | null }
  | { readonly do: 'jump'; readonly byMs: number }
  | { readonly do: 'flap'; readonly upMs: number; readonly downMs: number }
  | { readonly do: 'disk-full'; readonly full: boolean }
  | { readonly do: 'cut-amt'; readonly message: number; readonly when: 'before' | 'after' | 'reply' }

/** What is asked of the controller about one host. */
export type CallAct =
  | {
      readonly do: 'command'
      readonly section: string
      readonly name: string
      readonly input: unknown
      readonly expiresInMs: number
    }
  | { readonly do: 'desire'; readonly section: string; readonly content: unknown }
  | { readonly do: 'release' | 'activate-amt' | 'ask-amt' }

/** What is done to nobody in particular. */
export type FleetAct =
  | { readonly do: 'copies-off' }
  | { readonly do: 'controller'; readonly act: 'crash' | 'stop' | 'start' }

export type Entry =
  | { readonly at: number; readonly kind: 'host'; readonly host: number; readonly act: HostAct }
  /** `call` numbers them from 1, in the order of the plan. */
  | { readonly at: number; readonly kind: 'call'; readonly host: number; readonly call: number; readonly act: CallAct }
  | { readonly at: number; readonly kind: 'fleet'; readonly act: FleetAct }

export type Expectation = {
  readonly that: StepOf<'expect'>['that']
  readonly hosts: readonly number[]
  readonly group: string
  readonly withinMs: number
}

/** What happens from one expectation to the next; virtual time stands still while an expectation is waited for. */
export type Phase = {
  readonly fromMs: number
  readonly untilMs: number
  /** In the order of time. */
  readonly entries: readonly Entry[]
  readonly expect: Expectation | undefined
}

export type Plan = {
  readonly groups: Readonly<Record<string, readonly number[]>>
  readonly phases: readonly Phase[]
  readonly lengthMs: number
}

export type PlanOptions = { readonly seed: string; readonly hosts: number; readonly short: boolean }

const LIFE_MS = 600 * SECOND
/** What a scenario says of time is said for so many hosts; every one more may take the controller so long. */
const EXPECTED_HOSTS = 1_000
const MORE_EACH_MS = 20
const DEFAULT_DOWN_MS = 3 * SECOND

/** Draws a plan: the same words make the same plan, on every machine. */
export function planOf(scenario: Scenario, options: PlanOptions): Plan {
  const { seed, hosts } = options
  const groups = groupsOf(scenario, diceOf(seed, hosts, scenario.name, 'groups'), hosts)
  const phases: Phase[] = []
  let calls = 0
  let now = 0
  let begun = 0
  let entries: Entry[] = []
  const close = (expect: Expectation | undefined): void => {
    const ordered = entries.sort((one, other) => one.at - other.at)
    now = Math.max(now, ordered.at(-1)?.at ?? 0)
    phases.push({ fromMs: begun, untilMs: now, entries: ordered, expect })
    begun = now
    entries = []
  }
  scenario.steps.forEach((step, at) => {
    const drawing = {
      from: now,
      short: options.short,
      dice: diceOf(seed, hosts, scenario.name, at),
      numbers: 'hosts' in step && step.hosts !== undefined ? (groups[step.hosts] ?? []) : (groups.all ?? []),
      nextCall: () => ++calls,
    }
    if (step.do === 'wait') now += lengthOf(step.for, options.short)
    else if (step.do === 'expect') {
      const withinMs = lengthOf(step.within, options.short) + Math.max(0, hosts - EXPECTED_HOSTS) * MORE_EACH_MS
      close({ that: step.that, hosts: drawing.numbers, group: step.hosts ?? 'all', withinMs })
    } else entries.push(...entriesOf(step, drawing))
  })
  if (entries.length > 0 || now > begun) close(undefined)
  return { groups, phases, lengthMs: now }
}

/** Groups without a common host, from one shuffle of all numbers; `others` are those that are left. */
function groupsOf({ groups = {} }: Scenario, dice: Dice, hosts: number): Record<string, readonly number[]> {
  const all = Array.from({ length: hosts }, (_, at) => at + 1)
  const shuffled = [...all]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = dice.below(last + 1)
    const held = shuffled[last] ?? 0
    shuffled[last] = shuffled[other] ?? 0
    shuffled[other] = held
  }
  const drawn: Record<string, readonly number[]> = { all }
  for (const [name, size] of Object.entries(groups)) {
    const count = typeof size === 'number' ? size : Math.max(1, Math.round((hosts * Number.parseInt(size, 10)) / 100))
    drawn[name] = shuffled.splice(0, count).sort((one, other) => one - other)
  }
  drawn.others = shuffled.sort((one, other) => one - other)
  return drawn
}

type Drawing = {
  readonly from: number
  readonly short: boolean
  readonly dice: Dice
  readonly numbers: readonly number[]
  readonly nextCall: () => number
}

type Acting = Exclude<Step, { readonly do: 'wait' | 'expect' }>

function entriesOf(step: Acting, drawing: Drawing): readonly Entry[] {
  const { from, short } = drawing
  if (step.do === 'copies-off') return [{ at: from, kind: 'fleet', act: { do: 'copies-off' } }]
  if (step.do === 'controller') {
    const down = step.down === undefined ? DEFAULT_DOWN_MS : lengthOf(step.down, short)
    const act = step.act === 'crash' ? 'crash' : 'stop'
    return [
      { at: from, kind: 'fleet', act: { do: 'controller', act } },
      { at: from + down, kind: 'fleet', act: { do: 'controller', act: 'start' } },
    ]
  }
  if (step.do === 'command') {
    const { section, name, input = {} } = step
    const expiresInMs = step.expires === undefined ? LIFE_MS : lengthOf(step.expires, short)
    return spread(step.over, drawing, step.times ?? 1).map(([at, host]) => {
      const act = { do: step.do, section, name, input, expiresInMs }
      return { at, kind: 'call', host, call: drawing.nextCall(), act }
    })
  }
  return spread(step.over, drawing, 1).map(([at, host]) => {
    const call = callOf(step, host)
    return call === undefined
      ? { at, kind: 'host', host, act: hostActOf(step as HostStep, short, drawing.numbers.indexOf(host)) } // what is no call is done to hosts
      : { at, kind: 'call', host, call: drawing.nextCall(), act: call }
  })
}

/** Moments for each host: all at once, or evenly over a time in an order drawn by the seed. */
function spread(over: Span | undefined, { from, short, dice, numbers }: Drawing, times: number): [number, number][] {
  const length = over === undefined ? 0 : lengthOf(over, short)
  const turns = Array.from({ length: times }, () => numbers).flat()
  const drawn = turns.map(host => [from + (length === 0 ? 0 : dice.below(length)), host] as [number, number])
  return drawn.sort(([one, host], [other, another]) => one - other || host - another)
}

type HostStep = Exclude<Acting, { readonly do: 'copies-off' | 'controller' | 'command' | CallAct['do'] }>

function callOf(step: Acting, host: number): CallAct | undefined {
  if (step.do === 'desire') return { do: 'desire', section: step.section, content: filled(step.content, host) }
  if (step.do === 'release' || step.do === 'activate-amt' || step.do === 'ask-amt') return { do: step.do }
  return undefined
}

/** `{number}` in texts stands for the number of the host. */
function filled(content: unknown, host: number): unknown {
  return JSON.parse(JSON.stringify(content ?? null).replaceAll('{number}', String(host)))
}

function hostActOf(step: HostStep, short: boolean, rank: number): HostAct {
  switch (step.do) {
    case 'power-cut':
      return { do: 'power-cut', backInMs: step.back === undefined ? null : lengthOf(step.back, short) }
    case 'jump':
      return { do: 'jump', byMs: (step.by.startsWith('-') ? -1 : 1) * (parseDuration(step.by.slice(1)) ?? 0) }
    case 'flap':
      return { do: 'flap', upMs: lengthOf(step.up, short), downMs: lengthOf(step.down, short) }
    case 'disk-full':
      return { do: 'disk-full', full: step.full ?? true }
    case 'cut-amt':
      return { do: 'cut-amt', message: step.message ?? 1 + (rank % (step.messages ?? 1)), when: step.when ?? 'before' }
    default:
      return { do: step.do }
  }
}
