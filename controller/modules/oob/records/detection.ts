// SPDX-License-Identifier: Apache-2.0
/** The suffix by which firmware tells whether it is inside: it dials in only where no network has it. Pure. */
import type { RandomBytes } from '../../../../plugins/contract/index.ts'
import { isFullName } from './address.ts'
import { problem } from './problems.ts'

export type Surround = {
  /** Suffixes the device's networks have: DHCP option 15, that of its operating system, of its domain. */
  readonly suffixes: readonly (string | undefined)[]
  readonly random: RandomBytes
}

/**
 * The text for `DetectionStrings`: the wanted one, or a random name that no network can have.
 * Throws `detection-suffix-inside` when a network of the device has the wanted one, or one below it.
 */
export function detectionSuffix(wanted: string | undefined, { suffixes, random }: Surround): string {
  if (wanted === undefined || wanted === '') return `${hex(random(16))}.com`
  const asked = bare(wanted)
  if (!isFullName(asked)) throw problem('detection-suffix-inside', `${wanted} is not a full DNS name`)
  for (const suffix of suffixes) {
    if (suffix === undefined || suffix === '') continue
    const present = bare(suffix)
    if (present === asked || present.endsWith(`.${asked}`))
      throw problem('detection-suffix-inside', `the device's network has the suffix ${present}`, { suffix: present })
  }
  return asked
}

function bare(suffix: string): string {
  return suffix.trim().toLowerCase().replace(/\.$/, '')
}

/** In the form of a UUID, as firmware is usually given. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
