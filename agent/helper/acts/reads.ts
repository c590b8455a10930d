// SPDX-License-Identifier: Apache-2.0
/** Reads what the kernel and the disks tell root only. */
import { SECOND } from '../../../plugins/contract/index.ts'
import type { Act } from '../act.ts'

const WITHIN_MS = 5 * SECOND
const SMART_MS = 30 * SECOND
/** The largest table a version 3 entry point can name would not fit a report; real ones have a few kilobytes. */
const MAX_BYTES = 131_072

export const dmi: Act<'dmi.read'> = {
  title: 'Read what the firmware says of the machine',
  authority: 'open',
  withinMs: WITHIN_MS,
  async perform({ path }, { files }) {
    const bytes = await files.read(path)
    return bytes === undefined ? {} : { base64: Buffer.from(bytes.subarray(0, MAX_BYTES)).toString('base64') }
  },
}

/** Needs smartctl: what NVMe and ATA disks tell of their health is behind ioctls that Node does not have. */
export const smart: Act<'smart.read'> = {
  title: 'Ask a disk how healthy it is',
  authority: 'open',
  withinMs: SMART_MS + SECOND,
  alone: 'disk health',
  perform: ({ disk }, { programs, signal }) =>
    // `standby,0`: a disk that sleeps is left asleep, and that is no failure.
    programs.run('smartctl', ['--json=c', '--all', '--nocheck=standby,0', '--', `/dev/${disk}`], {
      signal,
      timeoutMs: SMART_MS,
    }),
}
