// SPDX-License-Identifier: Apache-2.0
/** Makes an activated device known: its row, and what the client told of it. */
import { formatTime } from '../../../../plugins/contract/index.ts'
import type { DeviceChange } from '../devices/devices.ts'
import type { Ground } from './ground.ts'
import type { DeviceClaim } from './protocol.ts'

export type Registration = {
  readonly claim: DeviceClaim
  readonly tags?: readonly string[]
  /** As the firmware now is; what the client says is from before. */
  readonly mode?: 'client' | 'admin'
}

const MODES = { client: '1', admin: '2' } as const

export async function registerDevice(
  { store, devices, project, guid, clock }: Ground,
  { claim, tags, mode }: Registration,
): Promise<void> {
  const change: DeviceChange = {
    hostname: claim.hostname,
    ...(tags === undefined ? {} : { tags }),
    // An empty name takes the present one away; none leaves it.
    ...(claim.friendlyName === undefined ? {} : { friendlyName: claim.friendlyName }),
    ...(claim.fqdn === '' ? {} : { dnsSuffix: claim.fqdn }),
    deviceInfo: {
      fwVersion: claim.ver,
      fwBuild: claim.build,
      fwSku: claim.sku,
      currentMode: mode === undefined ? String(claim.currentMode ?? 0) : MODES[mode],
      features: claim.features,
      ipAddress: claim.ipConfiguration?.ipAddress ?? '',
      lastUpdated: formatTime(clock.now()),
    },
  }
  await store.change(tx => devices.put(tx, project, guid, change))
}
