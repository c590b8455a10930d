// SPDX-License-Identifier: Apache-2.0
/** Runs a fleet from its enrollment to its farewell, and obeys what is typed in between. */
import { asProblem, type Clock, SECOND } from '../plugins/contract/index.ts'
import type { UpRequest } from './cli.ts'
import { parseOrder } from './console.ts'
import { type Report, summaryLine } from './report.ts'
import type { Formation } from './squad/formation.ts'

export type UpOptions = {
  readonly request: Pick<UpRequest, 'seed' | 'url'>
  readonly formation: Formation
  readonly clock: Clock
  readonly report: Report
  /** What is typed, line by line; its end does not end the fleet. */
  readonly lines: AsyncIterable<string>
  readonly signal: AbortSignal
}

const EXIT = { done: 0, partial: 9, interrupted: 130 } as const
const LOOK_EVERY_MS = 2 * SECOND

/** Resolves with the exit code once every agent has stopped. Throws what kept the fleet from coming up. */
export async function up(options: UpOptions): Promise<number> {
  const { request, formation, report, signal } = options
  report.begins({ count: formation.count, seed: request.seed, url: request.url, processes: formation.squads.length })
  const quit = new AbortController()
  const stop = (): void => quit.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  let forgetLook = (): void => undefined
  try {
    if (signal.aborted) return EXIT.interrupted
    listen(options, quit)
    const started = formation.start(progress => report.progress(progress), quit.signal)
    await Promise.race([started, interrupted(quit.signal, started)])
    await formation.obey({ do: 'weather', hosts: 'all' })
    forgetLook = watch(options)
    await aborted(quit.signal)
    return formation.counts().states.failed > 0 ? EXIT.partial : EXIT.done
  } catch (thrown) {
    if (quit.signal.aborted) return EXIT.interrupted
    throw thrown
  } finally {
    forgetLook()
    signal.removeEventListener('abort', stop)
    report.stopping(formation.count)
    await formation.stop()
    report.stopped()
  }
}

/** Rejects as soon as somebody wants to quit, and lets the start end on its own. */
async function interrupted(signal: AbortSignal, started: Promise<void>): Promise<never> {
  started.catch(() => undefined)
  await aborted(signal)
  throw signal.reason
}

/** Tells how the hosts are now, and whenever that has changed. */
function watch({ clock, report, formation }: UpOptions): () => void {
  let said = ''
  let forget = (): void => undefined
  const look = (): void => {
    const { states } = formation.counts()
    const line = summaryLine(states)
    if (said !== line) report.summary(states)
    said = line
    forget = clock.after(LOOK_EVERY_MS, look)
  }
  look()
  return () => forget()
}

function listen({ lines, report, formation }: UpOptions, quit: AbortController): void {
  const read = async (): Promise<void> => {
    for await (const line of lines) {
      if (quit.signal.aborted) return
      try {
        await obey(line, { report, formation, quit })
      } catch (thrown) {
        report.problem(asProblem(thrown))
      }
    }
  }
  read().catch(thrown => report.problem(asProblem(thrown)))
}

type Obeying = Pick<UpOptions, 'report' | 'formation'> & { readonly quit: AbortController }

async function obey(line: string, { report, formation, quit }: Obeying): Promise<void> {
  const order = parseOrder(line)
  if (order === undefined) return
  if (order.do === 'help') return report.help()
  if (order.do === 'status') return report.hosts(await formation.hosts())
  if (order.do === 'quit') return quit.abort(new Error('quit'))
  report.did(await formation.obey(order))
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
