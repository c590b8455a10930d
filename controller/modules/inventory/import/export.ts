// SPDX-License-Identifier: Apache-2.0
/** Gives hosts out page by page: as a file that can be imported elsewhere, or with everything that is known of them. */
import { Readable } from 'node:stream'
import { type Static, Type } from 'typebox'
import { callerOf } from '../../../http/guard.ts'
import { selectionOf } from '../../../http/host-selection.ts'
import { hostResources } from '../../../http/hosts.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import { hostFields } from '../../../kernel/host-fields.ts'
import { type HostPage, type HostSelection, listHosts } from '../../../kernel/host-list.ts'
import type { Host } from '../../../kernel/hosts.ts'
import type { Members } from '../engine/kind.ts'
import { instancesOf } from '../instances/of-host.ts'
import { HEADER } from './answers.ts'
import { cellsOf, EMPTY_ROW, type HostRow } from './columns.ts'
import { csvLine } from './csv.ts'
import type { ImportParts } from './import.ts'
import { knownOf, SITE } from './known.ts'
import type { Known } from './rules.ts'

/** Hosts in memory at once. */
const PAGE = 500

const ExportQuery = Type.Object(
  {
    filter: Type.Optional(Type.String({ maxLength: 4_000, description: 'As in the list of hosts' })),
    search: Type.Optional(Type.String({ maxLength: 200 })),
    label: Type.Optional(Type.String({ maxLength: 500, description: 'key=value, several separated by commas' })),
    online: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)
export type ExportQuery = Static<typeof ExportQuery>

export function exportRoute(http: Http, parts: ImportParts): void {
  http.get(
    '/v1/projects/:project/compute/hosts/export',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['hosts'],
        summary:
          "Hosts as a file (text/csv, EIM's columns), or with Accept: application/x-ndjson as one resource a line",
        params: InProject,
        querystring: ExportQuery,
        response: { 200: Type.String(), ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      const asked = { project, query: request.query, caller: callerOf(request) }
      const selection = selectionOf(asked, hostFields(parts.kernel.facets))
      const json = (request.headers.accept ?? '').includes('application/x-ndjson')
      // What is wrong with the question is said before the first byte is sent.
      const first = await pageAfter(parts, { project, selection }, undefined)
      const lines = (json ? resourceLines : csvLines)(parts, project, pagesFrom(parts, { project, selection }, first))
      return reply
        .type(json ? 'application/x-ndjson' : 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="hosts.${json ? 'ndjson' : 'csv'}"`)
        .send(Readable.from(lines, { highWaterMark: 1 }) as never) // fastify streams what is readable
    },
  )
}

type Selected = { readonly project: string; readonly selection: HostSelection }

function pageAfter(
  { kernel }: ImportParts,
  { project, selection }: Selected,
  before: HostPage | undefined,
): Promise<HostPage> {
  return listHosts(kernel.store, project, { ...selection, limit: PAGE, after: before?.end, counted: before?.total })
}

async function* pagesFrom(parts: ImportParts, selected: Selected, first: HostPage): AsyncGenerator<readonly Host[]> {
  for (let page = first; ; page = await pageAfter(parts, selected, page)) {
    yield page.hosts
    if (page.end === undefined) return
    // A reader that keeps up would otherwise leave no turn to anybody else.
    await parts.kernel.clock.sleep(0, new AbortController().signal)
  }
}

async function* resourceLines(
  { kernel }: ImportParts,
  project: string,
  pages: AsyncIterable<readonly Host[]>,
): AsyncGenerator<string> {
  for await (const hosts of pages) {
    const resources = await hostResources(kernel, project, hosts)
    yield resources.map(resource => `${JSON.stringify(resource)}\n`).join('')
  }
}

async function* csvLines(
  parts: ImportParts,
  project: string,
  pages: AsyncIterable<readonly Host[]>,
): AsyncGenerator<string> {
  yield HEADER
  for await (const hosts of pages) {
    const rows = await rowsOf(parts, project, hosts)
    yield rows.map(row => csvLine(cellsOf(row))).join('')
  }
}

async function rowsOf({ kernel, engine }: ImportParts, project: string, hosts: readonly Host[]): Promise<HostRow[]> {
  const db = kernel.store
  const instances = await instancesOf(engine, db, { project, hosts: hosts.map(({ id }) => id) })
  const sites = await engine.resourcesById(
    db,
    { project, kind: SITE, ids: [...new Set(hosts.flatMap(({ site }) => site ?? []))] },
    { depth: 0 },
  )
  const known = await knownOf(
    { engine, db, project },
    {
      sites: [...sites.values()].flatMap(site => text(site, 'name')),
      profiles: [...instances.values()].flatMap(({ os }) => [...text(os, 'profileName'), ...text(os, 'name')]),
      accounts: [],
      configs: [],
    },
  )
  return hosts.map(host => rowOf(host, { site: sites.get(host.site ?? ''), instance: instances.get(host.id), known }))
}

type About = {
  readonly site: Members | undefined
  readonly instance: Members | undefined
  readonly known: Known
}

function rowOf(host: Host, { site, instance = {}, known }: About): HostRow {
  const os = text(instance.os, 'resourceId')[0]
  const profile = [...text(instance.os, 'profileName'), ...text(instance.os, 'name')]
  const configs = Array.isArray(instance.customConfig) ? instance.customConfig : []
  return {
    ...EMPTY_ROW,
    serial: host.serial ?? '',
    uuid: host.uuid ?? '',
    // A name where it means one thing alone, because ids mean nothing elsewhere.
    osProfile: profile.find(name => known.profile(name)?.id === os) ?? os ?? '',
    site: text(site, 'name').find(name => known.site(name) === host.site) ?? host.site ?? '',
    secure: secureOf(instance),
    remoteUser: text(instance.localaccount, 'username')[0] ?? '',
    metadata: host.labels.map(({ key, value }) => `${key}=${value}`).join('&'),
    lvmSize: host.userLvmSize === undefined ? '' : String(host.userLvmSize),
    cloudInit: configs.flatMap(config => text(config, 'name')).join('&'),
  }
}

function secureOf({ securityFeature }: Members): string {
  if (securityFeature === 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION') return 'true'
  return securityFeature === 'SECURITY_FEATURE_NONE' ? 'false' : ''
}

/** A member that is a text and not empty: one or none. */
function text(resource: unknown, name: string): readonly string[] {
  if (typeof resource !== 'object' || resource === null) return []
  const value = (resource as Members)[name] // any object may be asked for a member
  return typeof value === 'string' && value !== '' ? [value] : []
}
