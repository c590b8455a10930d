// SPDX-License-Identifier: Apache-2.0
/** Power orders: kept until they are carried out and read back, over lost tunnels and restarts. */
import { type EpochMs, formatTime, HOUR, newUlid, Problem } from '../../../../plugins/contract/index.ts'
import { projectChain } from '../../../kernel/audit.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import type { Db, Tx } from '../../../store/store.ts'
import type { OobParts, Reach, Reaches } from '../ports.ts'
import { createKeyedLoop, type KeyedLoop } from './keyed-loop.ts'
import { nextOfPower, type PowerOrder, type PowerSeen } from './power-machine.ts'
import type { ConvergeTables, PowerOrderRow, PowerRow } from './tables.ts'
import { EIM_POWER, eimPowerOf, type Indicator, POWER_RULES, type PowerAction, type PowerPolicy } from './words.ts'

/** How power is read and set on a device that is reached. */
export interface PowerActs {
  read(reach: Reach, signal: AbortSignal): Promise<number | undefined>
  /** Throws `amt-refused` with what the firmware said. */
  send(reach: Reach, code: number, signal: AbortSignal): Promise<void>
}

export type NewPowerOrder = {
  readonly project: string
  readonly guid: string
  readonly action: PowerAction
  readonly policy: PowerPolicy
  readonly by: Principal
  readonly reason?: string | undefined
  readonly lifeMs?: number | undefined
  /** The word it was asked for with, where there is more than one. */
  readonly asked?: string | undefined
}

export interface PowerOrders {
  /** Adds an order; one that was open for the device is replaced. Returns its id. */
  order(tx: Tx, fresh: NewPowerOrder): Promise<string>
  find(db: Db, project: string, id: string): Promise<PowerOrderRow | undefined>
  /** Looks at a device's open order now: its tunnel is back, or somebody waits. */
  wake(guid: string): void
  /** What its power was when last read. */
  power(db: Db, project: string, guids: readonly string[]): Promise<ReadonlyMap<string, PowerRow>>
  /** Reads the power state of a device and keeps it. */
  look(project: string, guid: string, signal: AbortSignal): Promise<number | undefined>
  /** Takes up what was open when the process ended. */
  resume(): Promise<void>
  settled(): Promise<void>
  stop(): Promise<void>
}

export type PowerParts = OobParts & { readonly reaches: Reaches; readonly acts: PowerActs }

const LIFE_MS = HOUR
const CONCURRENCY = 32

export function createPowerOrders(parts: PowerParts): PowerOrders {
  const { kernel, log } = parts
  const loop: KeyedLoop = createKeyedLoop({
    clock: kernel.clock,
    log,
    name: 'power',
    concurrency: CONCURRENCY,
    visit: (guid, signal) => visit(parts, guid, signal),
  })
  return {
    order: (tx, fresh) => order(parts, tx, { fresh, wake: () => loop.wake(fresh.guid) }),
    find: async (db, project, id) =>
      db.of<ConvergeTables>(project).select('oob_power_orders').selectAll().where('id', '=', id).executeTakeFirst(),
    wake: guid => loop.wake(guid),
    power: powerOf,
    look: (project, guid, signal) => look(parts, { project, guid, signal }),
    resume: async () => {
      const open = await kernel.store
        .installation<ConvergeTables>()
        .selectFrom('oob_power_orders')
        .select('guid')
        .where('state', '=', 'open')
        .execute()
      for (const { guid } of open) loop.wake(guid)
    },
    settled: () => loop.settled(),
    stop: () => loop.stop(),
  }
}

type Adding = { readonly fresh: NewPowerOrder; readonly wake: () => void }

async function order({ kernel }: PowerParts, tx: Tx, { fresh, wake }: Adding): Promise<string> {
  const { project, guid, action, policy, by, reason, lifeMs = LIFE_MS, asked = EIM_POWER[action] } = fresh
  const now = kernel.clock.now()
  const id = newUlid(now, kernel.random)
  const table = tx.of<ConvergeTables>(project)
  await table
    .update('oob_power_orders', { state: 'replaced', finished_at: formatTime(now), says: `replaced by ${action}` })
    .where('guid', '=', guid)
    .where('state', '=', 'open')
    .execute()
  await table
    .insert('oob_power_orders', {
      id,
      guid,
      action,
      policy,
      state: 'open',
      created_at: formatTime(now),
      expires_at: formatTime(now + lifeMs),
      sent_code: null,
      sent_at: null,
      tries: 0,
      by: by.id,
      reason: reason ?? null,
      says: POWER_RULES[action].progress,
      finished_at: null,
    })
    .execute()
  const words = { says: POWER_RULES[action].progress, indicator: 'IN_PROGRESS' as const }
  await keepPower(tx, { project, guid, now }, { ...words, desired: asked })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: 'oob.power',
    target: guid,
    outcome: 'done',
    ...(reason === undefined ? {} : { reason }),
    detail: { order: id, action, policy },
  })
  tx.afterCommit(wake)
  return id
}

async function visit(parts: PowerParts, guid: string, signal: AbortSignal): Promise<number | undefined> {
  const { kernel } = parts
  const row = await kernel.store
    .installation<ConvergeTables>()
    .selectFrom('oob_power_orders')
    .selectAll()
    .where('guid', '=', guid)
    .where('state', '=', 'open')
    .orderBy('id', 'desc')
    .executeTakeFirst()
  if (row === undefined) return undefined
  let seen: PowerSeen = { reachable: await isReachable(parts, row), state: undefined }
  for (;;) {
    const next = nextOfPower(orderOf(row), seen, kernel.clock.now())
    if (next.do === 'read') {
      const state = await readOrLose(parts, row, signal)
      seen = state === undefined ? { reachable: false, state } : { reachable: true, state }
    } else if (next.do === 'send') return send(parts, { row, code: next.code, says: next.says, signal })
    else {
      await note(parts, row, next)
      return next.do === 'wait' ? next.forMs : undefined
    }
  }
}

async function isReachable({ reaches }: PowerParts, { project, guid }: PowerOrderRow): Promise<boolean> {
  return reaches.reach(project, guid).then(
    () => true,
    () => false,
  )
}

/** A tunnel that goes while it is asked is as good as one that was not there. */
async function readOrLose(parts: PowerParts, row: PowerOrderRow, signal: AbortSignal): Promise<number | undefined> {
  try {
    return await look(parts, { ...row, signal })
  } catch (thrown) {
    signal.throwIfAborted()
    parts.log.debug('power was not read', { guid: row.guid, error: String(thrown) })
    return undefined
  }
}

type Sending = {
  readonly row: PowerOrderRow
  readonly code: number
  readonly says: string
  readonly signal: AbortSignal
}

/** Written before it leaves: after a crash the order knows that it may have been carried out, and reads first. */
async function send(parts: PowerParts, { row, code, says, signal }: Sending): Promise<number | undefined> {
  const { kernel, reaches, acts } = parts
  const now = kernel.clock.now()
  await kernel.store.change(async tx => {
    await tx
      .of<ConvergeTables>(row.project)
      .update('oob_power_orders', { sent_code: code, sent_at: formatTime(now), tries: row.tries + 1, says })
      .where('id', '=', row.id)
      .execute()
    await keepPower(tx, { ...row, now }, { says, indicator: 'IN_PROGRESS' })
    await kernel.events.emit(tx, {
      project: row.project,
      type: 'oob.power',
      subject: row.guid,
      data: { order: row.id, action: row.action, code, phase: 'sent' },
    })
  })
  try {
    await acts.send(await reaches.reach(row.project, row.guid), code, signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (!(thrown instanceof Problem) || thrown.code !== 'amt-refused') return 0
    const polite = POWER_RULES[row.action as PowerAction].polite === code // written from the same enumeration
    if (polite) return send(parts, { row: { ...row, tries: row.tries + 1 }, code: hardCode(row), says, signal })
    await note(parts, row, { do: 'finish', ok: false, says: refusalOf(thrown) })
    return undefined
  }
  return 0
}

function hardCode(row: PowerOrderRow): number {
  return POWER_RULES[row.action as PowerAction].code // as above
}

function refusalOf(thrown: Error): string {
  return /NOT_READY/.test(thrown.message) ? 'Device must be powered on first' : thrown.message.slice(0, 300)
}

type Ending =
  | { readonly do: 'wait'; readonly says: string }
  | { readonly do: 'finish'; readonly ok: boolean; readonly says: string }

async function note({ kernel }: PowerParts, row: PowerOrderRow, ending: Ending): Promise<void> {
  const now = kernel.clock.now()
  if (ending.do === 'wait' && ending.says === row.says) return
  await kernel.store.change(async tx => {
    const end = ending.do === 'finish' ? { state: ending.ok ? ('done' as const) : ('failed' as const) } : {}
    await tx
      .of<ConvergeTables>(row.project)
      .update('oob_power_orders', {
        ...end,
        says: ending.says,
        ...(ending.do === 'finish' ? { finished_at: formatTime(now) } : {}),
      })
      .where('id', '=', row.id)
      .where('state', '=', 'open')
      .execute()
    const indicator: Indicator = ending.do === 'wait' ? 'IN_PROGRESS' : ending.ok ? 'IDLE' : 'ERROR'
    const started = ending.do === 'finish' && ending.ok && ['on', 'reset', 'power-cycle'].includes(row.action)
    await keepPower(
      tx,
      { ...row, now },
      {
        says: ending.says,
        indicator,
        ...(started ? { onAt: formatTime(now) } : {}),
      },
    )
    if (ending.do === 'wait') return
    await kernel.events.emit(tx, {
      project: row.project,
      type: 'oob.power',
      subject: row.guid,
      data: { order: row.id, action: row.action, phase: ending.ok ? 'done' : 'failed', says: ending.says },
    })
  })
}

function orderOf(row: PowerOrderRow): PowerOrder {
  return {
    action: row.action as PowerAction, // written from the enumeration
    policy: row.policy,
    createdAt: Date.parse(row.created_at),
    expiresAt: Date.parse(row.expires_at),
    sent:
      row.sent_code === null || row.sent_at === null ? undefined : { code: row.sent_code, at: Date.parse(row.sent_at) },
    tries: row.tries,
  }
}

type Looking = { readonly project: string; readonly guid: string; readonly signal: AbortSignal }

async function look(parts: PowerParts, { project, guid, signal }: Looking): Promise<number | undefined> {
  const { kernel, reaches, acts } = parts
  const state = await acts.read(await reaches.reach(project, guid), signal)
  if (state === undefined) return undefined
  await kernel.store.change(tx => keepState(tx, { project, guid, now: kernel.clock.now() }, state))
  return state
}

async function powerOf(db: Db, project: string, guids: readonly string[]): Promise<ReadonlyMap<string, PowerRow>> {
  if (guids.length === 0) return new Map()
  const rows = await db.of<ConvergeTables>(project).select('oob_power').selectAll().where('guid', 'in', guids).execute()
  return new Map(rows.map(row => [row.guid, row]))
}

type At = { readonly project: string; readonly guid: string; readonly now: EpochMs }

/** Keeps what was read, however it came to be read. */
export async function keepState(tx: Tx, { project, guid, now }: At, state: number): Promise<void> {
  const read = { state, read_at: formatTime(now), current: eimPowerOf(state) }
  const fresh = {
    guid,
    desired: null,
    status: '',
    indicator: 'UNSPECIFIED',
    status_at: formatTime(now),
    on_at: null,
    ...read,
  }
  await tx
    .of<ConvergeTables>(project)
    .insert('oob_power', fresh)
    .onConflict(clash => clash.columns(['project', 'guid']).doUpdateSet(read))
    .execute()
}

type Words = {
  readonly says: string
  readonly indicator: Indicator
  readonly desired?: string
  readonly onAt?: string
}

async function keepPower(tx: Tx, { project, guid, now }: At, { says, indicator, desired, onAt }: Words): Promise<void> {
  const change = {
    status: says,
    indicator,
    status_at: formatTime(now),
    ...(desired === undefined ? {} : { desired }),
    ...(onAt === undefined ? {} : { on_at: onAt }),
  }
  const fresh = { guid, state: null, read_at: null, desired: null, current: null, on_at: null, ...change }
  await tx
    .of<ConvergeTables>(project)
    .insert('oob_power', fresh)
    .onConflict(clash => clash.columns(['project', 'guid']).doUpdateSet(change))
    .execute()
}
