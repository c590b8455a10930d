// SPDX-License-Identifier: Apache-2.0
/** The machine as the agent sees it: the one seam that the real operating system and the simulator both fill. */
import type { Duplex } from 'node:stream'
import type { Clock, Files, RandomBytes, RunResult } from '../../plugins/contract/index.ts'

export type ProcessOptions = {
  readonly signal: AbortSignal
  readonly timeoutMs: number
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>
  readonly input?: string
  /** Output beyond this is cut, and the process killed. */
  readonly maxBytes: number
}

/** Starts programs by argument vector, never through a shell. */
export interface Processes {
  /** `code` is -1 when the program could not be started or was killed; `stderr` says why. */
  run(file: string, args: readonly string[], options: ProcessOptions): Promise<RunResult>
}

export type DialTarget = { readonly host: string; readonly port: number }

/** Outgoing TCP: the only kind of connection an agent makes. */
export interface Network {
  /** Rejects with the problem `unreachable` (fields: host, port, cause) or the signal's reason. */
  connect(target: DialTarget, signal: AbortSignal): Promise<Duplex>
  /** From the environment: `http://proxy:3128` when this target must go through one. */
  proxyFor(target: DialTarget): URL | undefined
}

export interface System {
  readonly files: Files
  readonly processes: Processes
  readonly clock: Clock
  readonly network: Network
  readonly random: RandomBytes
  /** Stable for an installed operating system: `/etc/machine-id`. */
  machineId(): Promise<string>
  /** Changes with every boot: `/proc/sys/kernel/random/boot_id`. */
  bootId(): Promise<string>
  /** A simulated host says so wherever it appears. */
  readonly simulated: boolean
}
