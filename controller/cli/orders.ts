// SPDX-License-Identifier: Apache-2.0
/** Sends one command to many hosts, waits if asked, and says what became of each. */
import { asProblem, type Problem } from '../../plugins/contract/problem.ts'
import type { ProblemDocument } from '../../plugins/contract/problem-document.ts'
import { abreast } from './abreast.ts'
import { type Command, type Host, paths } from './api.ts'
import type { Call, Session } from './call.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { explain } from './explain.ts'
import { type Intent, isDryRun, showIntents } from './intent.ts'
import { problem } from './problems.ts'
import { createProgress, type Progress } from './progress.ts'
import { commandView } from './views/command.ts'
import { awaitCommand, DEFAULT_WAIT_MS, deadlineOf, isFinished } from './waiting.ts'

export type Order = {
  readonly section: string
  readonly name: string
  readonly input: unknown
  readonly reason?: string
  readonly expiresInMs?: number
}

/** A host, and its command or why there is none. */
type Ordered = { readonly host: Host; readonly command?: Command; readonly failure?: Problem }

/** What is printed: the command with the host's name, or a row that says why there is none. */
export type OrderRow = Partial<Omit<Command, 'state'>> & {
  readonly host: string
  readonly hostName: string
  readonly simulated?: boolean
  readonly state: string
  readonly problem?: ProblemDocument
}

/** How many requests are under way at once. */
const ABREAST = 8
const SHOWN_DETACHED = 20

/**
 * Sends the order to each host. With `--dry-run` it only shows it; with `--wait` it waits for the ends.
 * A failure that is the same everywhere is thrown as it is; otherwise failures end in exit code 9.
 */
export async function orderHosts(
  call: Call,
  session: Session,
  { hosts, order }: { readonly hosts: readonly Host[]; readonly order: Order },
): Promise<ExitCode | undefined> {
  const key = call.options.text('idempotency-key') ?? call.newKey()
  const intents = hosts.map(host => intentOf(session, host, { order, key }))
  if (isDryRun(call)) return showIntents(call, intents)
  const sent = await inParallel(intents, call, async intent => sendOne(session, intent))
  throwCommonFailure(sent)
  const ended = call.options.has('wait') && !call.signal.aborted ? await waitForAll(call, session, sent) : sent
  if (call.signal.aborted) return detach(call, hosts.length, ended)
  await call.output.list(commandView, ended.map(rowOf))
  return verdict(call, ended)
}

function intentOf(
  session: Session,
  host: Host,
  { order, key }: { order: Order; key: string },
): Intent & { host: Host } {
  return {
    method: 'POST',
    path: paths.hostCommands(session.project, host.resourceId),
    headers: { 'idempotency-key': `${key}-${host.resourceId}` },
    body: order,
    host,
  }
}

async function sendOne(
  { client }: Session,
  { host, path, body, headers = {} }: Intent & { host: Host },
): Promise<Ordered> {
  try {
    return { host, command: await client.send('POST', path, body, { headers, patient: true }) }
  } catch (thrown) {
    return { host, failure: asProblem(thrown) }
  }
}

async function waitForAll(call: Call, session: Session, sent: readonly Ordered[]): Promise<readonly Ordered[]> {
  const until = deadlineOf(call, DEFAULT_WAIT_MS)
  const progress = createProgress(call, sent.length, 'waiting:')
  const wait = async (ordered: Ordered): Promise<Ordered> => {
    if (ordered.command === undefined) return ordered
    return { ...ordered, command: await awaitCommand(call, session, { id: ordered.command.id, until }) }
  }
  try {
    return await inParallel(sent, call, wait, progress)
  } catch (thrown) {
    if (call.signal.aborted) return sent
    // Losing the controller while waiting must not lose the ids.
    await detach(call, sent.length, sent)
    throw thrown
  } finally {
    progress.end()
  }
}

/** Works through a list with a few under way at once; starts nothing more once the call is interrupted. */
async function inParallel<Item extends Ordered | Intent>(
  items: readonly Item[],
  { signal }: Call,
  work: (item: Item) => Promise<Ordered>,
  progress?: Progress,
): Promise<readonly Ordered[]> {
  const results: (Ordered | undefined)[] = items.map(() => undefined)
  await abreast(items, { atOnce: ABREAST, over: () => signal.aborted }, async (item, at) => {
    const result = await work(item)
    results[at] = result
    progress?.step(hasFailed(result))
  })
  return results.filter(each => each !== undefined)
}

function hasFailed({ command, failure }: Ordered): boolean {
  return failure !== undefined || (command !== undefined && isFinished(command.state) && command.state !== 'succeeded')
}

function throwCommonFailure(sent: readonly Ordered[]): void {
  const failure = sent[0]?.failure
  if (failure !== undefined && sent.every(each => each.failure?.code === failure.code)) throw failure
}

function rowOf({ host, command, failure }: Ordered): OrderRow {
  const named = { host: host.resourceId, hostName: host.name, simulated: host.simulated === true }
  if (command !== undefined) return { ...command, ...named }
  return { ...named, state: 'not-sent', ...(failure === undefined ? {} : { problem: failure.toJSON() }) }
}

async function verdict(call: Call, ended: readonly Ordered[]): Promise<ExitCode | undefined> {
  const failed = ended.filter(hasFailed)
  if (failed.length > 0) throw problem('hosts-failed', `${failed.length} of ${ended.length}`)
  if (!call.options.has('wait')) return undefined
  const open = ended.filter(({ command }) => command !== undefined && !isFinished(command.state))
  if (open.length > 0) throw problem('wait-over', `${open.length} of ${ended.length} have not ended`)
  return undefined
}

/** What was sent goes on; the person gets the ids to come back to. */
async function detach(call: Call, planned: number, sent: readonly Ordered[]): Promise<ExitCode> {
  const { error } = call.terminal
  const commands = sent.flatMap(({ command }) => (command === undefined || isFinished(command.state) ? [] : [command]))
  const unsent = planned - sent.filter(each => each.command !== undefined).length
  if (unsent > 0) await error.write(`not sent to ${unsent} of ${planned} hosts\n`)
  for (const command of commands.slice(0, SHOWN_DETACHED))
    await error.write(`detached: ${command.id} on ${command.host}\n`)
  if (commands.length > SHOWN_DETACHED)
    await error.write(`and ${commands.length - SHOWN_DETACHED} more: muster command ls\n`)
  for (const { failure } of sent) if (failure !== undefined) await error.write(explain(failure))
  if (commands[0] !== undefined) await error.write(`try: muster command wait ${commands[0].id}\n`)
  return EXIT.interrupted
}
