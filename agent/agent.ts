// SPDX-License-Identifier: Apache-2.0
/** One agent: puts its parts together, starts them in order, takes them down in reverse; any number run in one process. */
import type { AnyPlugin, Capability, EpochMs, Problem, SessionHead, Topic, Windows } from '../plugins/contract/index.ts'
import { type CommandRunner, createRunner } from './commands/runner.ts'
import type { Audience } from './commands/verify.ts'
import type { Config } from './config.ts'
import { type Hosted, hostPlugin } from './hosting/hosted.ts'
import { stepClock } from './identity/clock-step.ts'
import { openFloor, type TimeFloor } from './identity/floor.ts'
import type { Identities, Identity } from './identity/identity.ts'
import { keepIdentity } from './identity/keep.ts'
import { createLink, type Link, type LinkState } from './link/link.ts'
import { epochOf } from './link/session-start.ts'
import type { AgentLog } from './log.ts'
import { DESIRED, denies, type LocalPolicy, loadPolicy } from './policy.ts'
import { createDeadman } from './reconcile/deadman.ts'
import { acceptDesired } from './reconcile/documents.ts'
import { createGate } from './reconcile/gate.ts'
import { createMaintenance } from './reconcile/maintenance.ts'
import { createReporter, type Reporter } from './reconcile/reporter.ts'
import type { Unit } from './reconcile/unit.ts'
import { createWorker, type Worker } from './reconcile/worker.ts'
import { type Journal, openJournal } from './state/journal.ts'
import { liveMessages } from './state/live.ts'
import { adoptOwner } from './state/owner.ts'
import { createHostStreams, type HostStreams } from './streams/streams.ts'
import { createHelpedSystem } from './system/helped.ts'
import { helperLine } from './system/privileged-line.ts'
import type { System } from './system/system.ts'

export type AgentOptions = {
  readonly system: System
  readonly plugins: readonly AnyPlugin[]
  readonly config: Config
  readonly log: AgentLog
  readonly identities: Identities
  /** A file, or `:memory:`. */
  readonly journal: { readonly location: string; readonly durable?: boolean; readonly exclusive?: boolean }
  readonly version: string
  /** No real moment is before this. */
  readonly builtAt: EpochMs
  /** Told of each step of the link; `status` says the rest, which costs a look into the journal. */
  readonly onChange?: (link: LinkState) => void
}

export type SectionStatus = {
  readonly section: string
  readonly plugin: string
  readonly version: string
  readonly supported: boolean
  readonly fault?: string
}

export type AgentStatus = {
  readonly version: string
  readonly link: LinkState
  readonly sections: readonly SectionStatus[]
  /** Messages and commands refused since the start, by code. */
  readonly refused: Readonly<Record<string, number>>
  readonly denies: readonly string[]
  readonly policyFault: string | undefined
  /** How far the system clock is ahead of the controller's; 0 before the first session. */
  readonly clockSkewMs: number
  readonly outbox: number
}

export interface Agent {
  /** Resolves when everything runs; the link may still be connecting. */
  start(): Promise<void>
  /** Says farewell, stops every part in reverse order. Idempotent. */
  stop(reason: 'stopped' | 'rebooting'): Promise<void>
  /** Ends at once and says nothing, as a power cut would. */
  kill(): void
  status(): AgentStatus
}

type Parts = {
  readonly options: AgentOptions
  readonly policy: LocalPolicy
  readonly journal: Journal
  readonly floor: TimeFloor
  readonly workers: Map<string, Worker>
  readonly refused: Record<string, number>
}

export function createAgent(options: AgentOptions): Agent {
  const stopping = new AbortController()
  let body: Body | undefined
  let ended = false
  return {
    start: async () => {
      const policy = await loadPolicy(options.system.files, options.config.policyFile)
      if (policy.fault !== undefined)
        options.log.error('the local policy cannot be read, so nothing but looking is allowed', { fault: policy.fault })
      body = assemble(options, policy, stopping.signal)
      await body.begin()
    },
    stop: async reason => {
      if (ended || body === undefined) return
      ended = true
      body.runner.stop()
      await body.link.stop(reason)
      stopping.abort()
      await Promise.all([...body.parts.workers.values()].map(worker => worker.stop()))
      body.parts.journal.close()
    },
    kill: () => {
      if (ended || body === undefined) return
      ended = true
      body.runner.stop()
      body.link.kill()
      stopping.abort()
      const { workers, journal } = body.parts
      void Promise.all([...workers.values()].map(worker => worker.stop())).finally(() => journal.close())
    },
    status: () => statusOf(options, body),
  }
}

type Body = {
  readonly parts: Parts
  readonly link: Link
  readonly runner: CommandRunner
  readonly begin: () => Promise<void>
}

function assemble(options: AgentOptions, policy: LocalPolicy, signal: AbortSignal): Body {
  const { system, log, config, identities } = options
  const { clock, random } = system
  const journal = openJournal(options.journal.location, { ...options.journal, now: () => clock.now() })
  if (journal.movedAside !== undefined)
    log.error('the journal was damaged and a new one begun', { movedAside: journal.movedAside })
  const floor = floorOver(options, journal)
  const parts: Parts = { options, policy, journal, floor, workers: new Map(), refused: {} }
  const maintenance = createMaintenance(
    clock,
    options.version,
    () => (journal.desired.get('maintenance')?.message.content as Windows | null | undefined) ?? undefined,
  ) // checked when it was accepted
  const gate = createGate({
    clock,
    linkIsUp: () => link.isUp(),
    windows: () => [maintenance.windows(), ...(policy.windows === undefined ? [] : [policy.windows])],
  })
  const deadman = createDeadman({ clock, journal, log, heardAt: () => link.heardAt() })
  const reporter = createReporter({ clock, random, journal, log, flush: () => link.flush() })
  const unitOf = (section: string): Unit | undefined => parts.workers.get(section)?.unit
  const addWorker = (unit: Unit): void => {
    const section = unit.section.name
    const worker = createWorker({
      unit,
      clock,
      random,
      log,
      gate,
      deadman,
      reporter,
      intervalMs: config.reportIntervalMs,
      desired: () => journal.desired.get(section),
      forbidden: () => denies(policy, section, DESIRED, 2),
      onSupport: () => link.birthChanged(),
    })
    parts.workers.set(section, worker)
  }
  let identityInUse: Identity | undefined
  const audience = (): Audience => audienceOf(journal, identityInUse)
  const streams = createHostStreams({ clock, isUp: () => link.isUp(), send: (id, frame) => link.stream(id, frame) })
  const runner = createRunner({
    system,
    journal,
    log,
    gate,
    unit: unitOf,
    setting: () => ({ audience: audience(), now: floor.trustedNow(), policy }),
    flush: () => link.flush(),
    refused: problem => count(parts, problem),
  })
  const link = createLink({
    system,
    log,
    identities,
    journal,
    floor,
    startJitterMs: config.startJitterMs,
    keepaliveMs: config.keepaliveMs,
    birth: () => ({ agent: options.version, capabilities: capabilitiesOf(parts), denies: [...policy.deny] }),
    keep: (identity, stop) => keepIdentity({ system, identities, floor, log, identity, signal: stop }),
    onMessage: (topic, payload, identity) => {
      identityInUse = identity
      receive(parts, { topic, payload, runner, reporter, audience, streams })
    },
    onUp: (head, identity) => {
      identityInUse = identity
      greet(parts, reporter, head)
      link.flush()
      mendClock(parts, identity, signal)
    },
    onChange: state => {
      if (state.phase !== 'online') streams.closeAll()
      options.onChange?.(state)
    },
  })
  const body: Body = {
    parts,
    link,
    runner,
    begin: async () => {
      // A copied or refused identity is the link's to tell of; it connects nowhere.
      const [present] = await identities.candidates().catch(() => [])
      if (present !== undefined && adoptOwner(journal, present))
        log.warn('this machine was another host before: what it remembered of that is forgotten')
      addWorker(maintenance.unit)
      for (const plugin of options.plugins)
        addWorker(
          hostUnit(
            { ...options, system: systemFor(parts, plugin, () => identityInUse ?? present), streams },
            plugin,
            section => parts.workers.get(section)?.wake(),
          ),
        )
      forgetOld(parts)
      link.start()
      void deadman
        .resume(unitOf, signal)
        .catch(thrown => signal.aborted || log.error('a change was not taken back', { error: thrown }))
      void runner
        .recover()
        .catch(thrown => signal.aborted || log.error('a command was not recovered', { error: thrown }))
      for (const worker of parts.workers.values()) worker.wake()
    },
  }
  return body
}

function floorOver({ system, builtAt }: AgentOptions, journal: Journal): TimeFloor {
  return openFloor({
    clock: system.clock,
    builtAt,
    memory: {
      get: () => {
        const text = journal.values.get('time-floor')
        return text === undefined ? undefined : Number(text)
      },
      put: floor => journal.values.put('time-floor', String(floor)),
    },
  })
}

type Hosting = AgentOptions & { readonly streams: HostStreams }

function hostUnit({ system, log, config, streams }: Hosting, plugin: AnyPlugin, wake: (section: string) => void): Unit {
  const section = plugin.section.name
  const isolation = config.isolation[plugin.manifest.name]
  const hosted: Hosted = hostPlugin(plugin, {
    system,
    log: log.child({ section }),
    ...(isolation === undefined ? {} : { isolation }),
    onChanged: () => wake(section),
    stream: id => streams.open(id),
    onSample: () => undefined, // no stream leaves the host before the section telemetry says so
    onState: () => wake(section),
  })
  return {
    section: plugin.section,
    plugin: { name: plugin.manifest.name, version: plugin.manifest.version },
    running: hosted.running,
    get fault() {
      return hosted.problem
    },
    retry: () => hosted.retry(),
    stop: () => hosted.stop(),
  }
}

/** What a plugin reaches: the machine itself, or where a helper is configured the machine without its privileges. */
function systemFor(
  { options, journal, floor }: Parts,
  { section: { name } }: AnyPlugin,
  identityNow: () => Identity | undefined,
): System {
  const { system, config, log } = options
  if (config.helper === undefined || system.simulated) return system
  const line = helperLine(config.helper)
  return createHelpedSystem(system, {
    line,
    messages: () => liveMessages(journal, name),
    trust: () => identityNow()?.trust,
    proveTime: async signal => {
      const identity = identityNow()
      if (identity !== undefined) await stepClock({ system, line, identity, at: floor.judgeAt(), log, signal })
    },
  })
}

/** A clock that is far off is told to the helper, which sets it when it is behind. */
function mendClock({ options, floor }: Parts, identity: Identity, signal: AbortSignal): void {
  const { system, config, log } = options
  if (config.helper === undefined || system.simulated || floor.judgeAt() === undefined) return
  stepClock({ system, line: helperLine(config.helper), identity, at: floor.judgeAt(), log, signal }).catch(
    (thrown: unknown) => signal.aborted || log.warn('the clock was not mended', { error: thrown }),
  )
}

function audienceOf(journal: Journal, identity: Identity | undefined): Audience {
  if (identity === undefined) throw new TypeError('a message came before any session')
  const { host, project, installation, trust } = identity
  return { host, project, installation, trust, epoch: epochOf(journal, identity) }
}

type Reception = {
  readonly topic: Topic
  readonly payload: Uint8Array
  readonly runner: CommandRunner
  readonly reporter: Reporter
  readonly audience: () => Audience
  readonly streams: HostStreams
}

function receive(parts: Parts, { topic, payload, runner, reporter, audience, streams }: Reception): void {
  if (topic.kind === 'command') runner.accept(topic.section, payload)
  if (topic.kind === 'down') streams.take(topic.stream, payload)
  if (topic.kind !== 'desired') return
  const { journal, options, workers } = parts
  const accepted = acceptDesired(
    { journal, log: options.log, audience, section: name => workers.get(name)?.unit.section },
    topic.section,
    payload,
  )
  const worker = workers.get(topic.section)
  if (accepted.status === 'kept') worker?.desiredChanged()
  if (accepted.status === 'kept' || accepted.status === 'known') return
  count(parts, accepted.problem)
  options.log.warn('refused a desired document', { section: topic.section, problem: accepted.problem })
  if (accepted.status === 'refused' && worker !== undefined) {
    reporter.report(worker.unit, {
      revision: accepted.revision,
      status: 'failed',
      observed: null,
      problem: accepted.problem,
    })
  }
}

/** The controller has said which sections it reads, and whether it may have forgotten what it knew. */
function greet({ journal, workers }: Parts, reporter: Reporter, head: SessionHead): void {
  const reportedEpoch = journal.values.get('reported-epoch')
  if (reportedEpoch !== undefined && reportedEpoch !== String(head.epoch)) reporter.forgetAll([...workers.keys()])
  journal.values.put('reported-epoch', String(head.epoch))
  const fresh = reporter.want(head.sections)
  if (fresh || reportedEpoch !== String(head.epoch)) for (const worker of workers.values()) worker.wake()
}

function count({ refused }: Parts, problem: Problem): void {
  refused[problem.code] = (refused[problem.code] ?? 0) + 1
}

function forgetOld({ journal, options }: Parts): void {
  journal.commands.forgetBefore(options.system.clock.now())
}

function capabilitiesOf({ workers }: Parts): Capability[] {
  return [...workers.values()].map(({ unit, support }) => ({
    section: unit.section.name,
    plugin: unit.plugin.name,
    version: unit.plugin.version,
    supported: support.supported,
    ...(support.supported ? {} : { why: support.why.slice(0, 200) }),
  }))
}

function statusOf({ version }: AgentOptions, body: Body | undefined): AgentStatus {
  const idle: LinkState = {
    phase: 'stopped',
    host: undefined,
    transport: undefined,
    standing: undefined,
    problem: undefined,
  }
  if (body === undefined) {
    return {
      version,
      link: idle,
      sections: [],
      refused: {},
      denies: [],
      policyFault: undefined,
      clockSkewMs: 0,
      outbox: 0,
    }
  }
  const { parts, link } = body
  return {
    version,
    link: link.state,
    sections: [...parts.workers.values()].map(({ unit, support }) => ({
      section: unit.section.name,
      plugin: unit.plugin.name,
      version: unit.plugin.version,
      supported: support.supported,
      ...(unit.fault === undefined ? {} : { fault: unit.fault.code }),
    })),
    refused: { ...parts.refused },
    denies: parts.policy.deny,
    policyFault: parts.policy.fault,
    clockSkewMs: Math.round(parts.floor.skewMs()),
    outbox: parts.journal.outbox.count(),
  }
}
