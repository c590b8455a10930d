// SPDX-License-Identifier: Apache-2.0
/** A simulated host with its agent: starts it at every boot, kills it when the power goes, and again if it will not start. */
import { asProblem, type Log, SECOND } from '../plugins/contract/index.ts'
import type { SimulatedHost } from './host.ts'

/** What a machine needs of an agent. */
export interface MachineAgent {
  start(): Promise<void>
  /** Says farewell and ends. */
  stop(): Promise<void>
  /** Ends in mid-sentence; nothing more is written or sent. */
  kill(): unknown
}

export type MachineOptions<A extends MachineAgent> = {
  readonly host: SimulatedHost
  /** Makes an agent for the present boot. */
  readonly agent: (host: SimulatedHost) => A | Promise<A>
  readonly log: Log
}

export interface Machine<A extends MachineAgent> {
  readonly host: SimulatedHost
  /** The agent of the present boot; `undefined` while there is none. */
  readonly agent: A | undefined
  /** Starts the agent now and at every boot to come. Rejects with what kept it from starting the first time. */
  start(): Promise<void>
  /** Stops the agent, then the host. */
  stop(): Promise<void>
}

/** As long as systemd waits before it starts a failed unit again. */
const RESTART_MS = 5 * SECOND

export function createMachine<A extends MachineAgent>({ host, agent, log }: MachineOptions<A>): Machine<A> {
  let present: A | undefined
  let forget = (): void => undefined
  let stopped = false

  const begin = async (): Promise<void> => {
    const power = host.power.signal
    const made = await agent(host)
    if (power.aborted || stopped) return
    present = made
    try {
      await made.start()
    } catch (thrown) {
      if (present === made) present = undefined
      // What an agent says that lost its power while it started is of no interest.
      if (!power.aborted) throw thrown
    }
  }
  const beginOrRetry = (): void => {
    begin().catch(thrown => {
      log.warn('the agent of a simulated host does not start', { host: host.facts.index, problem: asProblem(thrown) })
      if (!stopped && host.power.on) host.system.clock.after(RESTART_MS, beginOrRetry)
    })
  }
  const lose = (): void => {
    const lost = present
    present = undefined
    killed(lost).catch(thrown =>
      log.warn('the agent of a simulated host cannot be killed', { problem: asProblem(thrown) }),
    )
  }
  return {
    host,
    get agent() {
      return present
    },
    async start() {
      forget = host.power.watch(event => (event.kind === 'on' ? beginOrRetry() : lose()))
      if (host.power.on) await begin()
    },
    async stop() {
      stopped = true
      forget()
      const last = present
      present = undefined
      try {
        await last?.stop()
      } finally {
        host.close()
      }
    },
  }
}

/** Kills before it returns for the first time, so that no agent outlives its power by a turn of the event loop. */
async function killed(agent: MachineAgent | undefined): Promise<void> {
  await agent?.kill()
}
