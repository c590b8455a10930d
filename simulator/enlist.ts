// SPDX-License-Identifier: Apache-2.0
/** Enrolls and starts the hosts of a fleet: not too many at once, patiently, and without waiting for approvals in line. */
import { asProblem, type Clock, SECOND } from '../plugins/contract/index.ts'
import type { Crew, Enlisted, FleetProgress, Member } from './fleet.ts'
import type { MachineAgent } from './machine.ts'

/** A member while it is being enlisted. */
export type Enlistee<A extends MachineAgent> = {
  -readonly [Key in keyof Member<A>]: Member<A>[Key]
}

export type EnlistOptions<A extends MachineAgent> = {
  readonly crew: Crew<A>
  readonly clock: Clock
  readonly concurrency: number
  readonly probes: boolean
  readonly onProgress: (progress: FleetProgress) => void
  readonly signal: AbortSignal
}

/** See `Fleet.start`. */
export async function enlistAll<A extends MachineAgent>(
  entries: readonly Enlistee<A>[],
  options: EnlistOptions<A>,
): Promise<void> {
  const { concurrency, signal, onProgress, probes } = options
  const [first, ...rest] = entries
  if (first === undefined) return
  const patience = createPatience(options.clock, signal)
  const approvals: Promise<void>[] = []
  let done = 0
  const tell = ({ number }: Enlistee<A>, outcome: FleetProgress['outcome']): void => {
    if (!('waiting' in outcome)) done++
    onProgress({ number, done, of: entries.length, outcome })
  }
  // Resolves when the host runs, has failed, or waits for somebody; the last is awaited at the end.
  const knock = async (entry: Enlistee<A>): Promise<void> => {
    const waiting = Promise.withResolvers<void>()
    const onWaiting = (why: string): void => {
      tell(entry, { waiting: why })
      waiting.resolve()
    }
    const ended = enlistOne(entry, options, {
      onWaiting,
      patience: entry === first && probes ? undefined : patience,
    }).then(outcome => {
      // What is thrown below need not be told here too.
      if (entry !== first || !probes || entry.problem === undefined || approvals.length > 0) tell(entry, outcome)
    })
    await Promise.race([ended, waiting.promise.then(() => void approvals.push(ended))])
  }
  try {
    if (probes) await knock(first)
    if (probes && first.problem !== undefined) throw first.problem
    await inParallel(probes ? rest : entries, concurrency, knock)
  } finally {
    await Promise.allSettled(approvals)
  }
  signal.throwIfAborted()
}

type Knock = {
  readonly onWaiting: (why: string) => void
  /** How it tries again; once only when left out. */
  readonly patience: Patience | undefined
}

async function enlistOne<A extends MachineAgent>(
  entry: Enlistee<A>,
  { crew, signal }: EnlistOptions<A>,
  { onWaiting, patience }: Knock,
): Promise<FleetProgress['outcome']> {
  const attempt = async (): Promise<Enlisted> => {
    entry.enlisted ??= await crew.enlist(entry.host, { signal, onWaiting })
    await entry.machine.start()
    return entry.enlisted
  }
  try {
    return { enlisted: await (patience === undefined ? attempt() : patience(attempt)) }
  } catch (thrown) {
    signal.throwIfAborted()
    entry.problem = asProblem(thrown)
    return { problem: entry.problem }
  }
}

type Patience = <T>(act: () => Promise<T>) => Promise<T>

const ATTEMPTS = 5
/** Waits that the controller asks for are no failures, but not for ever. */
const ASKED_FOR_AT_MOST = 100

/**
 * Tries again what may be tried again, after a wait that doubles from a second, or after the one the controller asks
 * for: then nobody else of this process knocks before it is over either.
 */
function createPatience(clock: Clock, signal: AbortSignal): Patience {
  let notBefore = 0
  return async act => {
    let failed = 0
    for (let asked = 0; ; ) {
      const wait = notBefore - clock.monotonic()
      if (wait > 0) await clock.sleep(wait, signal)
      try {
        return await act()
      } catch (thrown) {
        const { retry } = asProblem(thrown)
        if (retry === 'never') throw thrown
        if (retry === 'backoff') {
          if (++failed === ATTEMPTS) throw thrown
          await clock.sleep(SECOND * 2 ** (failed - 1), signal)
        } else {
          if (++asked === ASKED_FOR_AT_MOST) throw thrown
          notBefore = Math.max(notBefore, clock.monotonic() + retry.afterMs)
        }
      }
    }
  }
}

/** Works through a list with so many at once, in its order; waits for all that began when one fails. */
export async function inParallel<T>(
  list: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = list.values()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, list.length) }, worker))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}
