// SPDX-License-Identifier: Apache-2.0
/** The form of a privileged act, and what it may use. */
import type { Clock, EpochMs, Files, Log, TrustBundle } from '../../plugins/contract/index.ts'
import type { Grant } from './config.ts'
import type { InputOf, OutputOf, Ran, Verb } from './inputs.ts'
import type { Programs } from './programs.ts'
import type { TrustCopy } from './trust-copy.ts'
import type { Warrants } from './warrants.ts'
import type { Greeting } from './wire.ts'

/** The clock as the helper may set it. */
export interface ProvenTime {
  /** A nonce that one answer may use, for a minute. */
  ask(): string
  /** Uses a nonce up; false when it is not one of ours, or too old. */
  answer(nonce: string): boolean
  /** Real time as far as it was proved, else the system clock. */
  now(): EpochMs
  /** What was proved just now. */
  prove(at: EpochMs): void
}

export type Bench = {
  readonly files: Files
  readonly programs: Programs
  readonly clock: Clock
  readonly time: ProvenTime
  readonly grants: readonly Grant[]
  readonly stateDir: string
  readonly log: Log
  readonly greeting: Greeting
  /** Ends when the client has gone, or when the time for the act is up. */
  readonly signal: AbortSignal
  /** Throws `helper-not-enrolled` while there is no copy of what to trust. */
  readonly warrants: () => Warrants
  readonly copy: () => TrustCopy
  readonly renewTrust: (next: TrustBundle) => Promise<Greeting>
}

export type Act<V extends Verb> = {
  /** One sentence for the log and for readers of the table. */
  readonly title: string
  /** `open`: whoever reaches the socket may read it. `signed`: only what the controller ordered. */
  readonly authority: 'open' | 'signed'
  readonly withinMs: number
  /** Acts that share a word never run side by side. */
  readonly alone?: string
  perform(input: InputOf<V>, bench: Bench): Promise<OutputOf<V>>
}

/** What a program that was not found ends with, so that a caller may try another. */
export function absent(program: string): Ran {
  return { code: -1, stdout: '', stderr: `it could not be started: there is no ${program}` }
}
