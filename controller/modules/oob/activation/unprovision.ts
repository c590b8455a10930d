// SPDX-License-Identifier: Apache-2.0
/** Takes a device out of its activation, and out of ours. */
import { Problem } from '../../../../plugins/contract/index.ts'
import { mustSucceed } from '../wsman/status.ts'
import type { Ground } from './ground.ts'
import { createObserver } from './observe.ts'
import { settled } from './settle.ts'

/**
 * Undoes the activation and forgets the device with its secrets. Resolves when the firmware agreed; when its reply was
 * lost, when the device was seen not to be activated, or no longer to know the password. Rejects with its refusal.
 */
export async function unprovisionOver(ground: Ground): Promise<void> {
  const { wsman, signal, store, devices, project, guid } = ground
  try {
    const output = await wsman().invoke(
      'AMT_SetupAndConfigurationService',
      'Unprovision',
      { ProvisioningMode: '1' },
      { signal, deadlineMs: 30_000 },
    )
    mustSucceed(output, 'Unprovision')
  } catch (thrown) {
    signal.throwIfAborted()
    if (!isUnknown(thrown) || !(await isGone(ground))) throw thrown
  }
  await store.change(tx => devices.remove(tx, project, guid, { secrets: true }))
  ground.forget(guid)
}

/** A device that was unprovisioned no longer knows the password. */
async function isGone(ground: Ground): Promise<boolean> {
  const look = async (): Promise<boolean> => {
    try {
      return (await createObserver(ground).read('setup')).mode === 'none'
    } catch (thrown) {
      ground.signal.throwIfAborted()
      return thrown instanceof Problem && thrown.code === 'amt-unauthorized'
    }
  }
  return (await settled(ground, async () => (await look()) || undefined)) ?? look()
}

/** Whether an act may have taken place all the same: its reply was lost, or not to be understood. */
export function isUnknown(thrown: unknown): boolean {
  if (!(thrown instanceof Problem)) return false
  return ['amt-timeout', 'amt-unexpected', 'amt-unauthorized'].includes(thrown.code)
}
