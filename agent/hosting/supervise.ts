// SPDX-License-Identifier: Apache-2.0
/** Keeps a plugin alive: starts it again after growing waits, and takes it out of service when that does not help. */
import { type Clock, problem as common, type Log, Problem, type RandomBytes } from '../../plugins/contract/index.ts'
import type { Begin, Ending, Instance } from './instance.ts'
import type { HostingLimits } from './limits.ts'
import { problem } from './problems.ts'

/** `running` also covers the moments before the first life is ready: calls made then wait for it. */
export type HostedState = 'running' | 'restarting' | 'quarantined' | 'stopped'

export type SuperviseOptions = {
  readonly section: string
  readonly begin: Begin
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly limits: HostingLimits
  /** Told of every change, never from within `supervise` itself. */
  onState(state: HostedState, problem?: Problem): void
}

/**
 * The lives of one plugin, one at a time.
 *
 * Invariants: an event of a former life is ignored; while the state is `restarting`, `quarantined` or `stopped` no call
 * reaches the plugin; at most one restart is waiting.
 */
export class Supervisor {
  readonly #options: SuperviseOptions
  #state: HostedState = 'running'
  #problem: Problem | undefined
  #life: Instance | undefined
  #generation = 0
  /** Monotonic times of recent crashes. */
  #crashes: number[] = []
  /** Crashes without a quiet stretch between them: what the wait grows with. */
  #streak = 0
  #forgetRestart = (): void => {}
  #stopping: Promise<void> | undefined

  constructor(options: SuperviseOptions) {
    this.#options = options
    this.#begin()
  }

  get state(): HostedState {
    return this.#state
  }

  /** Why it is not running. */
  get problem(): Problem | undefined {
    return this.#problem
  }

  /** The present life, ready or not; `undefined` while there is none. */
  get life(): Instance | undefined {
    return this.#life
  }

  /** The life that takes calls; throws the problem that says why there is none. */
  mustRun(): Instance {
    if (this.#state === 'running' && this.#life !== undefined) return this.#life
    const { section } = this.#options
    if (this.#state === 'stopped') throw common('unavailable', 'the plugin was stopped', { section })
    if (this.#state === 'quarantined') throw problem('plugin-quarantined', this.#problem?.detail, { section })
    throw problem('plugin-crashed', 'it is about to be started again', { section })
  }

  /** Leaves quarantine, or a wait for a restart, as if nothing had happened before. */
  retry(): void {
    if (this.#stopping !== undefined || this.#state === 'running' || this.#life !== undefined) return
    this.#crashes = []
    this.#streak = 0
    this.#forgetRestart()
    this.#state = 'restarting'
    this.#begin()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#forgetRestart()
    this.#generation++
    const life = this.#life
    this.#life = undefined
    this.#become('stopped')
    await life?.stop()
  }

  #begin(): void {
    const generation = ++this.#generation
    const present = (): boolean => this.#generation === generation
    try {
      const life = this.#options.begin({
        onReady: () => present() && this.#ready(),
        onEnded: ending => present() && this.#ended(ending),
      })
      if (present()) this.#life = life
    } catch (thrown) {
      const refused = thrown instanceof Problem && thrown.code === 'plugin-refused'
      const detail = thrown instanceof Error ? thrown.message.slice(0, 300) : 'it could not be started'
      this.#ended({ kind: refused ? 'refused' : 'crashed', detail: refused ? (thrown.detail ?? detail) : detail })
    }
  }

  #ready(): void {
    if (this.#state !== 'running') this.#become('running')
  }

  #ended({ kind, detail }: Ending): void {
    const { section, log, clock, limits } = this.#options
    this.#life = undefined
    this.#generation++
    if (kind === 'refused') {
      log.error('the plugin was refused', { section, detail })
      this.#become('quarantined', problem('plugin-refused', detail, { section }))
      return
    }
    const now = clock.monotonic()
    const last = this.#crashes.at(-1)
    this.#streak = last !== undefined && now - last < limits.crashWindowMs ? this.#streak + 1 : 1
    this.#crashes = [...this.#crashes.filter(at => now - at < limits.crashWindowMs), now]
    const crashed = problem('plugin-crashed', detail, { section, crashes: this.#crashes.length })
    log.warn('the plugin crashed', { section, detail, crashes: this.#crashes.length })
    const lost = this.#crashes.length >= limits.crashes
    if (!lost) this.#forgetRestart = clock.after(this.#wait(), () => this.#begin())
    this.#become(lost ? 'quarantined' : 'restarting', crashed)
  }

  /** Doubles with every crash; a quarter up or down keeps the plugins of many hosts from starting in step. */
  #wait(): number {
    const { random, limits } = this.#options
    const whole = Math.min(limits.lastRestartMs, limits.firstRestartMs * 2 ** (this.#streak - 1))
    const [byte = 128] = random(1)
    return whole * (0.75 + (byte / 255) * 0.5)
  }

  // Told in a microtask, so that whoever called us holds what we return before hearing of it.
  #become(state: HostedState, why?: Problem): void {
    this.#state = state
    this.#problem = why
    queueMicrotask(() => this.#options.onState(state, why))
  }
}
