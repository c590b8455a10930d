// SPDX-License-Identifier: Apache-2.0
/** What the examples of the command line speak of: a region, a site, systems, policies, schedules, and files to hand in. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { COLUMNS } from '../../controller/modules/inventory/import/columns.ts'
import type { TestController } from './controller.ts'

export const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEx4YW1wbGVrZXlleGFtcGxla2V5ZXhhbXBsZWtleWV4 anna'

/** Ids of what has no name. */
export type World = { readonly profile: string; readonly run: string; readonly site: string; readonly policy: string }

/** Makes it all in the project `default`, with `host` at the site and an instance on it. */
export async function makeWorld(test: TestController, host: string): Promise<World> {
  const make = async (path: string, body: object): Promise<string> => {
    const answer = await test.call('POST', `/v1/projects/default/${path}`, body)
    if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`)
    return answer.body.resourceId
  }
  const region = await make('regions', { name: 'emea' })
  const site = await make('sites', { name: 'plant-1', regionId: region })
  await make('providers', {
    name: 'loca-1',
    providerKind: 'PROVIDER_KIND_BAREMETAL',
    apiEndpoint: 'https://loca.example',
  })
  const os = await make('compute/os', { name: 'ubuntu', profileName: 'ubuntu-24', sha256: 'a'.repeat(64) })
  await make('localAccounts', { username: 'anna', sshKey: KEY })
  await make('customConfigs', { name: 'ntp', config: '#cloud-config\npackages: [chrony]\n' })
  const policy = await make('os-update-policies', { name: 'nightly', updatePolicy: 'UPDATE_POLICY_LATEST' })
  await test.call('PATCH', `/v1/projects/default/compute/hosts/${host}`, { siteId: site })
  await make('compute/instances', { name: 'press-os', kind: 'INSTANCE_KIND_METAL', hostID: host, osID: os })
  await make('workloads', { name: 'line-cluster', kind: 'WORKLOAD_KIND_CLUSTER', members: [] })
  await make('schedules/repeated', {
    name: 'nights',
    scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE',
    targetSiteId: site,
    cronMinutes: '0',
    cronHours: '2',
    cronDayMonth: '*',
    cronMonth: '*',
    cronDayWeek: '*',
    durationSeconds: 3_600,
  })
  const group = await make('telemetry/loggroups', {
    name: 'line-logs',
    collectorKind: 'TELEMETRY_COLLECTOR_KIND_HOST',
    groups: ['syslog'],
  })
  const profile = await make('telemetry/profiles/logs', {
    targetSite: site,
    logsGroupId: group,
    logLevel: 'SEVERITY_LEVEL_WARN',
  })
  return { profile, run: makeRun(test), site, policy }
}

/** Only updates make runs, and nothing here updates. */
function makeRun({ dir }: TestController): string {
  const database = new Database(join(dir, 'controller.db'))
  const at = new Date().toISOString()
  database
    .prepare(
      'insert into inventory_update_runs (project, id, revision, created_at, updated_at, name, status) values (?, ?, 1, ?, ?, ?, ?)',
    )
    .run('default', 'osupdaterun-0a0b0c0d', at, at, 'run-1', 'Updated')
  database.close()
  return 'osupdaterun-0a0b0c0d'
}

/** Files of the present folder that examples hand in. */
export function writeWorldFiles(): void {
  writeFileSync('key.pub', `${KEY.replace(/anna$/, 'ben')}\n`)
  writeFileSync('cloud-init.yaml', '#cloud-config\npackages: [nginx]\n')
  writeFileSync(
    'os-profile.yaml',
    `appVersion: apps/v1\nspec:\n  name: Edge\n  type: OPERATING_SYSTEM_TYPE_IMMUTABLE\n  provider: OPERATING_SYSTEM_PROVIDER_INFRA\n  architecture: x86_64\n  profileName: edge-3\n  osImageUrl: files/edge-3.raw.gz\n  osImageSha256: ${'c'.repeat(64)}\n`,
  )
  const row = ['IMPORTED01', ...Array(COLUMNS.length - 1).fill('')].join(',')
  writeFileSync('hosts.csv', `${COLUMNS.join(',')}\n${row}\n`)
}
