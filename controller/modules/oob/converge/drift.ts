// SPDX-License-Identifier: Apache-2.0
/** Drift: looks at every connected device from time to time, keeps what differs from its profile, and puts it right. */
import { asProblem, type EpochMs, HOUR, MINUTE, type Problem, SECOND } from '../../../../plugins/contract/index.ts'
import type { Http } from '../../../http/http.ts'
import { type Principal, SYSTEM } from '../../../kernel/permissions.ts'
import type { CiraEvents } from '../ports.ts'
import { problem as shared } from '../problems.ts'
import { type Area, DEFAULT_DRIFT_POLICY, type DriftPolicy } from './drift-areas.ts'
import { type DriftParts, isActivating } from './drift-ground.ts'
import { type Finding, type Look, look } from './drift-look.ts'
import { rulesOf } from './drift-policies.ts'
import { isRepairable, type Repaired, repair } from './drift-repair.ts'
import { driftRoutes } from './drift-routes.ts'
import {
  beginRepair,
  type DeviceKey,
  endRepair,
  expectLook,
  findDrift,
  forgetDrift,
  keepFinding,
  setDue,
  toleratedOf,
} from './drift-store.ts'
import { noticeUnprovisioned } from './drift-unprovisioned.ts'
import { createKeyedLoop, type KeyedLoop } from './keyed-loop.ts'
import { problem } from './playbooks/problems.ts'

export type { DriftParts } from './drift-ground.ts'

export type CheckOrder = DeviceKey & {
  /** Puts right what the policy, or `areas`, says. */
  readonly repair: boolean
  /** Neither changes the device nor keeps what was found. */
  readonly dryRun?: boolean
  readonly areas?: readonly Area[] | undefined
  readonly by: Principal
  readonly reason?: string | undefined
}

export type Checked = Finding & { readonly repaired?: Repaired }

export interface Drift extends Pick<CiraEvents, 'connected'> {
  routes(http: Http): void
  /**
   * Looks at a device now. Rejects with `device-unknown`, `amt-not-connected`, `drift-busy` while a session or an
   * activation has it, `drift-repair-limit`, and what calls to the device reject with.
   */
  check(order: CheckOrder): Promise<Checked>
  /** A host's agent reported. */
  reported(project: string, host: string): void
  /** Takes up the devices that are connected. */
  resume(): Promise<void>
  settled(): Promise<void>
  stop(): Promise<void>
}

const PERIOD_MS = 6 * HOUR
/** After a device came back from a long absence; long enough not to meet all of a site at once. */
const SOON_MS = { least: 2 * MINUTE, spread: 8 * MINUTE } as const
const LONG_ABSENCE_MS = HOUR
const CONCURRENCY = 4
const GATHER_MS = 5 * SECOND
const BUSY_AGAIN_MS = 10 * MINUTE
const RETRY_MS = 15 * MINUTE

export function createDrift(parts: DriftParts): Drift {
  const { kernel, log } = parts
  const drift = new Drifting(parts)
  const loop = createKeyedLoop({
    clock: kernel.clock,
    log,
    name: 'drift',
    concurrency: CONCURRENCY,
    visit: key => drift.visit(keyFrom(key)),
  })
  const reports: KeyedLoop = createKeyedLoop({
    clock: kernel.clock,
    log,
    name: 'drift reports',
    concurrency: CONCURRENCY,
    visit: key => {
      const [project = '', host = ''] = key.split('/')
      return noticeUnprovisioned(parts, { project, host }, policyOf(parts, project))
    },
  })
  // What comes with a storm is looked up behind it: nothing is due for minutes.
  let forget: (() => void) | undefined
  const wakeArrived = (): void => {
    forget = undefined
    for (const key of drift.arrivals) loop.wake(key)
  }
  const arrived = ({ project, guid }: DeviceKey): void => {
    drift.arrivals.add(keyText({ project, guid }))
    forget ??= kernel.clock.after(GATHER_MS, wakeArrived)
  }
  return {
    routes: http => driftRoutes(http, parts, order => drift.check(order)),
    check: order => drift.check(order),
    connected: arrived,
    reported: (project, host) => reports.wake(`${project}/${host}`),
    resume: async () => {
      for (const tunnel of parts.tunnels().all()) arrived(tunnel)
    },
    settled: async () => {
      await Promise.all([loop.settled(), reports.settled()])
    },
    stop: async () => {
      forget?.()
      await Promise.all([drift.stop(), loop.stop(), reports.stop()])
    },
  }
}

/** The policy by which a project's devices are judged. */
export async function policyOf({ kernel }: Pick<DriftParts, 'kernel'>, project: string): Promise<DriftPolicy> {
  return (await rulesOf(kernel.store, project, { kind: 'drift', fallback: DEFAULT_DRIFT_POLICY })).policy
}

function keyText({ project, guid }: DeviceKey): string {
  return `${project}/${guid}`
}

function keyFrom(text: string): DeviceKey {
  const [project = '', guid = ''] = text.split('/')
  return { project, guid }
}

class Drifting {
  readonly #parts: DriftParts
  /** Devices whose tunnel came since they were visited last. */
  readonly arrivals = new Set<string>()
  /** Whoever works on a device; the next one waits. */
  readonly #turns = new Map<string, Promise<unknown>>()
  readonly #stopping = new AbortController()

  constructor(parts: DriftParts) {
    this.#parts = parts
  }

  /** Answers in how many milliseconds it is due. */
  async visit(key: DeviceKey): Promise<number | undefined> {
    const { kernel, tunnels, log } = this.#parts
    const { clock, store } = kernel
    const hasArrived = this.arrivals.delete(keyText(key))
    if (tunnels().find(key.guid)?.project !== key.project) return undefined
    const due = await this.#dueOf(key, hasArrived)
    if (due === undefined) return undefined
    if (due > clock.now()) return due - clock.now()
    let next = clock.now() + this.#jittered(PERIOD_MS)
    try {
      await this.check({ ...key, repair: true, by: SYSTEM })
      await store.change(tx => setDue(tx, key, next))
    } catch (thrown) {
      this.#stopping.signal.throwIfAborted()
      const failure = asProblem(thrown)
      const failures = ((await findDrift(store, key))?.failures ?? 0) + 1
      next = clock.now() + this.#retryIn(failure, failures)
      log.info('a device was not compared with its profile', { guid: key.guid, code: failure.code })
      await store.change(tx => setDue(tx, key, next, failures))
    }
    return next - clock.now()
  }

  #retryIn({ code, fields }: Problem, failures: number): number {
    if (code === 'drift-busy') return this.#jittered(BUSY_AGAIN_MS)
    if (code === 'drift-repair-limit') return this.#jittered(fields.of === 'project' ? 2 * MINUTE : PERIOD_MS)
    return Math.min(PERIOD_MS, this.#jittered(RETRY_MS * 2 ** Math.min(failures - 1, 5)))
  }

  /** `undefined` when the device is gone. */
  async #dueOf(key: DeviceKey, hasArrived: boolean): Promise<EpochMs | undefined> {
    const { kernel, devices, tunnels } = this.#parts
    const { clock, store } = kernel
    const now = clock.now()
    const device = await devices.find(store, key.project, key.guid)
    if (device === undefined) {
      await store.change(tx => forgetDrift(tx, key))
      return undefined
    }
    const row = await findDrift(store, key)
    const soon = now + SOON_MS.least + this.#fraction() * SOON_MS.spread
    if (row === undefined) {
      await store.change(tx => expectLook(tx, key, { now, due: soon }))
      return soon
    }
    const due = Date.parse(row.due_at)
    // What fell due while it was away, or while we were, is not due for all at once, nor in the middle of its first words.
    if (hasArrived && due <= now) return this.#postpone(key, soon)
    if (!hasArrived || due <= soon) return due
    const since = tunnels().find(key.guid)?.since ?? now
    const left = device.lastDisconnected === undefined ? since : Date.parse(device.lastDisconnected)
    const isLooked = row.checked_at !== null && Date.parse(row.checked_at) >= since
    if (isLooked || (since - left <= LONG_ABSENCE_MS && row.state !== 'unknown')) return due
    return this.#postpone(key, soon)
  }

  async #postpone(key: DeviceKey, due: EpochMs): Promise<EpochMs> {
    await this.#parts.kernel.store.change(tx => setDue(tx, key, due))
    return due
  }

  /** Between 0 and 1. */
  #fraction(): number {
    const [high = 0, low = 0] = this.#parts.kernel.random(2)
    return (high * 256 + low) / 65_536
  }

  /** Within a tenth of it, so that what once met does not meet for ever. */
  #jittered(ms: number): number {
    return Math.round(ms * (0.9 + 0.2 * this.#fraction()))
  }

  async stop(): Promise<void> {
    this.#stopping.abort(shared('amt-not-connected', 'the controller stops'))
    await Promise.allSettled(this.#turns.values())
  }

  async check(order: CheckOrder): Promise<Checked> {
    const key = keyText(order)
    const before = this.#turns.get(key)
    const turn = (async () => {
      await before?.catch(() => undefined)
      return this.#check(order)
    })()
    this.#turns.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key)
    }
  }

  async #check(order: CheckOrder): Promise<Checked> {
    const { kernel, devices, redirections } = this.#parts
    const { store } = kernel
    const { project, guid, by, dryRun = false } = order
    const { signal } = this.#stopping
    signal.throwIfAborted()
    const device = await devices.get(store, project, guid)
    if (await isActivating(store, project, guid)) throw problem('drift-busy', 'an activation works on it')
    const isOpen = redirections.of(guid).length > 0
    if (isOpen && (order.repair || by === SYSTEM)) throw problem('drift-busy', 'a redirection session is open')
    const policy = await policyOf(this.#parts, project)
    const tolerated = toleratedOf(await findDrift(store, { project, guid }))
    const found = await look(this.#parts, { device, policy, tolerated, signal })
    if (dryRun) return withoutScene(found)
    await store.change(tx => keepFinding(kernel, tx, order, { finding: found, now: kernel.clock.now() }))
    if (!order.repair || !found.steps.some(each => isRepairable(each, order.areas))) return withoutScene(found)
    return this.#repair(order, { found, policy, tolerated })
  }

  async #repair(order: CheckOrder, { found, policy, tolerated }: Found): Promise<Checked> {
    const { kernel, redirections } = this.#parts
    const { store, clock } = kernel
    const { scene } = found
    if (scene === undefined) return withoutScene(found)
    const id = await store.change(tx => beginRepair(kernel, tx, order, order.by))
    const repaired = await repair({ ...scene, policy, tolerated, areas: order.areas, redirections })
    const end = { id, by: order.by, reason: order.reason, repaired }
    await store.change(tx => endRepair(kernel, tx, order, end))
    const after = afterRepair(found, repaired)
    const keeping = { finding: after, now: clock.now(), tolerated: repaired.tolerated }
    await store.change(tx => keepFinding(kernel, tx, order, keeping))
    return { ...after, repaired }
  }
}

type Found = { readonly found: Look; readonly policy: DriftPolicy; readonly tolerated: ReadonlySet<string> }

/** What is left; the control mode is not repaired, and so as it was. */
function afterRepair(found: Look, { left, stopped }: Repaired): Finding {
  const steps = [...found.steps.filter(each => each.area === 'activation'), ...left]
  const { profile } = found
  if (steps.length > 0) return { state: 'drifted', why: stopped ?? '', profile, steps }
  return { state: stopped === undefined ? 'compliant' : 'unknown', why: stopped ?? '', profile, steps }
}

function withoutScene({ scene: _, ...finding }: Look): Finding {
  return finding
}
