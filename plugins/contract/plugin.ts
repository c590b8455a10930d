// SPDX-License-Identifier: Apache-2.0
/** The contract between the agent and a capability; built-in plugins use this and nothing else. */
import type { Static } from 'typebox'
import type { Commands, Section, Step } from './section.ts'
import type { EpochMs } from './time.ts'

/** The only contract version there is; a plugin that names another is refused at load. */
export const CONTRACT = 1

export type Isolation = 'inline' | 'process'

export type Permissions = {
  /** Programs it may run, by bare name (`rpc`) or absolute path. */
  readonly run?: readonly string[]
  /** Paths it may read; a folder grants what is below it. */
  readonly read?: readonly string[]
  /** Paths it may replace or remove. */
  readonly write?: readonly string[]
  /** Services of this machine it may connect to: `127.0.0.1:16992`. */
  readonly connect?: readonly string[]
  /** Loads an addon, and therefore never runs inline. */
  readonly native?: boolean
}

export type Manifest = {
  readonly name: string
  /** Semantic version of the plugin. */
  readonly version: string
  readonly contract: typeof CONTRACT
  /** The operator may raise it to `process`, never lower it. */
  readonly isolation: Isolation
  readonly permissions: Permissions
}

export interface Log {
  debug(message: string, fields?: object): void
  info(message: string, fields?: object): void
  warn(message: string, fields?: object): void
  error(message: string, fields?: object): void
}

export type RunResult = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Files inside the granted paths. Absent files are `undefined`; a path outside the grant is the problem `not-permitted`. */
export interface Files {
  read(path: string): Promise<Uint8Array | undefined>
  text(path: string): Promise<string | undefined>
  /** Names in a folder, sorted; empty when there is none. */
  list(path: string): Promise<readonly string[]>
  /** Where a symbolic link points, as written in it. */
  link(path: string): Promise<string | undefined>
  /** Replaces atomically: temporary file, fsync, rename, fsync of the folder. */
  replace(path: string, content: Uint8Array | string, mode?: number): Promise<void>
  remove(path: string): Promise<void>
}

/** Bytes both ways, as Node's `Duplex` has them; what fails ends it as `close` without `end`. */
export interface ByteStream {
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown
  once(event: 'drain' | 'end' | 'close', listener: () => void): unknown
  /** Holds the other side back; so does whoever does not resume. */
  pause(): unknown
  resume(): unknown
  /** False when it is better to wait for `drain`. */
  write(bytes: Uint8Array): boolean
  end(): unknown
  destroy(): unknown
}

/** Everything a plugin may touch, narrowed to its permissions. */
export interface PluginHost {
  readonly log: Log
  now(): EpochMs
  /** Runs a granted program without a shell. `code` is -1 when it could not be started (`stderr` says why). */
  run(file: string, args: readonly string[], options: RunOptions): Promise<RunResult>
  readonly files: Files
  /** Offers one reading of a telemetry stream. */
  sample(stream: string, value: number, labels?: Readonly<Record<string, string>>): void
  /** "Observe me again": the only event a plugin emits. */
  changed(): void
  /** Asks for `changed()` once after a wait; the returned function forgets it. Stops with the plugin. */
  wake(afterMs: number): () => void
  /** Connects to a granted service of this machine. Rejects with `not-permitted`, `unreachable` or the signal's reason. */
  connect(address: string, signal: AbortSignal): Promise<ByteStream>
  /**
   * Opens this end of a stream to the controller, whose id a command has brought; it ends with the link. Absent where the
   * plugin runs as a process of its own. Throws `unavailable` when the link is down or has too many streams.
   */
  readonly stream?: (id: string) => ByteStream
}

export type RunOptions = {
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  /** The whole environment beside PATH and LANG; nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

export type Support = { readonly supported: true } | { readonly supported: false; readonly why: string }

export type CommandContext = { readonly id: string; readonly signal: AbortSignal }
export type RecoverContext = CommandContext & { readonly startedAt: EpochMs; readonly rebooted: boolean }

export type Handler<Input, Output> = {
  run(input: Input, context: CommandContext): Promise<Output>
  /**
   * Asked once after a restart for a command that had started and left no result: reads back what became of it.
   * Without it such a command ends as `interrupted`. It must not act again.
   */
  recover?(input: Input, context: RecoverContext): Promise<Output>
}

export type Handlers<C extends Commands> = {
  readonly [Name in keyof C]: Handler<Static<C[Name]['input']>, Static<C[Name]['output']>>
}

export interface Running<S extends Section = Section, P extends Step = Step> {
  /** Whether this host has what the section is about; asked at start and again every hour. */
  probe?(signal: AbortSignal): Promise<Support>
  observe(signal: AbortSignal): Promise<Static<S['observed']>>
  /** Pure: what is left to do, first step first. */
  plan(desired: Static<S['desired']>, observed: Static<S['observed']>): readonly P[] | Promise<readonly P[]>
  /** Idempotent: may be repeated after a crash. */
  apply(step: P, signal: AbortSignal): Promise<void>
  /** Undoes a step; required of plugins whose steps have impact `connectivity`. */
  revert?(step: P, signal: AbortSignal): Promise<void>
  readonly commands: Handlers<S['commands']>
  stop?(): Promise<void>
}

export type Plugin<S extends Section = Section, P extends Step = Step> = {
  readonly manifest: Manifest
  readonly section: S
  /** Synchronous and free of effects. */
  start(host: PluginHost): Running<S, P>
}

/** A plugin whose own types were forgotten, as lists hold them. */
// biome-ignore lint/suspicious/noExplicitAny: Running is invariant in its section, so no narrower type admits every plugin
export type AnyPlugin = Plugin<any, any>
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyRunning = Running<any, any>

/** Keeps a plugin's own types while checking its shape. */
export function definePlugin<S extends Section, P extends Step>(plugin: Plugin<S, P>): Plugin<S, P> {
  return plugin
}
