// SPDX-License-Identifier: Apache-2.0
/** `muster-agent enroll`: makes this machine a host, and shows every step until its first report has arrived. */
import { stat } from 'node:fs/promises'
import { type AnyPlugin, asProblem, MINUTE, type Problem, SECOND } from '../../plugins/contract/index.ts'
import { type Agent, createAgent } from '../agent.ts'
import { DEFAULT_STATE_DIR as HELPER_STATE_DIR, writeTrustCopy } from '../helper/trust-copy.ts'
import { type EnrollStep, failed, formatStep } from '../identity/checklist.ts'
import { enroll as enrollMachine } from '../identity/enroll.ts'
import { collectFacts } from '../identity/facts.ts'
import type { Identity } from '../identity/identity.ts'
import { endpointOf } from '../link/https.ts'
import { silentLog } from '../log.ts'
import { problem } from '../problems.ts'
import { BUILT_AT, VERSION } from '../version.ts'
import { exitCodeOf } from './exit.ts'
import type { EnrollArguments } from './program.ts'
import { actingAs, handOver, serviceUser, type User } from './state-owner.ts'
import { isAlive, readStatus } from './status-file.ts'
import { type Surroundings, surroundings } from './surroundings.ts'
import type { Terminal } from './terminal.ts'
import { startService } from './unit-start.ts'

const FIRST_SESSION_WITHIN_MS = MINUTE

/** 0, or the exit code of the class of failure; what failed stands in the checklist. Running it again goes on. */
export async function enroll(args: EnrollArguments, terminal: Terminal): Promise<number> {
  const around = await surroundings(args.config)
  const { system, config } = around
  process.umask(0o077)
  const running = await readStatus(system, around.statusFile)
  if (running !== undefined && isAlive(running.pid)) throw problem('agent-running', `process ${running.pid}`)
  const user = await serviceUser(system.files, args.user)
  const present = args.force === true ? undefined : await presentIdentity(args, around, terminal)
  const token = present === undefined ? await tokenFrom(args, around, terminal) : undefined
  // Serial numbers and the like are shown to root only.
  const facts = await collectFacts(system)
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const { say, onStep, shown } = checklist(terminal)
  await handOver(config.stateDir, user)
  try {
    const identity = await withNote(around, user, async () => {
      const became =
        present ??
        (await actingAs(user, () =>
          enrollMachine({
            ...{
              system,
              identities: around.identities,
              url: args.url,
              token: token ?? '',
              facts,
              agentVersion: VERSION,
            },
            ...{ signal: stop.signal, onStep, mayReclaim: host => mayReclaim(args, host, terminal) },
          }),
        ))
      await tellHelper(args, around, { identity: became, hasUser: user !== undefined })
      await actingAs(user, () => firstSession(around, became, { say, signal: stop.signal }))
      return became
    })
    if (args.tokenFile !== undefined) await system.files.remove(args.tokenFile)
    const next = user === undefined ? 'Start the agent: muster-agent run' : 'The service starts by itself.'
    terminal.out(`This machine is ${identity.host} in project ${identity.project}. ${next}\n`)
    return 0
  } catch (thrown) {
    if (stop.signal.aborted) return 130
    // The step that failed has said so already.
    if (!shown()) onStep(failed('certificate', thrown))
    return exitCodeOf(asProblem(thrown))
  } finally {
    if (user !== undefined) await startService(system)
  }
}

function checklist(terminal: Terminal) {
  let wasShown = false
  const say = (step: EnrollStep): void => {
    terminal.out(`${formatStep(step)}\n`)
    if (step.hint !== undefined) terminal.err(`try: ${step.hint}\n`)
  }
  const onStep = (step: EnrollStep): void => {
    wasShown ||= !step.ok
    say(step)
  }
  return { say, onStep, shown: () => wasShown }
}

/** The identity to go on with, as after the package was removed and installed again. Throws `already-enrolled`. */
async function presentIdentity(
  args: EnrollArguments,
  { identities }: Surroundings,
  terminal: Terminal,
): Promise<Identity | undefined> {
  const [present] = await identities.candidates().catch(() => [])
  if (present === undefined) return undefined
  const isThere = endpointOf(args.url.trim())?.origin === present.url
  const asked = args.reclaim === true || args.yes === true || terminal.ask !== undefined
  if (isThere && asked && (await mayReclaim(args, present.host, terminal))) return present
  throw problem('already-enrolled', `this machine is ${present.host} at ${present.url}`)
}

/** Nobody to ask means yes: the controller lets nobody become a known host again unless a person there approves. */
async function mayReclaim({ reclaim, yes }: EnrollArguments, host: string, { ask }: Terminal): Promise<boolean> {
  if (reclaim === true || yes === true || ask === undefined) return true
  return ask(`This machine was ${host}. Reclaim?`)
}

/** While it is there no service starts on the same identity, which appears before the checklist is done. */
async function withNote<T>(around: Surroundings, user: User | undefined, act: () => Promise<T>): Promise<T> {
  const { system, statusFile } = around
  const note = { pid: process.pid, at: new Date(system.clock.now()).toISOString(), status: firstAgent(around).status() }
  await actingAs(user, () => system.files.replace(statusFile, `${JSON.stringify(note)}\n`))
  try {
    return await act()
  } finally {
    await actingAs(user, () => system.files.remove(statusFile)).catch(() => undefined)
  }
}

type Told = { readonly identity: Identity; readonly hasUser: boolean }

/** The helper believes what root tells it here, and what follows from that by signatures. */
async function tellHelper(
  { helperState = HELPER_STATE_DIR }: EnrollArguments,
  { system, config }: Surroundings,
  { identity, hasUser }: Told,
): Promise<void> {
  if (process.getuid?.() !== 0) return
  const isThere = await stat(helperState).then(
    () => true,
    () => false,
  )
  if (isThere || hasUser || config.helper !== undefined) await writeTrustCopy(system.files, helperState, identity)
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

/** An agent with its own section only. */
function firstAgent({ system, identities, config, journalFile }: Surroundings): Agent {
  const plugins: readonly AnyPlugin[] = []
  return createAgent({
    system,
    plugins,
    config: { ...config, startJitterMs: 0 },
    log: silentLog(),
    identities,
    journal: { location: journalFile },
    version: VERSION,
    builtAt: BUILT_AT,
  })
}

/** One session proves the way to the broker, and that reports arrive. */
async function firstSession(around: Surroundings, identity: Identity, { say, signal }: Showing): Promise<void> {
  const { system } = around
  const agent = firstAgent(around)
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
