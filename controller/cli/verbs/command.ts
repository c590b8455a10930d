// SPDX-License-Identifier: Apache-2.0
/** `muster command`: list, show, wait, cancel, run. */

import { problemFrom } from '../../../plugins/contract/problem.ts'
import { type Command, type Host, paths } from '../api.ts'
import type { Call, Session } from '../call.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import { explain } from '../explain.ts'
import type { Run } from '../grammar.ts'
import { findHost, oneHost } from '../hosts.ts'
import { readInput } from '../input.ts'
import { isDryRun, showIntents } from '../intent.ts'
import { type OrderRow, orderHosts } from '../orders.ts'
import { problem } from '../problems.ts'
import { drawFacts } from '../render/table.ts'
import { literalJson } from '../render/text.ts'
import { commandView } from '../views/command.ts'
import { awaitCommand, DEFAULT_WAIT_MS, deadlineOf, isFinished } from '../waiting.ts'

const DEFAULT_LIMIT = 50
const PAGE = 500

export const listing: Run = async call => {
  const session = await call.session()
  const { client, project } = session
  const name = call.options.text('host')
  const host = name === undefined ? undefined : await findHost(session, name)
  const limit = call.options.count('limit') ?? DEFAULT_LIMIT
  const commands: Command[] = []
  let cursor: string | undefined
  do {
    const query = {
      host: host?.resourceId,
      state: call.options.text('state'),
      limit: Math.min(PAGE, limit - commands.length),
      cursor,
    }
    const page: { commands: readonly Command[]; nextCursor?: string } = await client.get(paths.commands(project), {
      query,
    })
    commands.push(...page.commands)
    cursor = page.nextCursor
  } while (cursor !== undefined && commands.length < limit)
  await call.output.list(
    commandView,
    commands.map(each => named(each, host)),
  )
  return undefined
}

/** The controller answers ids; the name is shown where it is known anyway. */
function named(command: Command, host?: Host): OrderRow {
  return { ...command, hostName: host?.name ?? command.host }
}

export const getting: Run = async call => {
  const { client, project } = await call.session()
  const command: Command = await client.get(paths.command(project, idOf(call)))
  await call.output.item(commandView, named(command), () => drawCommand(command))
  return undefined
}

export const waiting: Run = async call => {
  const session = await call.session()
  const id = idOf(call)
  try {
    const command = await awaitCommand(call, session, { id, until: deadlineOf(call, DEFAULT_WAIT_MS) })
    await call.output.item(commandView, named(command), () => drawCommand(command))
    return await verdict(call, command)
  } catch (thrown) {
    if (call.signal.aborted) await call.terminal.error.write(`detached: ${id}\ntry: muster command wait ${id}\n`)
    throw thrown
  }
}

async function verdict(call: Call, command: Command): Promise<ExitCode | undefined> {
  if (!isFinished(command.state)) throw problem('wait-over', `command ${command.id} is ${command.state}`)
  if (command.state === 'succeeded') return undefined
  if (command.problem !== undefined) await call.terminal.error.write(explain(problemFrom(command.problem)))
  return EXIT.partial
}

export const cancelling: Run = async call => {
  const { client, project } = await call.session()
  const id = idOf(call)
  const path = paths.cancel(project, id)
  if (isDryRun(call)) {
    await client.get(paths.command(project, id))
    return showIntents(call, [{ method: 'POST', path }])
  }
  const command: Command = await client.send('POST', path)
  await call.output.list(commandView, [named(command)])
  return undefined
}

export const running: Run = async call => {
  const [, section = '', name = ''] = call.words
  const reason = call.options.text('reason')
  const expiresInMs = call.options.durationMs('expires')
  const input = await inputOf(call)
  const session: Session = await call.session()
  const host = await oneHost(call, session)
  const order = {
    section,
    name,
    input,
    ...(reason === undefined ? {} : { reason }),
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
  }
  return orderHosts(call, session, { hosts: [host], order })
}

/** `--input` is JSON, `@file`, or `-` for standard input. */
async function inputOf(call: Call): Promise<unknown> {
  const given = call.options.text('input')
  if (given === undefined) return {}
  if (given === '-' || given.startsWith('@')) return readInput(call, given === '-' ? '-' : given.slice(1))
  try {
    return JSON.parse(given)
  } catch {
    throw problem('input-unreadable', '--input is not JSON; write @<file> to read one')
  }
}

function idOf({ words }: Call): string {
  return words[0] ?? ''
}

function drawCommand(command: Command): string {
  const json = (value: unknown): string | undefined =>
    value === undefined ? undefined : literalJson(JSON.stringify(value))
  const { problem: failure } = command
  return drawFacts([
    ['id', command.id],
    ['state', command.state],
    ['host', command.host],
    ['what', `${command.section} ${command.name}`],
    ['input', json(command.input)],
    ['by', command.principal],
    ['reason', command.reason],
    ['created', command.createdAt],
    ['expires', command.expiresAt],
    ['sent', command.sentAt],
    ['finished', command.finishedAt],
    ['output', json(command.output)],
    [
      'problem',
      failure === undefined
        ? undefined
        : `${failure.title}${failure.detail === undefined ? '' : `: ${failure.detail}`} [${failure.code}]`,
    ],
    ['try', failure?.next],
  ])
}
