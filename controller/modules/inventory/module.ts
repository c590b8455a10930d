// SPDX-License-Identifier: Apache-2.0
/** Inventory: what the hosts are made of and what runs on them, on the host resource and in counts. */
import { Type } from 'typebox'
import { findings, formatTime } from '../../../plugins/contract/index.ts'
import { HardwareObserved, hardware } from '../../../plugins/hardware/contract.ts'
import { OsObserved, os } from '../../../plugins/os/contract.ts'
import { typed } from '../../http/http.ts'
import { changeHost, getHost } from '../../kernel/hosts.ts'
import type { ReportHook } from '../../kernel/ingest.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { defineModule } from '../../kernel/module.ts'
import { facetProperties, inventoryFacet } from './facet.ts'
import { inventoryRoutes } from './routes.ts'
import { type InventoryRow, type InventoryTables, migrations } from './tables.ts'

export const inventory = defineModule({
  name: 'inventory',
  version: '1.0.0',
  title: 'Hardware and operating system of the hosts',
  config: Type.Object({}, { additionalProperties: false }),
  needs: {},
  wants: {},
  offers: {},
  serves: [hardware, os],
  owns: [],
  migrations,
  start: async ({ kernel }) => ({
    offers: {},
    facet: { properties: facetProperties, of: inventoryFacet },
    onReport: keepIndex(kernel),
    routes: http => inventoryRoutes(typed(http), kernel),
  }),
})

function keepIndex(kernel: Kernel): ReportHook {
  return async (tx, { project, host, section, message }) => {
    const columns = indexed(section, message.observed)
    if (columns === undefined) return
    const row = { ...columns, updated_at: formatTime(kernel.clock.now()) }
    const empty = { product: null, cpu_model: null, memory_bytes: null, os_name: null, kernel: null }
    await tx
      .of<InventoryTables>(project)
      .insert('inventory_hosts', { ...empty, ...row, host })
      .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(row))
      .execute()
    if (section === 'os') await followHostname(kernel, tx, { project, host, observed: message.observed })
  }
}

type Columns = Partial<Omit<InventoryRow, 'project' | 'host' | 'updated_at'>>

function indexed(section: string, observed: unknown): Columns | undefined {
  if (section === hardware.name && findings(HardwareObserved, observed).length === 0) {
    const { system, cpu, memory } = observed as HardwareObserved // checked just now
    return { product: system.productName ?? null, cpu_model: cpu.model ?? null, memory_bytes: memory.totalBytes }
  }
  if (section === os.name && findings(OsObserved, observed).length === 0) {
    const { release, kernel } = observed as OsObserved // checked just now
    return { os_name: release.prettyName ?? release.name ?? null, kernel: kernel.release ?? null }
  }
  return undefined
}

type Seen = { project: string; host: string; observed: unknown }

async function followHostname(
  kernel: Kernel,
  tx: Parameters<ReportHook>[0],
  { project, host, observed }: Seen,
): Promise<void> {
  const { hostname } = observed as OsObserved // checked in indexed()
  const known = await getHost(tx, project, host)
  if (known.hostname !== hostname) await changeHost(tx, known, { hostname, clock: kernel.clock })
}
