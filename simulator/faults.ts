// SPDX-License-Identifier: Apache-2.0
/** What can be made to go wrong on a simulated host. */
import type { SimulatedHost } from './host.ts'
import type { NetworkFaults } from './network.ts'
import type { LmsState } from './programs/lms.ts'
import type { RpcFaults } from './programs/rpc/faults.ts'

export type CloneOptions = {
  /** Where the copy keeps its state; in memory when left out. */
  readonly dir?: string
  /** Number of the hardware the copy wakes up on; the same hardware when left out, as a snapshot of a virtual machine. */
  readonly index?: number
}

export interface Faults extends NetworkFaults {
  /** Sets the time of day forward or, with a negative number, back. */
  jumpClock(byMs: number): void
  /** From now on nothing more fits on the disk, or fits again. What is there can be read and removed. */
  diskFull(full: boolean): void
  /** Pulls the plug: the agent stops in mid-sentence and far ends hear nothing. Boots again after a wait when one is given. */
  powerCut(backInMs?: number): void
  /**
   * Copies the disk as it is at this moment (identity, machine id, journal) to a second host, which has just booted.
   * Two hosts now have one identity.
   */
  clone(options?: CloneOptions): SimulatedHost
  /** What goes wrong with the program `rpc`; what goes wrong with the firmware is in the machine's own faults. */
  readonly rpc: RpcFaults
  /** What Intel's local service is like from now on. */
  lms(state: LmsState): void
  /** Switches AMT off in the BIOS, or on again. */
  amtEnabled(enabled: boolean): void
  /** What is wrong at this moment, in words for people; empty when nothing is. */
  active(): readonly string[]
}
