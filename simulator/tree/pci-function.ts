// SPDX-License-Identifier: Apache-2.0
/** One function of a PCI device of a simulated machine. */
import type { Folder } from './tree.ts'

export type PciFunction = {
  /** The bridges above it, then its own address. */
  readonly path: readonly string[]
  readonly vendor: string
  readonly device: string
  /** Base class, subclass and interface, as in `0x020000`. */
  readonly class: string
  /** `undefined` when no driver took it. */
  readonly driver: string | undefined
  readonly children: Folder
}
