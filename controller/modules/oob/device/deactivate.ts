// SPDX-License-Identifier: Apache-2.0
/** Takes a device out of management: firmware forgets all that was provisioned. */
import type { CallOptions, Output, Wsman } from '../wsman/wsman.ts'
import { members } from './wire.ts'

/** The reply may be the last thing the device says. The return value is the caller's to judge. */
export function unprovision(wsman: Wsman, options?: CallOptions): Promise<Output> {
  return wsman.invoke('AMT_SetupAndConfigurationService', 'Unprovision', members({ ProvisioningMode: 1 }), options)
}
