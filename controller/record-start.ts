// SPDX-License-Identifier: Apache-2.0
/** Writes down that the controller started, and on what it was restored if it was. */
import { INSTALLATION_CHAIN } from './kernel/audit.ts'
import type { KernelSeed } from './kernel/kernel.ts'
import { SYSTEM } from './kernel/permissions.ts'
import { type Settings, takeSetting } from './kernel/settings.ts'
import { RESTORED_BY } from './restore.ts'
import { VERSION } from './version.ts'

/** In the events and in the audit of the installation, in one transaction. */
export async function recordStart({ kernel }: KernelSeed, settings: Settings): Promise<void> {
  await kernel.store.change(async tx => {
    await kernel.events.emit(tx, {
      project: '',
      type: 'system.started',
      subject: settings.installation,
      data: { version: VERSION, epoch: settings.epoch },
    })
    await kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: SYSTEM,
      action: 'system.start',
      target: 'controller',
      outcome: 'done',
      detail: { version: VERSION, epoch: settings.epoch },
    })
    const restored = await takeSetting(tx, RESTORED_BY)
    if (restored === undefined) return
    const { reason, ...detail } = JSON.parse(restored) as { reason?: string; takenAt: string } // written by the restore
    await kernel.audit.append(tx, {
      chain: INSTALLATION_CHAIN,
      principal: SYSTEM,
      action: 'system.restored',
      target: 'controller',
      outcome: 'done',
      reason,
      detail,
    })
  })
}
