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
import { SYSTEM } from '../../kernel/permissions.ts'
import { secretStore } from '../../secrets/secrets.ts'
import { createExporter } from './exporter/exporter.ts'
import { fleetRoutes } from './fleet.ts'
import { HistoryConfig, keptBy } from './history/config.ts'
import { createHistory } from './history/history.ts'
import { createPastReader } from './history/read.ts'
import { historyRoutes } from './history/routes.ts'
import { historyMigrations } from './history/tables.ts'
import { addressEvents } from './hosts/addresses.ts'
import { holdsHost, hostFacet, hostPatch, onHardware, onHostEvent } from './hosts/hosts.ts'
import { addressMigrations } from './hosts/tables.ts'
import { importRoutes } from './import/routes.ts'
import { locationRoutes } from './locations/routes.ts'
import { createResources, resourceMigrations } from './resources.ts'
import { inventoryRoutes } from './routes.ts'
import { windowBlockers } from './schedules/blockers.ts'
import { type InventoryRow, type InventoryTables, migrations } from './tables.ts'

export const inventory = defineModule({
  name: 'inventory',
  version: '1.0.0',
  title: 'Hardware and operating system of the hosts',
  config: Type.Object({ history: Type.Optional(HistoryConfig) }, { additionalProperties: false }),
  needs: {},
  wants: { secrets: secretStore },
  offers: {},
  serves: [hardware, os],
  owns: [],
  migrations: { ...migrations, ...historyMigrations, ...resourceMigrations, ...addressMigrations },
  start: async ({ kernel, config, wants }) => {
    const engine = createResources({ kernel, secrets: wants.secrets })
    const history = createHistory(kernel, keptBy(config.history))
    const hooks = [keepIndex(kernel), history.onReport, onHardware(kernel)]
    const eventHooks = [history.onEvent, onHostEvent({ kernel, engine })]
    return {
      offers: {},
      events: [...engine.events, ...addressEvents],
      facet: hostFacet({ kernel, engine }),
      patch: hostPatch({ kernel, engine }),
      holdsHost,
      onReport: async (tx, report) => {
        for (const hook of hooks) await hook(tx, report)
      },
      onEvent: async (tx, event) => {
        for (const hook of eventHooks) await hook(tx, event)
      },
      past: createPastReader(kernel.store),
      blockers: windowBlockers({ kernel, engine }),
      exposition: createExporter(kernel),
      routes: http => {
        inventoryRoutes(typed(http), kernel)
        historyRoutes(typed(http), kernel)
        engine.routes(typed(http))
        locationRoutes(typed(http), kernel)
        fleetRoutes(typed(http), { kernel, engine })
        importRoutes(typed(http), { kernel, engine })
      },
      stop: () => history.stop(),
    }
  },
})

function keepIndex(kernel: Kernel): ReportHook {
  return async (tx, { project, host, section, message }) => {
    const columns = indexed(section, message.observed)
    if (columns === undefined) return
    const row = { ...columns, updated_at: formatTime(kernel.clock.now()) }
    await tx
      .of<InventoryTables>(project)
      .insert('inventory_hosts', { ...EMPTY, ...row, host })
      .onConflict(clash => clash.columns(['project', 'host']).doUpdateSet(row))
      .execute()
    if (section === 'os') await followHostname(kernel, tx, { project, host, observed: message.observed })
  }
}

type Columns = Partial<Omit<InventoryRow, 'project' | 'host' | 'updated_at'>>

const EMPTY: Required<Columns> = {
  ...{ product: null, os_name: null, kernel: null, memory_bytes: null },
  ...{ cpu_model: null, cpu_architecture: null, cpu_sockets: null, cpu_cores: null, cpu_threads: null },
  ...{ bios_vendor: null, bios_version: null, bios_release_date: null },
}

function indexed(section: string, observed: unknown): Columns | undefined {
  if (section === hardware.name && findings(HardwareObserved, observed).length === 0) {
    const { system, cpu, memory, bios } = observed as HardwareObserved // checked just now
    return {
      product: system.productName ?? null,
      cpu_model: cpu.model ?? null,
      cpu_architecture: cpu.architecture ?? null,
      cpu_sockets: cpu.sockets ?? null,
      cpu_cores: cpu.cores ?? null,
      cpu_threads: cpu.threads ?? null,
      memory_bytes: memory.totalBytes,
      bios_vendor: bios.vendor ?? null,
      bios_version: bios.version ?? null,
      bios_release_date: bios.releaseDate ?? null,
    }
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
  if (known.hostname === hostname) return
  await changeHost(tx, known, { hostname, clock: kernel.clock })
  await kernel.events.emit(tx, { project, type: 'host.changed', subject: host, data: { by: SYSTEM.name } })
}
