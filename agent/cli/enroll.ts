// SPDX-License-Identifier: Apache-2.0
/** `muster-agent enroll`: makes this machine a host, and shows every step until its first report has arrived. */
import { stat } from 'node:fs/promises'
import { type AnyPlugin, asProblem, MINUTE, type Problem, SECOND } from '../../plugins/contract/index.ts'
import { type Agent, createAgent } from '../agent.ts'
import { type EnrollStep, failed, formatStep } from '../identity/checklist.ts'
import { enroll as enrollMachine } from '../identity/enroll.ts'
import { collectFacts } from '../identity/facts.ts'
import type { Identity } from '../identity/identity.ts'
import { silentLog } from '../log.ts'
import { problem } from '../problems.ts'
import { BUILT_AT, VERSION } from '../version.ts'
import { exitCodeOf } from './exit.ts'
import type { EnrollArguments } from './program.ts'
import { isAlive, readStatus } from './status-file.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'

const FIRST_SESSION_WITHIN_MS = MINUTE

/** 0, or the exit code of the class of failure; what failed stands in the checklist. Running it again goes on. */
export async function enroll(args: EnrollArguments, terminal: Terminal): Promise<number> {
  const around = await surroundings(args.config)
  const say = (step: EnrollStep): void => {
    terminal.out(`${formatStep(step)}\n`)
    if (step.hint !== undefined) terminal.err(`try: ${step.hint}\n`)
  }
  process.umask(0o077)
  const running = await readStatus(around.system, around.statusFile)
  if (running !== undefined && isAlive(running.pid)) throw problem('agent-running', `process ${running.pid}`)
  const [present] = await around.identities.candidates().catch(() => [])
  if (present !== undefined && args.force !== true)
    throw problem('already-enrolled', `this machine is ${present.host} at ${present.url}`)
  const token = await tokenFrom(args, around, terminal)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  let shown = false
  const onStep = (step: EnrollStep): void => {
    shown ||= !step.ok
    say(step)
  }
  try {
    const { system, identities } = around
    const facts = await collectFacts(system)
    const identity = await enrollMachine({
      system,
      identities,
      url: args.url,
      token,
      facts,
      agentVersion: VERSION,
      signal: stop.signal,
      onStep,
    })
    await firstSession(around, identity, { say, signal: stop.signal })
    if (args.tokenFile !== undefined) await system.files.remove(args.tokenFile)
    terminal.out(`This machine is ${identity.host} in project ${identity.project}. Start the agent: muster-agent run\n`)
    return 0
  } catch (thrown) {
    if (stop.signal.aborted) return 130
    // The step that failed has said so already.
    if (!shown) onStep(failed('certificate', thrown))
    return exitCodeOf(asProblem(thrown))
  }
}

async function tokenFrom(
  { token, tokenFile }: EnrollArguments,
  { system }: Surroundings,
  terminal: Terminal,
): Promise<string> {
  if (tokenFile !== undefined) return tokenIn(tokenFile, system)
  if (token === '-') return terminal.input()
  if (token === undefined) throw problem('token-missing')
  terminal.err(
    'note: a token on the command line stays in the history of the shell; `-` reads it from standard input\n',
  )
  return token
}

/** Throws `token-missing`, and `token-exposed` for a file that others may read. */
export async function tokenIn(file: string, { files }: Surroundings['system']): Promise<string> {
  const text = await files.text(file)
  if (text === undefined) throw problem('token-missing', `there is no file ${file}`)
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) throw problem('token-exposed', file)
  return text
}

type Showing = { readonly say: (step: EnrollStep) => void; readonly signal: AbortSignal }

/** One session with the agent's own section only: it proves the way to the broker and that reports arrive. */
async function firstSession(around: Surroundings, identity: Identity, { say, signal }: Showing): Promise<void> {
  const { system, identities, config, journalFile } = around
  const plugins: readonly AnyPlugin[] = []
  const agent = createAgent({
    system,
    plugins,
    config: { ...config, startJitterMs: 0 },
    log: silentLog(),
    identities,
    journal: { location: journalFile },
    version: VERSION,
    builtAt: BUILT_AT,
  })
  await agent.start()
  try {
    const { host, port } = identity.broker
    await seen(agent, { system, signal, done: () => agent.status().link.phase === 'online', step: 'mqtt' })
    say({
      name: 'mqtt',
      ok: true,
      detail: agent.status().link.transport === 'websocket' ? '(over WebSocket)' : `${host}:${port}`,
    })
    await seen(agent, { system, signal, done: () => agent.status().outbox === 0, step: 'report' })
    say({ name: 'report', ok: true, detail: '' })
  } catch (thrown) {
    if (thrown instanceof Unfinished) say(failed(thrown.step, thrown.why))
    throw thrown instanceof Unfinished ? thrown.why : thrown
  } finally {
    await agent.stop('stopped')
  }
}

class Unfinished extends Error {
  readonly step: 'mqtt' | 'report'
  readonly why: Problem
  constructor(step: 'mqtt' | 'report', why: Problem) {
    super(why.message)
    this.step = step
    this.why = why
  }
}

type Wait = {
  readonly system: Surroundings['system']
  readonly signal: AbortSignal
  readonly done: () => boolean
  readonly step: 'mqtt' | 'report'
}

async function seen(agent: Agent, { system, signal, done, step }: Wait): Promise<void> {
  const began = system.clock.monotonic()
  while (!done()) {
    if (system.clock.monotonic() - began > FIRST_SESSION_WITHIN_MS) {
      throw new Unfinished(step, agent.status().link.problem ?? problem('session-missing'))
    }
    await system.clock.sleep(SECOND / 10, signal)
  }
}
