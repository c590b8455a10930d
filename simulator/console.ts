// SPDX-License-Identifier: Apache-2.0
/** What can be typed at a running fleet: `cut 3`, `jump 3 +2h`, `slow 1-5 500ms 1kbit`. */
import { parseDuration } from '../plugins/contract/index.ts'
import type { CutPoint } from './amt/faults.ts'
import { simulatorProblem } from './problems.ts'

const PLAIN = ['clone', 'cut', 'halfopen', 'poweron', 'reboot', 'restore', 'unplug'] as const
type Plain = (typeof PLAIN)[number]

/** What is done to hosts. */
export type HostOrder =
  | { readonly [Act in Plain]: { readonly do: Act; readonly hosts: Selection } }[Plain]
  | { readonly do: 'amtcut'; readonly hosts: Selection; readonly message: number; readonly when: CutPoint }
  /** Lets the networks of the hosts begin to fail, each as drawn for it. */
  | { readonly do: 'weather'; readonly hosts: Selection }
  | { readonly do: 'diskfull'; readonly hosts: Selection; readonly full: boolean }
  | { readonly do: 'flap'; readonly hosts: Selection; readonly upMs: number; readonly downMs: number }
  | { readonly do: 'jump'; readonly hosts: Selection; readonly byMs: number }
  | { readonly do: 'powercut'; readonly hosts: Selection; readonly backInMs: number | undefined }
  | { readonly do: 'slow'; readonly hosts: Selection; readonly latencyMs: number; readonly bytesPerSecond: number }

export type Order = HostOrder | { readonly do: 'help' } | { readonly do: 'status' } | { readonly do: 'quit' }

/** Numbers of hosts, in the order they were named; `all` for every one, `copies` for those that were cloned. */
export type Selection = 'all' | 'copies' | readonly number[]

/** One line of help for each order. */
export const ORDERS: readonly (readonly [form: string, meaning: string])[] = [
  ['cut 3', 'break the link; `3`, `3,5`, `3-8`, `all` and `copies` name hosts'],
  ['unplug 3', 'break the link and show that the cable is out'],
  ['halfopen 3', 'keep the link open and let nothing through'],
  ['slow 3 500ms 1kbit', 'delay every byte and pace the line (bit, kbit, mbit, gbit per second)'],
  ['flap 3 30s 5s', 'break and restore in turn: up for 30 s, down for 5 s'],
  ['restore 3', 'end every fault of the link'],
  ['jump 3 +2h', 'set the clock forward, or back with `-2h`'],
  ['diskfull 3', 'fill the disk; `diskfull 3 off` empties it'],
  ['powercut 3', 'pull the plug for 10 s; `powercut 3 5m` for longer, `powercut 3 off` for good'],
  ['poweron 3', 'switch on what is off'],
  ['reboot 3', 'restart the operating system'],
  [
    'amtcut 3 5',
    'tear down the stream of AMT at its 5th message from now; `before` it, `after` it or behind the `reply`',
  ],
  ['clone 3', 'copy the disk to one more host, so that two have one identity'],
  ['status', 'show every host'],
  ['help', 'show this'],
  ['quit', 'stop every agent and end'],
]

const CUT_POINTS: readonly CutPoint[] = ['before', 'after', 'reply']
const DEFAULT_DARKNESS_MS = 10_000

type Reader = (hosts: Selection, words: readonly string[]) => HostOrder

const READERS: Readonly<Record<string, Reader>> = {
  ...Object.fromEntries(PLAIN.map(act => [act, plain(act)])),
  amtcut(hosts, [text = '', when = 'before', ...rest]) {
    none(rest, 'amtcut')
    const point = CUT_POINTS.find(each => each === when)
    if (!/^\d{1,4}$/.test(text) || Number(text) < 1 || point === undefined) {
      throw misuse('amtcut takes the number of a message and `before`, `after` or `reply`; write `amtcut 3 5 after`')
    }
    return { do: 'amtcut', hosts, message: Number(text), when: point }
  },
  diskfull(hosts, words) {
    none(words.slice(1), 'diskfull')
    if (words[0] !== undefined && words[0] !== 'on' && words[0] !== 'off') throw misuse('diskfull takes `on` or `off`')
    return { do: 'diskfull', hosts, full: words[0] !== 'off' }
  },
  flap(hosts, [up, down, ...rest]) {
    none(rest, 'flap')
    return { do: 'flap', hosts, upMs: duration(up, 'flap 3 30s 5s'), downMs: duration(down, 'flap 3 30s 5s') }
  },
  jump(hosts, [by = '', ...rest]) {
    none(rest, 'jump')
    const [, sign, length] = /^([+-])(.+)$/.exec(by) ?? []
    const byMs = duration(length, 'jump 3 +2h')
    return { do: 'jump', hosts, byMs: sign === '-' ? -byMs : byMs }
  },
  powercut(hosts, [length, ...rest]) {
    none(rest, 'powercut')
    if (length === 'off') return { do: 'powercut', hosts, backInMs: undefined }
    const backInMs = length === undefined ? DEFAULT_DARKNESS_MS : duration(length, 'powercut 3 5m')
    return { do: 'powercut', hosts, backInMs }
  },
  slow(hosts, [latency, rate, ...rest]) {
    none(rest, 'slow')
    const latencyMs = duration(latency, 'slow 3 500ms 1kbit')
    return { do: 'slow', hosts, latencyMs, bytesPerSecond: bytesPerSecond(rate) }
  },
}

/** Reads one line; `undefined` when it is empty. Throws `simulator-usage`, which says what was expected. */
export function parseOrder(line: string): Order | undefined {
  const [verb = '', ...words] = line.trim().split(/\s+/)
  if (verb === '') return undefined
  if (verb === 'help' || verb === 'status' || verb === 'quit') {
    none(words, verb)
    return { do: verb }
  }
  const reader = Object.hasOwn(READERS, verb) ? READERS[verb] : undefined
  if (reader === undefined) throw misuse(`there is no \`${shown(verb)}\`${suggestion(verb)}`)
  const [hosts, ...rest] = words
  if (hosts === undefined) throw misuse(`${verb} needs the number of a host, as in \`${exampleOf(verb)}\``)
  return reader(selection(hosts), rest)
}

function plain(act: Plain): Reader {
  return (hosts, words) => {
    none(words, act)
    return { do: act, hosts }
  }
}

const MOST = 100_000

function selection(text: string): Selection {
  if (text === 'all' || text === 'copies') return text
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const [, from = '', to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
    if (from === '' || Number(to) > MOST || Number(from) > Number(to)) {
      throw misuse(`\`${shown(text)}\` names no hosts; write \`3\`, \`3,5\`, \`3-8\` or \`all\``)
    }
    for (let number = Number(from); number <= Number(to); number++) numbers.add(number)
  }
  return [...numbers]
}

function duration(text: string | undefined, example: string): number {
  const length = text === undefined ? undefined : parseDuration(text)
  if (length !== undefined) return length
  throw misuse(
    `${text === undefined ? 'a length of time is missing' : `\`${shown(text)}\` is no length of time`}; write \`${example}\``,
  )
}

const BITS: Readonly<Record<string, number>> = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 }

function bytesPerSecond(text: string | undefined): number {
  const [, count = '', unit = ''] = /^(\d{1,9}(?:\.\d{1,3})?)([kmg]?bit)$/i.exec(text ?? '') ?? []
  const bits = Number(count) * (BITS[unit.toLowerCase()] ?? Number.NaN)
  if (bits > 0) return bits / 8
  throw misuse(
    `${text === undefined ? 'a rate is missing' : `\`${shown(text)}\` is no rate`}; write \`slow 3 500ms 1kbit\``,
  )
}

function none(words: readonly string[], verb: string): void {
  if (words.length > 0)
    throw misuse(`${verb} does not take \`${shown(words.join(' '))}\`; write \`${exampleOf(verb)}\``)
}

function exampleOf(verb: string): string {
  return ORDERS.find(([form]) => form.split(' ')[0] === verb)?.[0] ?? verb
}

/** The verb that begins alike, when exactly one does. */
function suggestion(verb: string): string {
  const verbs = ORDERS.map(([form]) => form.split(' ')[0] ?? '')
  const near = verbs.filter(each => each.startsWith(verb.slice(0, 2)) || verb.startsWith(each.slice(0, 3)))
  return near.length === 1 ? `; did you mean \`${near[0]}\`?` : '; type `help`'
}

function shown(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 60)
}

function misuse(detail: string): Error {
  return simulatorProblem('simulator-usage', detail)
}
