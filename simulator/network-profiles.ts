// SPDX-License-Identifier: Apache-2.0
/** Kinds of network between a host and its controller: how late, how fast, and when they fail, drawn from the seed. */
import { MINUTE, SECOND } from '../plugins/contract/index.ts'
import { diceOf } from './dice.ts'
import { simulatorProblem } from './problems.ts'

type Range = readonly [low: number, high: number]

export type NetworkProfile = {
  /** Added to every piece of data, each way, milliseconds. */
  readonly latencyMs: number
  /** From 0 to this much more, drawn for each piece. */
  readonly jitterMs: number
  readonly bytesPerSecond: number
  /** How long the link holds between two cuts, and how long a cut lasts; absent where it never fails. */
  readonly cuts?: { readonly everyMs: Range; readonly forMs: Range }
}

const MBIT = 125_000

/** Values of ordinary lines, rounded: no standard says them. */
export const NETWORK_PROFILES = {
  /** Nothing is added to what the real line does, so that it costs nothing. */
  lan: { latencyMs: 0, jitterMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY },
  wifi: {
    latencyMs: 3,
    jitterMs: 12,
    bytesPerSecond: 25 * MBIT,
    cuts: { everyMs: [10 * MINUTE, 60 * MINUTE], forMs: [1 * SECOND, 8 * SECOND] },
  },
  cellular: {
    latencyMs: 35,
    jitterMs: 50,
    bytesPerSecond: 5 * MBIT,
    cuts: { everyMs: [5 * MINUTE, 20 * MINUTE], forMs: [2 * SECOND, 25 * SECOND] },
  },
  satellite: {
    latencyMs: 290,
    jitterMs: 40,
    bytesPerSecond: 2 * MBIT,
    cuts: { everyMs: [10 * MINUTE, 40 * MINUTE], forMs: [5 * SECOND, 60 * SECOND] },
  },
  flapping: {
    latencyMs: 15,
    jitterMs: 25,
    bytesPerSecond: 8 * MBIT,
    cuts: { everyMs: [20 * SECOND, 90 * SECOND], forMs: [2 * SECOND, 10 * SECOND] },
  },
} as const satisfies Readonly<Record<string, NetworkProfile>>

export type NetworkName = keyof typeof NETWORK_PROFILES
export const NETWORK_NAMES = Object.keys(NETWORK_PROFILES) as readonly NetworkName[] // its own keys

/** Percent of the hosts on each kind of network, together 100. */
export type NetworkShares = Readonly<Partial<Record<NetworkName, number>>>

export const ALL_LAN: NetworkShares = { lan: 100 }

/** Reads `cellular` or `lan=70,cellular=30`. Throws `simulator-usage` unless it adds up to 100. */
export function parseNetworks(text: string): NetworkShares {
  if (isName(text)) return { [text]: 100 }
  const shares: Partial<Record<NetworkName, number>> = {}
  for (const part of text.split(',')) {
    const [, name = '', percent] = /^\s*([a-z]+)=(\d{1,3})%?\s*$/.exec(part) ?? []
    if (!isName(name)) throw misuse(`\`${part.slice(0, 40)}\` is no network; there are ${NETWORK_NAMES.join(', ')}`)
    shares[name] = (shares[name] ?? 0) + Number(percent)
  }
  const total = Object.values(shares).reduce((sum, share) => sum + share, 0)
  if (total !== 100) throw misuse(`the shares add up to ${total} and not to 100`)
  return shares
}

function isName(text: string): text is NetworkName {
  return Object.hasOwn(NETWORK_PROFILES, text)
}

function misuse(detail: string): Error {
  return simulatorProblem('simulator-usage', `--network ${detail}; write \`--network lan=70,cellular=30\``)
}

/** Which network a host is on: spread evenly over the numbers, so that any twenty of them show the shares. */
export function profileFor(seed: string, number: number, shares: NetworkShares): NetworkName {
  // The golden ratio strews multiples over 0 to 1 more evenly than chance does.
  const place = ((number * 0.618_033_988_749_894_9 + diceOf(seed, 'networks').fraction()) % 1) * 100
  let edge = 0
  for (const name of NETWORK_NAMES) {
    edge += shares[name] ?? 0
    if (place < edge) return name
  }
  return 'lan'
}

export type Cut = {
  /** Milliseconds since the host was put on the network. */
  readonly at: number
  readonly forMs: number
}

type Placed = { readonly seed: string; readonly number: number; readonly profile: NetworkName }

/** When the link of a host fails: one cut after another, without end where the network fails at all. */
export function* cutsOf({ seed, number, profile }: Placed): Generator<Cut> {
  const { cuts }: NetworkProfile = NETWORK_PROFILES[profile]
  if (cuts === undefined) return
  const dice = diceOf(seed, number, 'cuts', profile)
  for (let at = 0; ; ) {
    at += dice.between(...cuts.everyMs)
    const forMs = dice.between(...cuts.forMs)
    yield { at, forMs }
    at += forMs
  }
}

/** The cuts that begin before a moment. */
export function cutsUntil(placed: Placed, untilMs: number): readonly Cut[] {
  const found: Cut[] = []
  for (const cut of cutsOf(placed)) {
    if (cut.at >= untilMs) break
    found.push(cut)
  }
  return found
}
