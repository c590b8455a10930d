// SPDX-License-Identifier: Apache-2.0
/** The kernel: what every subset of the controller needs, and nothing more. */
import { formatTime, HOUR } from '../../plugins/contract/index.ts'
import type { Bus, BusEvents } from '../bus/bus.ts'
import type { Db, Store } from '../store/store.ts'
import { type Audit, createAudit } from './audit.ts'
import { createDispatch, type Dispatch } from './dispatch.ts'
import { type EventTypes, joinEventTypes, KERNEL_EVENTS } from './event-types.ts'
import { createEvents, type EventHook, type Events } from './events.ts'
import type { Host } from './hosts.ts'
import { createIngest, type ReportHook } from './ingest.ts'
import { sweepDeletions } from './lifecycle.ts'
import type { Blocker, Facet, HostPatch } from './module.ts'
import type { PastReader } from './past.ts'
import type { Grant } from './permissions.ts'
import type { MemoryState, Signer, Surroundings } from './ports.ts'
import { findPresenceRow, forgetSessions } from './presence.ts'
import { createPrincipals, type Principals } from './principals.ts'
import { createRecent } from './recent.ts'
import { type JobRun, type Schedule, startSchedule } from './schedule.ts'
import type { Sections } from './sections.ts'
import { createSessions, type Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import { sweepCommands } from './sweep.ts'

/** What modules and routes are given. */
export type Kernel = Surroundings & {
  readonly store: Store
  readonly settings: Settings
  readonly signer: Signer
  readonly audit: Audit
  readonly events: Events
  /** Every type of event that kernel and modules may record. */
  readonly eventTypes: EventTypes
  readonly principals: Principals
  readonly sessions: Sessions
  readonly dispatch: Dispatch
  readonly sections: Sections
  readonly bus: Bus
  readonly facets: readonly Facet[]
  /** What hosts were like, where a module keeps it. */
  readonly past: PastReader | undefined
  /** What the modules know of hosts that do not come to their desired state. */
  readonly blockers: readonly {
    readonly module: string
    readonly ask: (host: Host) => Promise<readonly Blocker[]>
  }[]
  /** Members of hosts that the modules let be set. */
  readonly patches: readonly HostPatch[]
  /** What the modules hold of hosts that are being deleted. */
  readonly holds: readonly ((db: Db, host: Host) => Promise<string | undefined>)[]
  /** What the modules hold of a project outside the database; in the order in which it must be let go. */
  readonly leaving: readonly ((project: string, signal: AbortSignal) => Promise<void>)[]
  /** What was refused or dropped, by code, since the start. */
  readonly refusals: ReadonlyMap<string, number>
  /** What was refused or dropped in the last ten minutes, by code. */
  refusedLately(): Readonly<Record<string, number>>
  /** What became of the housekeeping by the clock. */
  jobs(): readonly JobRun[]
  readonly memory: () => MemoryState
}

export type KernelParts = Surroundings & {
  readonly store: Store
  readonly settings: Settings
  readonly signer: Signer
  /** How long, and how many, events are kept. */
  readonly eventsKept?: { readonly ms: number; readonly most: number }
  readonly memory: () => MemoryState
}

/** The kernel before the bus and the modules are there; `complete` ties the knot. */
export interface KernelSeed {
  readonly kernel: Kernel
  readonly busEvents: BusEvents
  complete(late: Late): void
  /** Nobody is there yet. Comes before the bus opens: a host that arrived first would be written off as absent. */
  clear(): Promise<void>
  /** Starts sweeps and housekeeping. */
  start(): Promise<void>
  stop(): Promise<void>
}

export type Late = {
  readonly bus: Bus
  readonly sections: Sections
  readonly facets: readonly Facet[]
  readonly hooks: readonly ReportHook[]
  /** Asked within the transaction of each event. */
  readonly eventHooks: readonly EventHook[]
  readonly eventTypes: EventTypes
  readonly past: PastReader | undefined
  readonly blockers: Kernel['blockers']
  readonly leaving: Kernel['leaving']
  readonly patches: Kernel['patches']
  readonly holds: Kernel['holds']
  /** More grants of somebody who was recognised. */
  readonly grants: readonly ((principal: string) => Promise<readonly Grant[]>)[]
}

/** What there is before the modules have started. */
export const NO_MODULES: Omit<Late, 'bus' | 'sections'> = {
  facets: [],
  hooks: [],
  eventHooks: [],
  eventTypes: joinEventTypes(KERNEL_EVENTS),
  past: undefined,
  blockers: [],
  leaving: [],
  patches: [],
  holds: [],
  grants: [],
}

const SWEEP_EVERY_MS = 1_000
/** What is kept of events unless the configuration says otherwise. */
export const EVENTS_KEPT = { ms: 24 * HOUR, most: 1_000_000 }

export function createKernel(parts: KernelParts): KernelSeed {
  const { store, log } = parts
  let late: Partial<Late> = {}
  const must = <K extends keyof Late>(name: K): Late[K] => {
    const value = late[name]
    if (value === undefined) throw new TypeError(`the kernel was used before its ${name} was there`)
    return value
  }
  const refusals = new Map<string, number>()
  const count = (code: string): void => void refusals.set(code, (refusals.get(code) ?? 0) + 1)
  const audit = createAudit(store, parts.signer, { ...parts, refused: count })
  const events = createEvents(store, { ...parts, hooks: () => late.eventHooks ?? [] })
  const bus = (): Bus => must('bus')
  const sections = (): Sections => must('sections')
  const dispatch = createDispatch({ ...parts, events, bus })
  const sessions = createSessions({ ...parts, events, audit, dispatch, sections, bus })
  const ingest = createIngest({
    ...parts,
    events,
    dispatch,
    sessions,
    sections,
    hooks: () => late.hooks ?? [],
    dropped: code => count(code),
  })
  const principals = createPrincipals({ ...parts, audit, grants: () => late.grants ?? [] })
  const kernel: Kernel = {
    ...parts,
    audit,
    events,
    principals,
    sessions,
    dispatch,
    refusals,
    jobs: () => background.jobs(),
    refusedLately: () => background.refusedLately(),
    get sections() {
      return must('sections')
    },
    get bus() {
      return must('bus')
    },
    get eventTypes() {
      return late.eventTypes ?? NO_MODULES.eventTypes
    },
    get past() {
      return late.past
    },
    get facets() {
      return late.facets ?? []
    },
    get blockers() {
      return late.blockers ?? []
    },
    get patches() {
      return late.patches ?? []
    },
    get holds() {
      return late.holds ?? []
    },
    get leaving() {
      return late.leaving ?? []
    },
  }
  const background = createBackground(kernel, parts.eventsKept ?? EVENTS_KEPT)
  return {
    kernel,
    busEvents: {
      admit: peer => sessions.admit(peer),
      opened: peer => sessions.opened(peer),
      closed: (peer, reason) => sessions.closed(peer, reason),
      message: (peer, topic, payload) => ingest.message(peer, topic, payload),
      refused: refusal => {
        count(refusal.code)
        log.info('refused a connection or a packet', { ...refusal })
      },
      heard: peer => sessions.heard(peer.host),
      takenOver: peer => sessions.takenOver(peer),
      suspicious: (peer, code) => void quarantine(kernel, peer, code),
    },
    complete: given => {
      late = given
    },
    clear: () => forgetSessions(store, parts.clock.now()),
    start: background.start,
    stop: background.stop,
  }
}

function quarantine(
  { store, sessions, events, log }: Kernel,
  peer: { project: string; host: string },
  code: string,
): Promise<void> {
  const why = `it tried what it may not do (${code})`
  return store
    .change(async tx => {
      const before = await findPresenceRow(tx, peer.project, peer.host)
      await sessions.setStanding(tx, peer, 'quarantined', why)
      if (before?.standing === 'quarantined') return
      await events.emit(tx, { project: peer.project, type: 'host.quarantined', subject: peer.host, data: { why } })
    })
    .catch(thrown => log.error('a host was not quarantined', { host: peer.host, error: String(thrown) }))
}

/** Refusals of the broker are told in part only; it has the whole count. */
export function refusedBy({ bus, refusals }: Pick<Kernel, 'bus' | 'refusals'>): Readonly<Record<string, number>> {
  return { ...Object.fromEntries(refusals), ...bus.counts().refused }
}

type Background = Pick<KernelSeed, 'start' | 'stop'> & Pick<Kernel, 'jobs' | 'refusedLately'>

function createBackground(kernel: Kernel, kept: typeof EVENTS_KEPT): Background {
  const { clock, log, events, audit, sessions } = kernel
  let stopping = false
  let forget = (): void => {}
  let schedule: Schedule | undefined
  let sweeping: Promise<unknown> = Promise.resolve()
  const refused = createRecent({ clock, read: () => refusedBy(kernel) })
  const sweep = (): void => {
    if (stopping) return
    refused.look()
    sweeping = Promise.all([sweepCommands(kernel), sweepDeletions(kernel)]).catch(thrown =>
      log.error('the sweep failed', { error: String(thrown) }),
    )
    forget = clock.after(SWEEP_EVERY_MS, sweep)
  }
  return {
    start: async () => {
      sweep()
      schedule = startSchedule(
        [
          { name: 'seal the audit', at: '0 */10 * * * *', run: () => audit.checkpoint() },
          {
            name: 'forget old events',
            at: '30 */5 * * * *',
            run: () => events.prune(formatTime(clock.now() - kept.ms), kept.most),
          },
        ],
        { log, clock },
      )
    },
    jobs: () => schedule?.runs() ?? [],
    refusedLately: () => refused.growth(),
    stop: async () => {
      stopping = true
      forget()
      await schedule?.stop()
      await sweeping
      await sessions.settled()
    },
  }
}
