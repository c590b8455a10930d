// SPDX-License-Identifier: Apache-2.0
/** Runs a fleet from its enrollment to its farewell, and obeys what is typed in between. */
import { asProblem, type Clock, type Log, type RandomBytes, SECOND } from '../plugins/contract/index.ts'
import type { UpRequest } from './cli.ts'
import { parseOrder } from './console.ts'
import { type Crew, createFleet, type Fleet, type Member } from './fleet.ts'
import type { MachineAgent } from './machine.ts'
import { carryOut } from './orders.ts'
import { type HostStatus, type Report, summaryLine } from './report.ts'

/** A crew that can also tell whether an agent has reached the controller. */
export interface WatchedCrew<A extends MachineAgent> extends Crew<A> {
  connected(agent: A): boolean
}

export type UpOptions<A extends MachineAgent> = {
  readonly request: UpRequest
  readonly crew: WatchedCrew<A>
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly report: Report
  /** What is typed, line by line; its end does not end the fleet. */
  readonly lines: AsyncIterable<string>
  readonly signal: AbortSignal
}

const EXIT = { done: 0, partial: 9, interrupted: 130 } as const
const LOOK_EVERY_MS = 2 * SECOND

/** Resolves with the exit code once every agent has stopped. Throws what kept the fleet from coming up. */
export async function up<A extends MachineAgent>(options: UpOptions<A>): Promise<number> {
  const { request, report, signal, clock, crew } = options
  const { count, seed, url, dir, shares, model } = request
  const fleet = createFleet({
    count,
    seed,
    crew,
    clock,
    random: options.random,
    log: options.log,
    ...(dir === undefined ? {} : { dir }),
    ...(shares === undefined ? {} : { shares }),
    ...(model === undefined ? {} : { model }),
  })
  report.begins({ count, seed, url })
  const quit = new AbortController()
  const stop = (): void => quit.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  let forgetLook = (): void => undefined
  try {
    if (signal.aborted) return EXIT.interrupted
    listen(fleet, options, quit)
    await fleet.start(progress => report.progress(progress), quit.signal)
    forgetLook = watch(fleet, options)
    await aborted(quit.signal)
    return fleet.members.some(member => member.problem !== undefined) ? EXIT.partial : EXIT.done
  } catch (thrown) {
    if (quit.signal.aborted) return EXIT.interrupted
    throw thrown
  } finally {
    forgetLook()
    signal.removeEventListener('abort', stop)
    report.stopping(fleet.members.length)
    await fleet.stop()
    report.stopped()
  }
}

/** Tells how the hosts are now, and whenever that has changed. */
function watch<A extends MachineAgent>(fleet: Fleet<A>, { clock, report, crew }: UpOptions<A>): () => void {
  let said = ''
  let forget = (): void => undefined
  const look = (): void => {
    const hosts = statusOf(fleet, crew)
    const line = summaryLine(hosts)
    if (said !== line) report.summary(hosts)
    said = line
    forget = clock.after(LOOK_EVERY_MS, look)
  }
  look()
  return () => forget()
}

function listen<A extends MachineAgent>(fleet: Fleet<A>, options: UpOptions<A>, quit: AbortController): void {
  const { lines, report, crew } = options
  const read = async (): Promise<void> => {
    for await (const line of lines) {
      if (quit.signal.aborted) return
      try {
        await obey(line, fleet, { report, crew, quit })
      } catch (thrown) {
        report.problem(asProblem(thrown))
      }
    }
  }
  read().catch(thrown => report.problem(asProblem(thrown)))
}

type Obeying<A extends MachineAgent> = Pick<UpOptions<A>, 'report' | 'crew'> & { readonly quit: AbortController }

async function obey<A extends MachineAgent>(line: string, fleet: Fleet<A>, options: Obeying<A>): Promise<void> {
  const { report, crew, quit } = options
  const order = parseOrder(line)
  if (order === undefined) return
  if (order.do === 'help') return report.help()
  if (order.do === 'status') return report.hosts(statusOf(fleet, crew))
  if (order.do === 'quit') return quit.abort(new Error('quit'))
  report.did(await carryOut(order, fleet))
}

function statusOf<A extends MachineAgent>(fleet: Fleet<A>, crew: WatchedCrew<A>): readonly HostStatus[] {
  return fleet.members.map(member => ({
    number: member.number,
    name: member.host.hostname(),
    host: member.enlisted?.id,
    model: member.host.facts.model.name,
    amt: member.host.facts.amt.kind,
    state: stateOf(member, crew),
    faults: member.host.faults.active(),
    cloneOf: member.cloneOf,
    problem: member.problem?.title,
  }))
}

function stateOf<A extends MachineAgent>({ host, machine, enlisted, problem }: Member<A>, crew: WatchedCrew<A>) {
  if (problem !== undefined) return 'failed'
  if (enlisted === undefined) return 'waiting'
  if (!host.power.on) return 'off'
  return machine.agent !== undefined && crew.connected(machine.agent) ? 'connected' : 'not connected'
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
