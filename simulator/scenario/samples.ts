// SPDX-License-Identifier: Apache-2.0
/** Looks at a fleet and its controller once a second, for the plots of the report. */
import { readFileSync } from 'node:fs'
import { type Clock, SECOND } from '../../plugins/contract/index.ts'
import type { Formation } from '../squad/formation.ts'
import { SETTLED, type View } from './view.ts'

export type Sample = {
  /** Real milliseconds since the run began. */
  readonly at: number
  /** Agents with a session. */
  readonly online: number
  /** Sessions so far. */
  readonly connects: number
  /** Hosts that the controller calls online and settled; absent while it does not answer. */
  readonly settled: number | undefined
  /** Resident bytes and seconds of processor time; absent where the process is not known. */
  readonly controller: Usage | undefined
  readonly simulator: Usage | undefined
}

export type Usage = { readonly rssBytes: number; readonly cpuSeconds: number }

export type SamplerOptions = {
  readonly formation: Formation
  readonly view: View
  readonly clock: Clock
  readonly controllerPid: () => number | undefined
}

export interface Sampler {
  readonly samples: readonly Sample[]
  /** Real milliseconds since it began. */
  elapsedMs(): number
  stop(): Promise<void>
}

/** At most so many; then every other one is dropped and half as many are taken. */
const MOST = 2_000
/** The controller is asked less often than we look at our own processes. */
const ASK_EVERY = 2

export function startSampler({ formation, view, clock, controllerPid }: SamplerOptions): Sampler {
  const samples: Sample[] = []
  const began = clock.monotonic()
  const stopping = new AbortController()
  let everyMs = SECOND
  let settled: number | undefined
  let asking: Promise<void> | undefined
  // A controller that is slow to answer must not keep us from looking at the rest.
  const ask = async (): Promise<void> => {
    settled = await view.countWhere(SETTLED)
    asking = undefined
  }
  const look = (turn: number): void => {
    if (turn % ASK_EVERY === 0) asking ??= ask()
    const { states, connects } = formation.counts()
    samples.push({
      at: Math.round(clock.monotonic() - began),
      online: states.connected,
      connects,
      settled,
      controller: usageOf([controllerPid()]),
      simulator: usageOf([process.pid, ...formation.squads.map(({ pid }) => pid)]),
    })
    if (samples.length <= MOST) return
    samples.splice(0, samples.length, ...samples.filter((_, at) => at % 2 === 0))
    everyMs *= 2
  }
  const run = async (): Promise<void> => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      look(turn)
      await clock.sleep(everyMs, stopping.signal).catch(() => undefined)
    }
    await asking
    look(1)
  }
  const ended = run()
  return {
    samples,
    elapsedMs: () => clock.monotonic() - began,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}

/** Clock ticks a second in /proc, on every Linux that Node runs on. */
const TICKS = 100

function usageOf(pids: readonly (number | undefined)[]): Usage | undefined {
  const known = [...new Set(pids)].flatMap(pid => (pid === undefined ? [] : (usage(pid) ?? [])))
  if (known.length === 0) return undefined
  return known.reduce((sum, each) => ({
    rssBytes: sum.rssBytes + each.rssBytes,
    cpuSeconds: sum.cpuSeconds + each.cpuSeconds,
  }))
}

function usage(pid: number): Usage | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return { rssBytes: Number(resident ?? 0) * 1_024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS }
  } catch {
    return undefined
  }
}
