// SPDX-License-Identifier: Apache-2.0
/** Acts on regions and sites, and the move of hosts between them. */
import { defineAct, quoted, reasonFlag } from '../../../acts/act.ts'
import { call } from '../../../api/call.ts'

export type Label = { readonly key: string; readonly value: string }
type InProject = { readonly project: string }

export type RegionBody = { readonly name?: string; readonly parentId?: string; readonly metadata?: readonly Label[] }
export type SiteBody = {
  readonly name?: string
  readonly regionId?: string
  /** Degrees times 10,000,000. */
  readonly siteLat?: number
  readonly siteLng?: number
  readonly metadata?: readonly Label[]
}

const E7 = 10_000_000

/** Options of the command line, in order; what is not given is left out. */
function flags(given: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(given)
    .flatMap(([name, value]) => (value === undefined ? [] : [` --${name} ${quoted(String(value))}`]))
    .join('')
}

function labelFlags(labels: readonly Label[] = []): string {
  return labels.map(({ key, value }) => ` --metadata ${quoted(`${key}=${value}`)}`).join('')
}

/** An option takes labels and cannot take all of them away; a file can. */
function setLine(noun: string, id: string, { options, body }: { options: string; body: object }): string {
  const empties = 'metadata' in body && Array.isArray(body.metadata) && body.metadata.length === 0
  if (empties) return `echo ${quoted(JSON.stringify(body))} | muster ${noun} set ${id} -f -`
  return `muster ${noun} set ${id}${options}`
}

const regionFlags = ({ name, parentId, metadata }: RegionBody): string =>
  flags({ name, parent: parentId }) + labelFlags(metadata)

const siteFlags = ({ name, regionId, siteLat, siteLng, metadata }: SiteBody): string => {
  const [latitude, longitude] = [siteLat, siteLng].map(each => (each === undefined ? undefined : each / E7))
  return flags({ name, region: regionId, latitude, longitude }) + labelFlags(metadata)
}

const wire = <B extends { readonly metadata?: readonly Label[] }>({ metadata, ...rest }: B) => ({
  ...rest,
  ...(metadata === undefined ? {} : { metadata: [...metadata] }),
})

export const createRegion = defineAct<InProject & { readonly body: RegionBody & { readonly name: string } }>({
  name: 'region.create',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ body: { name, ...rest } }) => `muster region create ${quoted(name)}${regionFlags(rest)}`,
  calls: ({ project, body }) => [
    call('POST', '/v1/projects/{projectName}/regions', { path: { projectName: project }, body: wire(body) }),
  ],
  example: {
    project: 'default',
    body: { name: 'bavaria', parentId: 'region-1a2b3c4d', metadata: [{ key: 'country', value: 'de' }] },
  },
})

export const changeRegion = defineAct<InProject & { readonly id: string; readonly body: RegionBody }>({
  name: 'region.change',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ id, body }) => setLine('region', id, { options: regionFlags(body), body }),
  calls: ({ project, id, body }) => [
    call('PATCH', '/v1/projects/{projectName}/regions/{resourceId}', {
      path: { projectName: project, resourceId: id },
      body: wire(body),
    }),
  ],
  example: { project: 'default', id: 'region-1a2b3c4d', body: { name: 'south', parentId: '' } },
})

export const createSite = defineAct<InProject & { readonly body: SiteBody & { readonly name: string } }>({
  name: 'site.create',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ body: { name, ...rest } }) => `muster site create ${quoted(name)}${siteFlags(rest)}`,
  calls: ({ project, body }) => [
    call('POST', '/v1/projects/{projectName}/sites', { path: { projectName: project }, body: wire(body) }),
  ],
  example: {
    project: 'default',
    body: { name: 'plant 2', regionId: 'region-1a2b3c4d', siteLat: 481372000, siteLng: -115755000 },
  },
})

export const changeSite = defineAct<InProject & { readonly id: string; readonly body: SiteBody }>({
  name: 'site.change',
  riskClass: 1,
  permission: 'inventory.write',
  cli: ({ id, body }) => setLine('site', id, { options: siteFlags(body), body }),
  calls: ({ project, id, body }) => [
    call('PATCH', '/v1/projects/{projectName}/sites/{resourceId}', {
      path: { projectName: project, resourceId: id },
      body: wire(body),
    }),
  ],
  example: {
    project: 'default',
    id: 'site-1a2b3c4d',
    body: { name: 'Lyon', regionId: '', metadata: [{ key: 'line', value: '4' }] },
  },
})

export type Removal = { readonly kind: 'region' | 'site'; readonly id: string }

const deletion = ({ project, kind, id, reason }: InProject & Removal & { readonly reason?: string }) =>
  kind === 'region'
    ? call('DELETE', '/v1/projects/{projectName}/regions/{resourceId}', {
        path: { projectName: project, resourceId: id },
        query: { reason },
      })
    : call('DELETE', '/v1/projects/{projectName}/sites/{resourceId}', {
        path: { projectName: project, resourceId: id },
        query: { reason },
      })

/** One place that holds nothing. */
export const deletePlace = defineAct<InProject & Removal>({
  name: 'place.delete',
  riskClass: 2,
  permission: 'inventory.write',
  cli: ({ kind, id, reason }) => `muster ${kind} rm ${id}${reasonFlag({ reason })} -y`,
  calls: input => [deletion(input)],
  example: { project: 'default', kind: 'site', id: 'site-1a2b3c4d', reason: 'closed down' },
})

/** A place with all places below it, the innermost first; what failed leaves those above it standing. */
export const deletePlaces = defineAct<InProject & { readonly places: readonly Removal[] }>({
  name: 'place.delete-all',
  riskClass: 4,
  permission: 'inventory.write',
  inOrder: true,
  cli: ({ places, reason }) =>
    places.map(({ kind, id }) => `muster ${kind} rm ${id}${reasonFlag({ reason })} -y`).join(' &&\n'),
  calls: ({ project, places, reason }) => places.map(place => deletion({ project, ...place, reason })),
  example: { project: 'default', places: [{ kind: 'region', id: 'region-1a2b3c4d' }], reason: 'sold' },
})

/** More hosts than this and the command line asks for their number. */
const UNASKED = 50

export const moveHosts = defineAct<InProject & { readonly hosts: readonly string[]; readonly site: string }>({
  name: 'host.move',
  riskClass: 1,
  permission: 'host.label',
  cli: ({ hosts, site }) =>
    `muster host set ${hosts.join(' ')} --site-id ${quoted(site)}${hosts.length > UNASKED ? ` --confirm-count ${hosts.length}` : ''}`,
  calls: ({ project, hosts, site }) =>
    hosts.map(host =>
      call('PATCH', '/v1/projects/{projectName}/compute/hosts/{resourceId}', {
        path: { projectName: project, resourceId: host },
        body: { siteId: site },
      }),
    ),
  example: { project: 'default', hosts: ['host-1a2b3c4d', 'host-5e6f7a8b'], site: 'site-1a2b3c4d' },
})
