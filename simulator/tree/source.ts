// SPDX-License-Identifier: Apache-2.0
/** What the files of a simulated host are made from: the machine, and its present moment. */
import type { EpochMs } from '../../plugins/contract/index.ts'
import type { SimulatedFacts } from '../facts.ts'

export type TreeSource = {
  readonly facts: SimulatedFacts
  now(): EpochMs
  /** Since the last boot. */
  uptimeMs(): number
  bootId(): string
  /** The name the kernel goes by, which `hostnamectl` may have changed. */
  hostname(): string
  /** Whether the cable of the first port is in. */
  linked(): boolean
}
