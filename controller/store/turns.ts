// SPDX-License-Identifier: Apache-2.0
/** Acts that share transactions: what many hosts say at once is written at once, and projects take turns. */
import { setImmediate } from 'node:timers/promises'
import { problem } from './problems.ts'
import type { Tx } from './store.ts'

export type TurnLimits = {
  /** Acts that may wait at once. */
  readonly waiting: number
  /** Acts in one transaction. */
  readonly batch: number
  /** After so many milliseconds a transaction takes no further act: others wait for the database meanwhile. */
  readonly longestMs: number
}

const TURN_LIMITS: TurnLimits = { waiting: 20_000, batch: 250, longestMs: 20 }

export type Turns = {
  /**
   * Runs an act in a transaction that it may share with others; resolves once that is committed. Acts of one lane keep
   * their order, and lanes take turns, one act each. When a transaction fails its acts are tried again one by one, so an
   * act must have no effect but through its transaction. Rejects with what the act itself threw, or with `writes-waiting`
   * when too many wait already.
   */
  take<R>(lane: string, act: (tx: Tx) => Promise<R>): Promise<R>
  /** Acts that wait now. */
  waiting(): number
  /** Resolves when nothing waits and nothing is at work. */
  idle(): Promise<void>
}

type Turn = {
  readonly act: (tx: Tx) => Promise<unknown>
  readonly resolve: (value: unknown) => void
  readonly reject: (thrown: unknown) => void
}

export type TurnParts = {
  readonly change: <R>(act: (tx: Tx) => Promise<R>) => Promise<R>
  readonly limits?: Partial<TurnLimits>
  /** Milliseconds that only rise. */
  readonly monotonic?: () => number
}

export function createTurns({ change, limits: given = {}, monotonic = () => performance.now() }: TurnParts): Turns {
  const limits = { ...TURN_LIMITS, ...given }
  const lanes = createLanes<Turn>()
  let working: Promise<void> | undefined
  const work = async (): Promise<void> => {
    // One turn of the event loop gathers what all sockets have brought; the same turn serves whoever waits for the database.
    for (await setImmediate(); lanes.size() > 0; await setImmediate())
      await writeTogether({ change, limits, monotonic }, lanes)
    working = undefined
  }
  return {
    take: <R>(lane: string, act: (tx: Tx) => Promise<R>) => {
      if (lanes.size() >= limits.waiting) return Promise.reject(problem('writes-waiting', `${limits.waiting} wait`))
      return new Promise<R>((resolve, reject) => {
        // The value is what this very act gave, so it is an R.
        lanes.add(lane, { act, resolve: resolve as (value: unknown) => void, reject })
        working ??= work()
      })
    },
    waiting: () => lanes.size(),
    idle: async () => {
      while (working !== undefined) await working
    },
  }
}

type Batch = Required<TurnParts> & { readonly limits: TurnLimits }

async function writeTogether({ change, limits, monotonic }: Batch, lanes: Lanes<Turn>): Promise<void> {
  const taken: Turn[] = []
  let until = 0
  try {
    const values = await change(async tx => {
      // Counted from here: what was waited for the database before is nobody's work, and grows with those who wait.
      until = monotonic() + limits.longestMs
      const given: unknown[] = []
      for (let turn = lanes.next(); turn !== undefined; turn = more() ? lanes.next() : undefined) {
        taken.push(turn)
        given.push(await turn.act(tx))
      }
      return given
    })
    for (const [at, { resolve }] of taken.entries()) resolve(values[at])
  } catch {
    for (const turn of taken) await writeAlone(change, turn)
  }

  function more(): boolean {
    return taken.length < limits.batch && monotonic() < until
  }
}

async function writeAlone(change: TurnParts['change'], { act, resolve, reject }: Turn): Promise<void> {
  try {
    resolve(await change(act))
  } catch (thrown) {
    reject(thrown)
  }
}

type Lanes<T> = {
  add(lane: string, each: T): void
  /** The oldest of the lane whose turn it is. */
  next(): T | undefined
  size(): number
}

function createLanes<T>(): Lanes<T> {
  /** In the order of their turns; a lane with nothing in it is not there. */
  const lanes = new Map<string, { items: T[]; from: number }>()
  let size = 0
  return {
    add: (name, each) => {
      const lane = lanes.get(name)
      if (lane === undefined) lanes.set(name, { items: [each], from: 0 })
      else lane.items.push(each)
      size++
    },
    next: () => {
      const [first] = lanes
      if (first === undefined) return undefined
      const [name, lane] = first
      const each = lane.items[lane.from++]
      lanes.delete(name)
      if (lane.from < lane.items.length) lanes.set(name, shortened(lane))
      size--
      return each
    },
    size: () => size,
  }
}

/** Forgets what was taken, once that is worth the moving. */
function shortened<T>(lane: { items: T[]; from: number }): { items: T[]; from: number } {
  return lane.from < 1_000 ? lane : { items: lane.items.slice(lane.from), from: 0 }
}
