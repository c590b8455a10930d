// SPDX-License-Identifier: Apache-2.0
/** EIM's figures of hosts, straight from the store and page by page: nothing is cached, and no more than a page is held. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import { withinSql } from '../../../kernel/host-scope.ts'
import type { Exposition, SeenHosts } from '../../../kernel/measure.ts'
import { findProject } from '../../../kernel/projects.ts'
import type { KernelTables } from '../../../kernel/tables/tables.ts'
import type { Store } from '../../../store/store.ts'
import { readMaintenance } from './maintenance.ts'
import { type Exported, FAMILIES, type Family, labelsOf } from './series.ts'

const PAGE = 250

type InstanceTable = {
  project: string
  id: string
  host: string | null
  provisioning_status: string | null
  provisioning_status_at: number | null
  update_status: string | null
}
type Read = KernelTables & { inventory_instances: InstanceTable }

export type ExporterParts = { readonly store: Store; readonly clock: Pick<Clock, 'now'> }

type Project = {
  readonly seen: SeenHosts
  readonly uuid: string
  readonly isInMaintenance: (host: string, site: string | null) => boolean
}

export function createExporter(parts: ExporterParts): Exposition {
  return {
    text: async function* (seen) {
      const prepared = await Promise.all(seen.map(each => prepare(parts, each)))
      const projects = prepared.filter(each => each !== undefined)
      for (const family of FAMILIES) {
        yield `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} gauge\n`
        for (const project of projects) yield* familyOf(parts, project, family)
      }
    },
  }
}

/** `undefined` for a project that was deleted since it was listed, which is no reason to break off the others. */
async function prepare({ store, clock }: ExporterParts, seen: SeenHosts): Promise<Project | undefined> {
  const known = await findProject(store, seen.project)
  if (known === undefined || known.state === 'deleting') return undefined
  const { uuid } = known
  const isInMaintenance = await readMaintenance(store, seen.project, clock.now())
  return { seen, uuid, isInMaintenance }
}

async function* familyOf({ store }: ExporterParts, project: Project, family: Family): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const page = await readPage(store, project, after)
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
    let text = ''
    for (const host of page) text += family.lines(host, labelsOf(host, project.uuid))
    yield text
    // Reading is synchronous underneath: others have their turn between two pages.
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function readPage(store: Store, { seen, isInMaintenance }: Project, after: string): Promise<readonly Exported[]> {
  let rows = store
    .installation<Read>()
    .selectFrom('kernel_hosts')
    .leftJoin('inventory_instances', join =>
      join
        .onRef('inventory_instances.project', '=', 'kernel_hosts.project')
        .onRef('inventory_instances.host', '=', 'kernel_hosts.id'),
    )
    .select([
      'kernel_hosts.id',
      'kernel_hosts.uuid',
      'kernel_hosts.name',
      'kernel_hosts.hostname',
      'kernel_hosts.serial',
      'kernel_hosts.site',
      'kernel_hosts.created_at',
      'kernel_hosts.status',
      'kernel_hosts.onboarding_status as onboarding',
      'inventory_instances.provisioning_status as provisioning',
      'inventory_instances.provisioning_status_at as provisioned',
      'inventory_instances.update_status as update',
    ])
    .where('kernel_hosts.project', '=', seen.project)
    .where('kernel_hosts.state', '!=', 'deleted')
    .where('kernel_hosts.id', '>', after)
  const within = withinSql(seen.within)
  if (within !== undefined) rows = rows.where(within)
  const found = await rows.orderBy('kernel_hosts.id').limit(PAGE).execute()
  return found.map(({ site, created_at: createdAt, provisioned, ...host }) => ({
    ...host,
    inMaintenance: isInMaintenance(host.id, site),
    provisioningSeconds:
      host.provisioning === 'Provisioned' && provisioned !== null && provisioned > 0
        ? Math.max(0, provisioned - Math.floor(Date.parse(createdAt) / 1_000))
        : undefined,
  }))
}
