// SPDX-License-Identifier: Apache-2.0
/** What the classes of a management engine are built on: its memory, its clock, and the parts it can move. */
import type { Clock, RandomBytes } from '../../plugins/contract/index.ts'
import type { FaultPlan } from './faults.ts'
import type { Input } from './input.ts'
import type { Fields, Reference } from './soap.ts'
import type { AmtState } from './state.ts'

export type Model = {
  readonly uuid: string
  /** `16.1.25` */
  readonly version: string
  readonly major: number
  readonly build: string
  readonly sku: 'amt' | 'ism'
  readonly dnsSuffix: string
  /** Upper-case hexadecimal digests of the roots that may provision it. */
  readonly trustedRoots: ReadonlySet<string>
  /** The local ports speak TLS only. */
  readonly tlsEnforced: boolean
  readonly hardware: Hardware
  readonly display: boolean
  readonly hostName: string
  /** Items in one Pull at most. */
  readonly pageItems: number
}

export type Hardware = {
  readonly manufacturer: string
  readonly product: string
  readonly serial: string
  readonly cpus: number
  readonly dimms: number
  readonly disks: number
  readonly wireless: boolean
  /** A board with one-click recovery, platform erase and the like. */
  readonly recovery: boolean
  /** It can suspend to memory. */
  readonly sleep: boolean
}

export interface Firmware {
  readonly model: Model
  readonly state: AmtState
  readonly clock: Clock
  readonly random: RandomBytes
  readonly faults: FaultPlan
  /** What a restart of the engine forgets. */
  readonly volatile: { chain?: Buffer[]; localDown?: boolean }
  /** Something in `state` changed for good. */
  touched(): void
  /** Requests a power state; the status to return. */
  power(action: number): number
  /** Whether a person at the host consented, or need not. */
  consented(kind: 'kvm' | 'other'): boolean
  /** What the screen shows changed, or consent was withdrawn: open sessions that need it end. */
  consentChanged(): void
  /** The services on the local ports start afresh. */
  restartLocal(): void
  /** Something that decides about dialling changed. */
  accessChanged(): void
  /** Redirection was switched off, or the engine was unprovisioned. */
  endSessions(): void
}

/** Who calls. */
export type Caller = { readonly user: string; readonly local: boolean }

export type Output = {
  readonly status: number
  readonly output?: Fields
  readonly afterReply?: () => void
  readonly hang?: boolean
}
export type Method = (firmware: Firmware, input: Input, caller: Caller) => number | Output | Promise<number | Output>

/** A class of the management engine; everything about it that is the same on all machines. */
export type AmtClass = {
  readonly name: string
  /** Whether this machine has it at all. */
  readonly exists?: (firmware: Firmware) => boolean
  readonly instances: (firmware: Firmware) => readonly Item[]
  /** Members that tell instances apart. */
  readonly keys?: readonly string[]
  /** Members Put may bring that an instance need not show. */
  readonly optional?: readonly string[]
  /** Takes what was put; throws a fault when it will not. */
  readonly put?: (firmware: Firmware, target: Item, input: Input) => void
  /** What was made. */
  readonly create?: (firmware: Firmware, input: Input) => Reference
  readonly remove?: (firmware: Firmware, target: Item) => void
  readonly methods?: Readonly<Record<string, Method>>
}

/** An instance with the class it really is of, which may be a subclass of the one that was asked for. */
export type Item = {
  readonly className?: string
  readonly fields: Fields
  readonly keys?: Readonly<Record<string, string>>
}
