// SPDX-License-Identifier: Apache-2.0
/** A squad in a process of its own: the same program again, spoken to over the channel that Node lays to its children. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Value } from 'typebox/value'
import { type Problem, problemFrom } from '../../plugins/contract/index.ts'
import type { FleetProgress } from '../fleet.ts'
import { simulatorProblem } from '../problems.ts'
import type { SquadWish } from './local.ts'
import { NO_COUNTS, type Squad, type SquadCounts } from './squad.ts'
import { type Answers, type Asked, type CrewWish, FromSquad, type SentProgress } from './wire.ts'

export type RemoteSquadOptions = {
  readonly wish: SquadWish
  readonly crew: CrewWish
  /** Told once when the process ends without having been asked to. */
  readonly onLost: (problem: Problem) => void
}

type Waiting = { readonly resolve: (answer: unknown) => void; readonly reject: (why: Problem) => void }

/** What is known of the process. */
type Line = {
  readonly child: ChildProcess
  readonly waiting: Map<number, Waiting>
  readonly gone: Promise<void>
  calls: number
  counts: SquadCounts
  lost: Problem | undefined
  isStopping: boolean
  onProgress: (progress: FleetProgress) => void
}

/** Starts the process; it builds its hosts and waits for {@link Squad.start}. */
export async function startRemoteSquad(options: RemoteSquadOptions): Promise<Squad> {
  const line = connect(options)
  await ask(line, { call: 'begin', wish: options.wish, crew: options.crew })
  return {
    first: options.wish.first,
    count: options.wish.count,
    pid: line.child.pid ?? -1,
    get lost() {
      return line.lost
    },
    async start({ probes, onProgress, signal }) {
      line.onProgress = onProgress
      // Who interrupts the start stops the squad next, and that ends the call.
      signal.throwIfAborted()
      await ask(line, { call: 'start', probes })
    },
    obey: (order, copiesFrom) => ask(line, { call: 'obey', order, copiesFrom }),
    hosts: () => (line.lost === undefined ? ask(line, { call: 'hosts' }) : Promise.resolve([])),
    runs: () => (line.lost === undefined ? ask(line, { call: 'runs' }) : Promise.resolve([])),
    counts: () => (line.lost === undefined ? line.counts : lostCounts(options.wish.count, line.counts)),
    async stop() {
      line.isStopping = true
      if (line.lost === undefined) await ask(line, { call: 'stop' }).catch(() => undefined)
      if (line.child.connected) line.child.disconnect()
      await line.gone
    },
  }
}

/** Hosts of a process that is gone have failed, all of them. */
function lostCounts(count: number, { connects }: SquadCounts): SquadCounts {
  return { states: { ...NO_COUNTS.states, failed: count }, connects }
}

function connect({ wish, onLost }: RemoteSquadOptions): Line {
  const script = process.argv[1] ?? ''
  const child = spawn(process.execPath, [...process.execArgv, script, 'squad'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
    // One arena of the C library's allocator instead of one for each thread, as the services run.
    env: { MALLOC_ARENA_MAX: '1', ...process.env },
  })
  const ended = Promise.withResolvers<void>()
  const line: Line = {
    child,
    waiting: new Map(),
    gone: ended.promise,
    calls: 0,
    counts: NO_COUNTS,
    lost: undefined,
    isStopping: false,
    onProgress: () => undefined,
  }
  const end = (how: string): void => {
    ended.resolve()
    if (line.lost !== undefined) return
    const last = wish.first + wish.count - 1
    line.lost = simulatorProblem(
      'simulated-process-lost',
      `hosts ${wish.first} to ${last}, process ${child.pid}, ${how}`,
    )
    for (const { reject } of line.waiting.values()) reject(line.lost)
    line.waiting.clear()
    if (!line.isStopping) onLost(line.lost)
  }
  child.on('error', error => end(error.message))
  child.on('exit', (code, signal) => end(signal === null ? `ended with ${code}` : `ended by ${signal}`))
  child.on('message', message => hear(line, message))
  return line
}

function hear(line: Line, message: unknown): void {
  if (!Value.Check(FromSquad, message)) return
  if ('progress' in message) line.onProgress(received(message.progress))
  else if ('counts' in message) line.counts = message.counts
  else {
    const waiting = line.waiting.get(message.id)
    line.waiting.delete(message.id)
    if ('problem' in message) waiting?.reject(problemFrom(message.problem))
    else waiting?.resolve(message.answer)
  }
}

function received({ outcome, ...rest }: SentProgress): FleetProgress {
  return { ...rest, outcome: 'problem' in outcome ? { problem: problemFrom(outcome.problem) } : outcome }
}

function ask<Call extends Asked>(line: Line, asked: Call): Promise<Answers[Call['call']]> {
  return new Promise((resolve, reject) => {
    if (line.lost !== undefined) return reject(line.lost)
    const id = ++line.calls
    // The other end answers each call with what `Answers` says of it.
    line.waiting.set(id, { resolve: answer => resolve(answer as Answers[Call['call']]), reject })
    line.child.send({ ...asked, id }, error => {
      // Its end is told by `exit`, which says more.
      if (error !== null && line.child.exitCode === null && line.child.signalCode === null) reject(error)
    })
  })
}
