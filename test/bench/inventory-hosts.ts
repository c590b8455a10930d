// SPDX-License-Identifier: Apache-2.0
/** Fills a store with many hosts as a fleet would leave them, without the fleet. */
import { sql } from 'kysely'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import type { Store } from '../../controller/store/store.ts'

const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0')

/** Facts and capabilities of the size that real ones have, so that rows are as wide as in life. */
const FACTS = JSON.stringify({ hostname: 'press-00001', platform: 'linux/amd64', detail: 'x'.repeat(900) })
const CAPABILITIES = JSON.stringify(
  ['hardware', 'os', 'power', 'files', 'shell'].map(name => ({ name, version: '1.0.0', commands: ['a', 'b', 'c'] })),
)
const DAY_MS = 86_400_000
const BEGAN = Date.parse('2026-01-01T00:00:00Z')
const BATCH = 400

/** Adds the hosts to a project; of a hundred, 80 run, 8 have no connection, 10 never came and 2 are quarantined. */
export async function fillHosts(store: Store, project: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += BATCH) {
    const indices = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => from + index)
    await store.change(async tx => {
      const rows = tx.installation<KernelTables>()
      await rows
        .insertInto('kernel_hosts')
        .values(indices.map(index => hostRow(project, index)))
        .execute()
      const present = indices.filter(index => index % 10 !== 9)
      await rows
        .insertInto('kernel_presence')
        .values(present.map(index => presenceRow(project, index)))
        .execute()
      await rows
        .insertInto('kernel_labels')
        .values(indices.flatMap(index => labelRows(project, index)))
        .execute()
      await sql`insert into inventory_hosts (project, host, product, cpu_model, memory_bytes, os_name, kernel, updated_at)
        values ${sql.join(indices.map(index => inventoryRow(project, index)))}`.execute(rows)
    })
  }
}

/** Ids are as scattered as random ones. */
const idOf = (index: number): string => `host-${hex(Math.imul(index + 1, 2_654_435_761) >>> 0, 8)}`
const timeOf = (index: number): string => new Date(BEGAN + (index % 300) * DAY_MS + index * 37).toISOString()
const labelsOf = (index: number) => [
  { key: 'line', value: `l${index % 200}` },
  { key: 'building', value: `b${index % 12}` },
  { key: 'owner', value: `team-${index % 40}` },
]

function hostRow(project: string, index: number) {
  const name = `press-${String((index * 7_919) % 100_003).padStart(6, '0')}`
  return {
    project,
    id: idOf(index),
    name,
    hostname: `${name}.plant.example.com`,
    uuid: `4c4c4544-0000-1000-8000-${hex(index, 12)}`,
    serial: `SN${hex(index * 31, 10).toUpperCase()}`,
    state: 'onboarded' as const,
    simulated: 0,
    labels: JSON.stringify(labelsOf(index)),
    note: '',
    facts: FACTS,
    epoch: 1,
    sequence: 0,
    created_at: timeOf(index),
    updated_at: timeOf(index),
    site: index % 20 === 0 ? null : `site-${hex(index % 500, 8)}`,
  }
}

function presenceRow(project: string, index: number) {
  const kind = index % 50
  return {
    project,
    host: idOf(index),
    online: kind < 41 ? 1 : 0,
    since: timeOf(index),
    last_seen: timeOf(index),
    reason: kind < 41 ? null : 'lost',
    standing: kind === 48 ? ('quarantined' as const) : ('active' as const),
    standing_why: kind === 48 ? 'a copy of this identity came' : null,
    boot_id: hex(index, 32),
    agent: '1.0.0',
    address: '10.1.2.3',
    transport: 'mqtt',
    ticket: hex(index, 64),
    previous_ticket: null,
    capabilities: CAPABILITIES,
    denies: '[]',
  }
}

const labelRows = (project: string, index: number) =>
  labelsOf(index).map(label => ({ project, host: idOf(index), ...label }))

function inventoryRow(project: string, index: number) {
  const model = `Intel(R) Core(TM) i${3 + (index % 4) * 2}-1${index % 30}00E`
  const memory = (8 + (index % 8) * 8) * 2 ** 30
  return sql`(${project}, ${idOf(index)}, ${`NUC ${index % 40}`}, ${model}, ${memory}, 'Debian GNU/Linux 12',
    ${`6.1.0-${index % 30}`}, ${timeOf(index)})`
}
