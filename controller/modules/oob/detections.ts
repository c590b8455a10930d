// SPDX-License-Identifier: Apache-2.0
/** Keeps what each host's agent found out about its firmware, and ties the host to the device of the same GUID. */
import { AmtObserved, amt } from '../../../plugins/amt/contract.ts'
import { findings, formatTime } from '../../../plugins/contract/index.ts'
import { findHost } from '../../kernel/hosts.ts'
import type { ReportHook } from '../../kernel/ingest.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { DeviceTables } from './devices/tables.ts'
import type { OobTables } from './tables.ts'

/** `seen` is called once the report is durable. */
export function keepDetection(kernel: Kernel, seen: (project: string, host: string) => void): ReportHook {
  return async (tx, { project, host, section, message }) => {
    if (section !== amt.name || findings(AmtObserved, message.observed).length > 0) return
    const { sku, why, firmware } = message.observed as AmtObserved // checked just now
    const row = {
      sku,
      why,
      version: firmware?.version ?? null,
      control_mode: firmware?.controlMode ?? null,
      dns_suffix: firmware?.dnsSuffix ?? null,
      since: formatTime(kernel.clock.now()),
    }
    await tx
      .of<OobTables>(project)
      .insert('oob_detections', { host, ...row })
      .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(row))
      .execute()
    const guid = (await findHost(tx, project, host))?.uuid
    if (guid !== undefined)
      await tx.of<DeviceTables>(project).update('oob_devices', { host }).where('guid', '=', guid).execute()
    tx.afterCommit(() => seen(project, host))
  }
}
