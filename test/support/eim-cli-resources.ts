// SPDX-License-Identifier: Apache-2.0
/** The other commands of EIM's command line: regions, sites, images, policies, schedules, keys, providers, AMT. */
import { type EimProject, must } from './eim-cli.ts'

const demand = (resource: any, ...names: readonly string[]): any => {
  for (const name of names) must(resource[name], name)
  return resource
}

/** `create region`: the kind of region becomes a label. */
export async function createRegion(at: EimProject, name: string, { type = 'country', parent = '' } = {}) {
  if (parent !== '') await at.send('GET', `/regions/${parent}`)
  const metadata = [{ key: type, value: name.toLowerCase() }]
  const body = { metadata, name, ...(parent === '' ? {} : { parentId: parent }) }
  return (await at.send('POST', '/regions', { body })).resourceId as string
}

/** `get region`. */
export async function getRegion(at: EimProject, id: string) {
  const region = await at.send('GET', `/regions/${id}`)
  must(region.totalSites, 'totalSites of releases that do not list')
  const query = { filter: `resource_id='${id}'`, showTotalSites: true }
  const { regions } = await at.send('GET', '/regions', { query })
  region.totalSites = regions[0].totalSites
  must(region.parentRegion?.name, 'parentRegion.name')
  return demand(region, 'name', 'resourceId', 'parentId', 'metadata', 'totalSites')
}

/** `list region [--region …]`, as lines of its tree. */
export async function regionTree(at: EimProject, below?: string): Promise<string[]> {
  const filter = below === undefined ? {} : { filter: `parent_region.resource_id='${below}'` }
  const { regions } = await at.send('GET', '/regions', { query: { ...filter, showTotalSites: true } })
  const sites = new Map<string, any[]>()
  for (const region of regions) {
    const id = demand(region, 'resourceId', 'name', 'parentId', 'regionID', 'totalSites').resourceId
    const query = { filter: `region.resource_id='${id}'` }
    const page = await at.send('GET', `/regions/${id}/sites`, { query })
    sites.set(
      id,
      page.sites.map((site: any) => demand(site, 'resourceId', 'name')),
    )
  }
  const lines = (region: any, depth: number): string[] => [
    `${'  '.repeat(depth)}${region.name} (${region.totalSites})`,
    ...(sites.get(region.resourceId) ?? []).map(site => `${'  '.repeat(depth + 1)}- ${site.name}`),
    ...regions.filter((each: any) => each.parentId === region.regionID).flatMap((each: any) => lines(each, depth + 1)),
  ]
  return regions
    .filter(({ parentId }: any) => parentId === '' || parentId === below)
    .flatMap((region: any) => lines(region, 0))
}

/** `create site`. */
export async function createSite(at: EimProject, name: string, { region = '', lat = 0, lng = 0 } = {}) {
  await at.send('GET', `/regions/${region}`)
  const body = { name, regionId: region, siteLat: Math.trunc(lat * 1e7), siteLng: Math.trunc(lng * 1e7) }
  return (await at.send('POST', '/regions/empty/sites', { body })).resourceId as string
}

/** `get site`. */
export async function getSite(at: EimProject, id: string) {
  const site = await at.send('GET', `/regions/empty/sites/${id}`)
  must(site.region?.name, 'region.name')
  return demand(site, 'name', 'resourceId', 'regionId', 'siteLat', 'siteLng')
}

/** `list site [--region …] [--filter …]`. */
export async function listSites(at: EimProject, query: Record<string, string | number> = {}) {
  const found: any[] = []
  for (;;) {
    const offset = found.length === 0 ? {} : { offset: found.length }
    const page = await at.send('GET', '/regions/region/sites', { query: { ...query, ...offset } })
    found.push(...page.sites)
    if (!must(page.hasNext, 'hasNext')) return found
  }
}

/** What `get osprofile` and `list osprofile` print of a profile. */
export function profile(resource: any) {
  const texts = ['name', 'profileName', 'osResourceID', 'imageId', 'imageUrl', 'repoUrl', 'architecture']
  const enums = ['osType', 'osProvider', 'securityFeature']
  demand(resource.timestamps, 'createdAt', 'updatedAt')
  return demand(resource, ...texts, ...enums, 'platformBundle', 'sha256')
}

/** `create osprofile`, from the members of its file. */
export async function createProfile(at: EimProject, spec: { readonly name: string; readonly sha256: string }) {
  const { OperatingSystemResources: all } = await at.send('GET', '/compute/os')
  if (all.some(({ name }: any) => must(name, 'name') === spec.name)) throw new Error(`OS Profile ${spec.name} exists`)
  const url = 'files-edge-orch/repository/microvisor/non_rt/image.raw.gz'
  const body = {
    architecture: 'x86_64',
    existingCvesUrl: '',
    fixedCvesUrl: '',
    imageId: '3.0.20250617',
    imageUrl: url,
    name: spec.name,
    osProvider: 'OS_PROVIDER_KIND_INFRA',
    osType: 'OS_TYPE_IMMUTABLE',
    profileName: 'microvisor-nonrt',
    repoUrl: url,
    securityFeature: 'SECURITY_FEATURE_NONE',
    sha256: spec.sha256,
  }
  return (await at.send('POST', '/compute/os', { body })).resourceId as string
}

/** What `get osupdatepolicy` prints. */
export function policy(resource: any) {
  demand(resource.timestamps, 'createdAt', 'updatedAt')
  const names = ['name', 'resourceId', 'description', 'targetOsId', 'updatePackages', 'updatePolicy', 'updateSources']
  return demand(resource, ...names, 'updateKernelCommand')
}

/** What `list osupdaterun --verbose` and `get osupdaterun` print. */
export function run(resource: any) {
  must(resource.appliedPolicy?.name, 'appliedPolicy.name')
  return demand(resource, 'name', 'resourceId', 'status', 'statusDetails', 'description', 'startTime', 'endTime')
}

/** `list schedule`: every schedule with what it is for. */
export async function listSchedules(at: EimProject): Promise<readonly string[]> {
  const page = await at.send('GET', '/schedules')
  const all = [...must(page.singleSchedules, 'singleSchedules'), ...must(page.repeatedSchedules, 'repeatedSchedules')]
  return all.map((each: any) => {
    const { name } = demand(each, 'name', 'resourceId', 'scheduleStatus')
    const target = [each.targetHostId, each.targetRegionId, each.targetSiteId].find(id => id !== undefined && id !== '')
    return `${name} ${target ?? 'Unspecified'} ${each.resourceId}`
  })
}

/** `get schedule` and `delete schedule` look for it among all. */
export async function findSchedule(at: EimProject, id: string) {
  const { singleSchedules, repeatedSchedules } = await at.send('GET', '/schedules')
  const found = [...singleSchedules, ...repeatedSchedules].find(each => each.resourceId === id)
  if (found === undefined) throw new Error('no schedule matches the given id')
  return found
}

/** `set schedule`: reads it, and sends back what the flags do not change. */
export async function setSchedule(at: EimProject, id: string, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const repeated = id.includes('repeated')
  const path = `/schedules/${repeated ? 'repeated' : 'single'}/${id}`
  const known = await at.send('GET', path)
  const { name, scheduleStatus } = demand(known, 'name', 'scheduleStatus')
  const { cronDayMonth, cronDayWeek, cronHours, cronMinutes, cronMonth, durationSeconds } = known
  const crons = { cronDayMonth, cronDayWeek, cronHours, cronMinutes, cronMonth, durationSeconds }
  const { startSeconds, endSeconds } = known
  const ends = endSeconds === undefined || endSeconds === 0 ? {} : { endSeconds }
  const body = { name, scheduleStatus, ...(repeated ? crons : { startSeconds, ...ends }), ...flags }
  await at.send('PATCH', path, { body })
}

/** `delete <noun> <name>` of things that it looks for by name among all. */
export async function deleteByName(at: EimProject, path: string, { plural, key, name }: Record<string, string>) {
  const page = await at.send('GET', path)
  const found = must(page[plural ?? ''], 'list').find((each: any) => each[key ?? ''] === name)
  if (found === undefined) throw new Error(`nothing matches ${name}`)
  await at.send('DELETE', `${path}/${must(found.resourceId, 'resourceId')}`)
}

/** `get sshkey`: with the hosts that use it. */
export async function getSshKey(at: EimProject, name: string) {
  const { localAccounts } = await at.send('GET', '/localAccounts')
  const key = localAccounts.find(({ username }: any) => username === name)
  if (key === undefined) throw new Error('no SSH key matches the given name')
  const { instances } = await at.send('GET', '/compute/instances')
  const using = instances.filter(({ localaccount }: any) => localaccount?.resourceId === key.resourceId)
  return { key: must(key.sshKey, 'sshKey'), hosts: using.map(({ hostID }: any) => must(hostID, 'hostID')) }
}

/** Where releases of the command line have the domains of AMT. */
export const AMT_DOMAINS = '/dm/amt/admin/domains'

/** `get amtprofile`. */
export async function getAmtProfile(at: EimProject, name: string) {
  const domain = await at.send('GET', `${AMT_DOMAINS}/${name}`)
  return demand(domain, 'profileName', 'domainSuffix', 'provisioningCertStorageFormat', 'expirationDate', 'tenantId')
}
