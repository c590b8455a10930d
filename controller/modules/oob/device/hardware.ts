// SPDX-License-Identifier: Apache-2.0
/** What a machine is made of, as its firmware knows it. */
import type { CallOptions, Listing, Reply, Wsman } from '../wsman/wsman.ts'
import { present } from './wire.ts'

const SINGLE = ['CIM_ComputerSystemPackage', 'CIM_Chassis', 'CIM_Card', 'CIM_BIOSElement'] as const
const MANY = [
  'CIM_Processor',
  'CIM_PhysicalMemory',
  'CIM_MediaAccessDevice',
  'CIM_PhysicalPackage',
  'CIM_SystemPackaging',
  'CIM_Chip',
] as const

export type Hardware = {
  readonly single: ReadonlyMap<(typeof SINGLE)[number], Reply>
  readonly many: ReadonlyMap<(typeof MANY)[number], Listing>
}

/** Classes a generation does not have are missing. */
export async function readHardware(wsman: Wsman, options?: CallOptions): Promise<Hardware> {
  const single = new Map<(typeof SINGLE)[number], Reply>()
  for (const name of SINGLE) {
    const reply = await present(wsman.get(name, options))
    if (reply !== undefined) single.set(name, reply)
  }
  return { single, many: await readMany(wsman, MANY, options) }
}

/** Disks alone. */
export function readDisks(
  wsman: Wsman,
  options?: CallOptions,
): Promise<ReadonlyMap<'CIM_MediaAccessDevice' | 'CIM_PhysicalPackage', Listing>> {
  return readMany(wsman, ['CIM_MediaAccessDevice', 'CIM_PhysicalPackage'], options)
}

async function readMany<Name extends string>(
  wsman: Wsman,
  names: readonly Name[],
  options?: CallOptions,
): Promise<ReadonlyMap<Name, Listing>> {
  const found = new Map<Name, Listing>()
  for (const name of names) {
    const listing = await present(wsman.list(name, options))
    if (listing !== undefined) found.set(name, listing)
  }
  return found
}
