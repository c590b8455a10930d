// SPDX-License-Identifier: Apache-2.0
/** Hosts one plugin, inline or as a process behind one interface, and keeps it alive. */
import type { AnyPlugin, AnyRunning, Isolation, Log, Manifest, Problem, Section } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'
import type { Abilities } from './calls.ts'
import { beginInline } from './inline.ts'
import type { Instance, LifeEvents } from './instance.ts'
import { type Entry, ownEntry } from './launch.ts'
import { DEFAULT_LIMITS, type HostingLimits } from './limits.ts'
import { refusalOf } from './manifest.ts'
import type { PluginEvents, PluginHostOptions } from './plugin-host.ts'
import { problem } from './problems.ts'
import { beginProcess, type Hostable } from './process.ts'
import { runningForm } from './running.ts'
import { type HostedState, Supervisor } from './supervise.ts'

export type { HostedState } from './supervise.ts'

export interface Hosted {
  readonly manifest: Manifest
  readonly section: Section
  readonly state: HostedState
  /** Why it is not running: `plugin-crashed` or `plugin-refused`. */
  readonly problem: Problem | undefined
  /**
   * Same shape as the plugin's own running form; every call rejects with a Problem while it is not running. Calls made
   * while a process is being started for the first time wait for it. A call whose signal is aborted, or whose time is
   * up, settles within the grace period.
   */
  readonly running: AnyRunning
  /** Leaves quarantine, as a changed desired revision or an operator asks; nothing happens while it runs. */
  retry(): void
  /** Lets the plugin stop within its time, then ends it. Never rejects; a second call waits for the first. */
  stop(): Promise<void>
}

/** A plugin, or, when its code runs in another process only, what the agent knows of it. */
export type HostedPlugin = Hostable & Partial<Pick<AnyPlugin, 'start'>>

export type HostOptions = PluginEvents & {
  /** Opens streams to the controller; not for plugins that run as a process. */
  readonly stream?: NonNullable<PluginHostOptions['stream']>
  readonly system: System
  readonly log: Log
  /** Raises the manifest's isolation to a process; it is never lowered. */
  readonly isolation?: Isolation
  /** The script to run for a process; the agent's own by default. */
  readonly entry?: Entry
  readonly limits?: Partial<HostingLimits>
  /** Told of every change after `hostPlugin` has returned; with the reason unless it runs or was stopped. */
  onState(state: HostedState, problem?: Problem): void
}

/**
 * Starts a plugin and keeps it running until `stop`. Never throws: a plugin that is refused is quarantined with the
 * problem `plugin-refused`, which only `retry` leaves.
 *
 * A simulated host has no processes, so on it every plugin runs inline and a native one is refused.
 */
export function hostPlugin(plugin: HostedPlugin, options: HostOptions): Hosted {
  const { manifest, section } = plugin
  const { system, log, onState } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  let abilities: Abilities | undefined
  const supervisor = new Supervisor({
    section: section.name,
    clock: system.clock,
    random: system.random,
    log,
    limits,
    onState,
    begin: events => begin(plugin, { ...options, limits }, events),
  })
  const running = runningForm({
    section,
    clock: system.clock,
    limits,
    mustRun: () => supervisor.mustRun(),
    abilities: () => {
      abilities = supervisor.life?.abilities ?? abilities
      return abilities
    },
    stop: () => supervisor.stop(),
  })
  return {
    manifest,
    section,
    running,
    get state() {
      return supervisor.state
    },
    get problem() {
      return supervisor.problem
    },
    retry: () => supervisor.retry(),
    stop: () => supervisor.stop(),
  }
}

type BeginOptions = HostOptions & { readonly limits: HostingLimits }

function begin(plugin: HostedPlugin, options: BeginOptions, events: LifeEvents): Instance {
  const refusal = refusalOf(plugin)
  if (refusal !== undefined) throw problem('plugin-refused', refusal)
  if (isolationOf(plugin.manifest, options) === 'process') {
    return beginProcess(plugin, { ...options, entry: options.entry ?? ownEntry(plugin.manifest.name) }, events)
  }
  const { start } = plugin
  if (start === undefined) throw problem('plugin-refused', 'its code is not part of this program')
  return beginInline({ ...plugin, start }, options, events)
}

function isolationOf({ isolation, permissions }: Manifest, options: HostOptions): Isolation {
  if (options.system.simulated) {
    if (permissions.native === true) throw problem('plugin-refused', 'a simulated host cannot load an addon')
    return 'inline'
  }
  return permissions.native === true || options.isolation === 'process' ? 'process' : isolation
}
