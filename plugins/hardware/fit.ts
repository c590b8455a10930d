// SPDX-License-Identifier: Apache-2.0
/** Keeps a report within what one message may carry, whatever the machine has plugged in. */
import { canonical, MAX_BYTES } from '../contract/index.ts'
import { type HardwareObserved, MAX_ITEMS } from './contract.ts'

/** Room for the envelope around what is observed. */
const LIMIT_BYTES = MAX_BYTES.document - 8_192

const LISTS = ['disks', 'nics', 'usb', 'gpus', 'npus'] as const
type List = (typeof LISTS)[number]

/**
 * Cuts the lists to their limits, then halves the longest until the report fits, and says in `omitted` how much is
 * missing. What is listed last goes first: virtual interfaces before those of hardware.
 */
export function fitted(observed: HardwareObserved): HardwareObserved {
  const sizes: Record<List, number> = { disks: 0, nics: 0, usb: 0, gpus: 0, npus: 0 }
  for (const list of LISTS) sizes[list] = Math.min(observed[list].length, MAX_ITEMS[list])
  let report = cut(observed, sizes)
  while (new TextEncoder().encode(canonical(report)).length > LIMIT_BYTES) {
    const longest = LISTS.reduce((a, b) => (sizes[b] > sizes[a] ? b : a))
    if (sizes[longest] === 0) return report
    sizes[longest] = Math.floor(sizes[longest] / 2)
    report = cut(observed, sizes)
  }
  return report
}

function cut(observed: HardwareObserved, sizes: Readonly<Record<List, number>>): HardwareObserved {
  const modules = observed.memory.modules.slice(0, MAX_ITEMS.modules)
  const omitted: Record<string, number> = {}
  for (const list of LISTS) {
    if (observed[list].length > sizes[list]) omitted[list] = observed[list].length - sizes[list]
  }
  return {
    ...observed,
    memory: { ...observed.memory, modules },
    disks: observed.disks.slice(0, sizes.disks),
    nics: observed.nics.slice(0, sizes.nics),
    usb: observed.usb.slice(0, sizes.usb),
    gpus: observed.gpus.slice(0, sizes.gpus),
    npus: observed.npus.slice(0, sizes.npus),
    ...(Object.keys(omitted).length === 0 ? {} : { omitted }),
  }
}
