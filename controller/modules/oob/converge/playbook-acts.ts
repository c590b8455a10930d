// SPDX-License-Identifier: Apache-2.0
/** Steps of playbooks that act: each is written down before it is done, and read back after. */
import { DAY, findings, formatTime, MINUTE, nextOpening, SECOND, Windows } from '../../../../plugins/contract/index.ts'
import { findDesired } from '../../../kernel/documents.ts'
import type { Tx } from '../../../store/store.ts'
import { bootOnce, restartCode } from '../device/boot.ts'
import { succeeded } from '../device/wire.ts'
import { findIntent, orderAmt } from './intents.ts'
import { findRun, hasRoom, OPEN, starterOf } from './playbook-runs.ts'
import {
  ageOf,
  done,
  failed,
  type Progress,
  remember,
  type Scene,
  type StepOf,
  seen,
  skipped,
  TUNNEL_MS,
  waiting,
} from './playbook-scene.ts'
import type { BootTarget } from './playbooks/playbook.ts'

const ORDER_LIFE_MS = 5 * MINUTE
const WINDOW_MS = DAY
const WINDOW_LOOK_MS = 10 * MINUTE

/** What keeps a step from acting now; `undefined` when nothing does. */
async function obstacle(scene: Scene): Promise<Progress | undefined> {
  const { parts, row } = scene
  if (!(await seen(scene)).isConnected) {
    if (ageOf(scene) < TUNNEL_MS) return waiting('waits for its tunnel, to act through it')
    return failed('its firmware is not connected')
  }
  // Nobody's work is cut off by a rule; a person who starts a playbook knows what it does.
  if (row.automatic === 1 && parts.redirections.of(row.guid).length > 0) return failed('somebody has a session with it')
  return undefined
}

/** Asked in the transaction of the act, so that no more machines are acted on than may be. */
async function leave({ row, now }: Scene, tx: Tx): Promise<Progress | undefined> {
  const present = await findRun(tx, row)
  if (present === undefined || !OPEN.includes(present.state)) return skipped('the run was cancelled')
  if (await hasRoom(tx, now, row, 'acted_at')) return undefined
  return waiting('waits: enough machines of its site are acted on in this minute')
}

export async function power(scene: Scene<StepOf<'power'>>): Promise<Progress> {
  const { parts, row, step, scratch, now } = scene
  const { kernel, power: orders } = parts
  if (scratch.order !== undefined) return followOrder(scene, scratch.order)
  if (step.inWindow === true) {
    if (row.may_restart === 0) return skipped('the rule does not allow a restart')
    const closed = await untilWindow(scene)
    if (closed !== undefined) return closed
  }
  const held = await obstacle(scene)
  if (held !== undefined) return held
  const { project, guid } = row
  const { action, policy } = step
  const reason = `playbook ${row.playbook}, run ${row.id}`
  return kernel.store.change(async tx => {
    const refused = await leave(scene, tx)
    if (refused !== undefined) return refused
    const by = starterOf(row)
    const order = await orders.order(tx, { project, guid, action, policy, by, reason, lifeMs: ORDER_LIFE_MS })
    await remember(scene, tx, { order }, formatTime(now))
    return waiting(`power ${action} is ordered`, SECOND)
  })
}

async function followOrder({ parts, row }: Scene, id: string): Promise<Progress> {
  const order = await parts.power.find(parts.kernel.store, row.project, id)
  if (order === undefined) return failed('the power order is gone')
  if (order.state === 'open') return waiting(order.says)
  if (order.state === 'done') return done(order.says)
  return failed(order.state === 'replaced' ? `somebody ordered otherwise: ${order.says}` : order.says)
}

/** `undefined` when the host may be disturbed now. */
async function untilWindow({ parts, row, now }: Scene): Promise<Progress | undefined> {
  const { project, host } = row
  if (host === null) return undefined
  const kept = await findDesired(parts.kernel.store, project, { host, section: 'maintenance' })
  const windows = kept?.content
  if (windows === undefined || windows === null || findings(Windows, windows).length > 0) return undefined
  const opens = nextOpening(windows as Windows, now) // checked just now
  if (opens === undefined) return undefined
  if (opens > Date.parse(row.created_at) + WINDOW_MS) return failed('no maintenance window opens within a day')
  return waiting(`waits for the maintenance window at ${formatTime(opens)}`, Math.min(opens - now, WINDOW_LOOK_MS))
}

/** Synthetic codes, for a machine that is off and for one that is on. */
const CODES: Readonly<Record<BootTarget, { readonly on: number; readonly reset: number }>> = {
  pxe: { on: 401, reset: 400 },
  bios: { on: 100, reset: 101 },
  https: { on: 106, reset: 105 },
}

export async function boot(scene: Scene<StepOf<'boot-once'>>): Promise<Progress> {
  const { parts, row, step, scratch, now, signal } = scene
  if (scratch.sent === true) return done('it was asked before the controller stopped, and is not asked twice')
  const held = await obstacle(scene)
  if (held !== undefined) return held
  const { wsman } = await parts.reaches.reach(row.project, row.guid)
  const codes = CODES[step.target]
  const code = (await restartCode(wsman, { signal })) === 2 ? codes.on : codes.reset
  const refused = await parts.kernel.store.change(async tx => {
    const refusal = await leave(scene, tx)
    if (refusal === undefined) await remember(scene, tx, { sent: true }, formatTime(now))
    return refusal
  })
  if (refused !== undefined) return refused
  const details = row.url === null ? {} : { details: { url: row.url } }
  const act = { code, useSol: false, options: { signal }, ...details }
  succeeded(await bootOnce(wsman, act), `it was not started ${step.target}`)
  return done(`it starts once from ${step.target} (${code})`)
}

export async function setActivation(scene: Scene<StepOf<'activate' | 'deactivate'>>): Promise<Progress> {
  const { parts, row, step, scratch } = scene
  const { kernel } = parts
  const { project } = row
  const host = row.host ?? (await seen(scene)).host
  if (host === undefined) return failed('it has no agent to do it')
  if (scratch.attempt === undefined) {
    const amt = step.do === 'activate' ? 'provisioned' : 'unprovisioned'
    const reason = `playbook ${row.playbook}, run ${row.id}`
    await kernel.store.change(async tx => {
      const { attempt } = await orderAmt(parts, tx, { project, host, amt, by: starterOf(row), reason })
      await remember(scene, tx, { attempt })
      tx.afterCommit(() => parts.amt.wake(project, host))
    })
    return waiting(`it is ordered to ${step.do}`)
  }
  const intent = await findIntent(kernel.store, project, host)
  if (intent === undefined || intent.attempt !== scratch.attempt) return failed('somebody ordered otherwise')
  if (intent.indicator === 'IDLE') return done(intent.status)
  if (intent.indicator === 'ERROR') return failed(intent.status)
  if (ageOf(scene) < step.minutes * MINUTE) return waiting(intent.status)
  return failed(`it took more than ${step.minutes} minutes: ${intent.status}`)
}
