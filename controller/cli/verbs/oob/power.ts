// SPDX-License-Identifier: Apache-2.0
/** `muster oob power`: reads the power of machines, or orders that it is another; an order is kept until it is carried out. */
import { Problem } from '../../../../plugins/contract/problem.ts'
import type { Call, Session } from '../../call.ts'
import { confirm, confirmCount } from '../../confirm.ts'
import { EXIT } from '../../exit.ts'
import type { Run } from '../../grammar.ts'
import { isDryRun, showIntents } from '../../intent.ts'
import { oobPaths, type PowerOrder } from '../../oob/api.ts'
import { actOnAll } from '../../oob/bulk.ts'
import { guidOf, type Machine, machinesMeant, spokenMachines } from '../../oob/machines.ts'
import { type PowerRead, readPower } from '../../oob/power.ts'
import { untilSettled } from '../../oob/settling.ts'
import { powerView } from '../../oob/view.ts'

const ACTIONS: Readonly<Record<string, string>> = {
  on: 'on',
  off: 'off',
  sleep: 'sleep',
  hibernate: 'hibernate',
  reset: 'reset',
  cycle: 'power-cycle',
  'power-cycle': 'power-cycle',
}

export const power: Run = async call => {
  const last = call.words.at(-1) ?? ''
  const action = Object.hasOwn(ACTIONS, last) ? ACTIONS[last] : undefined
  return action === undefined ? show(call) : order(call, action)
}

async function show(call: Call): ReturnType<Run> {
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words)
  const read = await readPower(
    session,
    machines.flatMap(({ guid }) => guid ?? []),
  )
  const rows = machines.map(machine => rowOf(machine, read))
  const [only] = rows
  if (rows.length === 1 && only?.code !== undefined) throw problemOf(only)
  await call.output.list(powerView, rows)
  return rows.some(({ power }) => power === undefined) ? EXIT.partial : undefined
}

export type PowerRow = Omit<PowerRead, 'guid'> & {
  readonly name: string
  readonly host?: string
  readonly guid?: string
}

function rowOf({ name, host, guid }: Machine, read: ReadonlyMap<string, PowerRead>): PowerRow {
  const unread = { code: 'name-unknown', says: 'it has not told its UUID' }
  const names = { name, ...(host === undefined ? {} : { host: host.resourceId }) }
  return { ...names, ...(read.get(guid ?? '') ?? unread) }
}

/** One machine that is not there is a failure of the line, not a row. */
function problemOf({ code = 'internal', says = '', name }: PowerRow): Problem {
  const next = code === 'amt-not-connected' ? { next: `muster oob status ${name} -o wide tells why it is away` } : {}
  const status = code === 'name-unknown' ? 404 : 502
  return new Problem(code, { status, title: 'Its power cannot be read', retry: 'never', ...next }, { detail: says })
}

async function order(call: Call, action: string): ReturnType<Run> {
  const expiresInMs = call.options.durationMs('expires')
  const reason = call.options.text('reason')
  const body = {
    action,
    policy: call.options.has('now') ? 'immediate' : 'ordered',
    ...(expiresInMs === undefined ? {} : { expiresInMs }),
    ...(reason === undefined ? {} : { reason }),
  }
  const session = await call.session()
  const machines = await machinesMeant(call, session, call.words.slice(0, -1))
  const pathOf = (machine: Machine): string => oobPaths.power(session.project, guidOf(machine))
  if (isDryRun(call)) {
    const intents = machines.map(each => ({
      method: 'POST' as const,
      path: pathOf(each),
      body,
      ...(each.host && { host: each.host }),
    }))
    return showIntents(call, intents)
  }
  confirmCount(call, machines.length)
  await confirm(call, `Power ${action}: ${spokenMachines(machines)}?`)
  const act = async (machine: Machine) => {
    const ordered: PowerOrder = await session.client.send('POST', pathOf(machine), body)
    return call.options.has('wait') ? ended(call, session, ordered) : { ok: true, says: `ordered: ${ordered.says}` }
  }
  return actOnAll(call, { machines, act })
}

function ended(call: Call, { client, project }: Session, { id }: PowerOrder): ReturnType<typeof untilSettled> {
  return untilSettled(call, async () => {
    const now: PowerOrder = await client.get(oobPaths.order(project, id))
    return { over: now.state !== 'open', ok: now.state === 'done', says: now.says }
  })
}
