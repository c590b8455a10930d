// SPDX-License-Identifier: Apache-2.0
/** Hardware and system members by which hosts are filtered and ordered: those the index of the module keeps. */
import { sql } from 'kysely'
import type { Field, SqlField } from '../../query/query.ts'
import { through } from '../../query/through.ts'
import type { InventoryRow } from './tables.ts'

const WAY = { table: 'inventory_hosts', alias: 'host_index', key: 'host', from: 'kernel_hosts', by: 'id', once: true }

const TEXT: Field = { type: 'text' }
const NUMBER: Field = { type: 'integer' }

const COLUMNS: Readonly<Record<string, readonly [keyof InventoryRow, Field]>> = {
  productName: ['product', TEXT],
  cpuModel: ['cpu_model', TEXT],
  cpuArchitecture: ['cpu_architecture', TEXT],
  cpuSockets: ['cpu_sockets', NUMBER],
  cpuCores: ['cpu_cores', NUMBER],
  cpuThreads: ['cpu_threads', NUMBER],
  memoryBytes: ['memory_bytes', NUMBER],
  biosVendor: ['bios_vendor', TEXT],
  biosVersion: ['bios_version', TEXT],
  biosReleaseDate: ['bios_release_date', TEXT],
  'operatingSystem.name': ['os_name', TEXT],
  'operatingSystem.kernel': ['kernel', TEXT],
}

export const indexFields: Readonly<Record<string, SqlField>> = Object.fromEntries(
  Object.entries(COLUMNS).map(([name, [column, field]]) => [
    name,
    through({ ...field, sql: () => sql.ref(`${WAY.alias}.${column}`) }, WAY),
  ]),
)
