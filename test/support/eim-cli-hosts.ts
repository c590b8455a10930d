// SPDX-License-Identifier: Apache-2.0
/** The host commands of EIM's command line: their requests in their order, and what they look at in the answers. */
import { CliFailure, type EimProject, must } from './eim-cli.ts'

const NAMED: Readonly<Record<string, string>> = {
  onboarded: "hostStatus='onboarded'",
  registered: "hostStatus='registered'",
  provisioned: "hostStatus='provisioned'",
  deauthorized: "hostStatus='invalidated'",
  'not connected': "hostStatus=''",
  error: "hostStatus='error'",
}
const PAGE = 20

/** All pages of a list, twenty at a time. */
export async function allPages(
  at: EimProject,
  path: string,
  plural: string,
  query: Record<string, string> = {},
): Promise<any[]> {
  const found: any[] = []
  for (let offset = 0; ; offset += PAGE) {
    const page = await at.send('GET', path, { query: { ...query, offset, pageSize: PAGE } })
    found.push(...must(page[plural], plural))
    if (!must(page.hasNext, 'hasNext')) return found
  }
}

export type ListHosts = {
  readonly filter?: string
  readonly site?: string
  readonly region?: string
  readonly workload?: string
}

/** A region as it or any of three above it. */
export function inRegion(region: string): string {
  const above = ['', 'parent_region.', 'parent_region.parent_region.', 'parent_region.parent_region.parent_region.']
  return above.map(way => `region.${way}resource_id='${region}'`).join(' OR ')
}

/** `list host`, with provisioning among the features. */
export async function listHosts(at: EimProject, { filter: named, site, region, workload }: ListHosts = {}) {
  const filter = named === undefined ? undefined : (NAMED[named] ?? named)
  const places = site === undefined ? await sitesIn(at, region) : [site]
  const among = places?.map(id => `site.resourceId='${id}'`).join(' OR ')
  const asked = among === undefined ? filter : filter === undefined ? among : `${filter} AND (${among})`
  const hosts = await allPages(at, '/compute/hosts', 'hosts', asked === undefined ? {} : { filter: asked })
  const instances = await allPages(at, '/compute/instances', 'instances')
  for (const host of hosts) {
    const own = instances.find(
      ({ instanceID, workloadMembers }) =>
        workloadMembers !== undefined && instanceID !== undefined && host.instance?.instanceID === instanceID,
    )
    if (own !== undefined) host.instance.workloadMembers = own.workloadMembers
    must(host.name, 'name')
  }
  if (workload === undefined) return hosts
  if (workload === 'NotAssigned')
    return hosts.filter(
      ({ instance }) =>
        instance === undefined || must(instance.workloadMembers, 'instance.workloadMembers').length === 0,
    )
  return hosts.filter(({ instance }) => {
    const [first] = instance?.workloadMembers ?? []
    return first !== undefined && must(first.workload?.name, 'workload.name') === workload
  })
}

async function sitesIn(at: EimProject, region: string | undefined): Promise<string[] | undefined> {
  if (region === undefined) return undefined
  const page = await at.send('GET', `/regions/${region}/sites`, { query: { filter: inRegion(region) } })
  if (must(page.totalElements, 'totalElements') === 0) throw new Error('no site was found in provided region')
  return page.sites.map((site: any) => must(site.resourceId, 'resourceId'))
}

/** `get host`. */
export async function getHost(at: EimProject, id: string) {
  const host = await at.send('GET', `/compute/hosts/${id}`)
  for (const nic of host.hostNics ?? []) if (nic.linkState !== undefined) must(nic.linkState.type, 'linkState.type')
  const instance = host.instance?.instanceID
  return instance === undefined ? host : { ...host, instance: await at.send('GET', `/compute/instances/${instance}`) }
}

/** A line of the file of `create host --import-from-csv`. */
export type HostRecord = {
  readonly serial: string
  readonly uuid: string
  readonly osProfile: string
  readonly site: string
  readonly secure?: boolean
  readonly remoteUser?: string
  readonly metadata?: string
  readonly lvmSize?: number
  readonly cloudInit?: string
}

/** Registers, provisions and places the host of one line; answers its id, which becomes its name. */
export async function createHost(at: EimProject, row: HostRecord): Promise<string> {
  const system = await systemOf(at, row)
  const site = (await at.send('GET', `/regions/regionID/sites/${row.site}`)).resourceId
  const account =
    row.remoteUser === undefined ? undefined : await lastOf(at, 'localAccounts', 'username', row.remoteUser)
  const configs = await Promise.all(
    (row.cloudInit?.split('&') ?? []).map(each => lastOf(at, 'customConfigs', 'name', each)),
  )
  const host = await registered(at, row)
  const id = must(host.resourceId, 'resourceId')
  if (host.instance !== undefined) throw new Error('host already registered')
  await at.send('POST', '/compute/instances', {
    body: {
      ...(configs.length === 0 ? {} : { customConfigID: configs }),
      hostID: id,
      kind: 'INSTANCE_KIND_UNSPECIFIED',
      ...(account === undefined ? {} : { localAccountID: account }),
      osID: system.resourceId,
      securityFeature: row.secure === true ? system.securityFeature : 'SECURITY_FEATURE_NONE',
    },
  })
  const metadata = row.metadata?.split('&').map(pair => {
    const [key, value] = pair.split('=')
    return { key, value }
  })
  await at.send('PATCH', `/compute/hosts/${id}`, {
    body: { ...(metadata === undefined ? {} : { metadata }), name: id, siteId: site },
  })
  return id
}

async function systemOf(at: EimProject, { osProfile, secure }: HostRecord) {
  const filter = `name='${osProfile}' OR resourceId='${osProfile}'`
  const { OperatingSystemResources: found } = await at.send('GET', '/compute/os', { query: { filter } })
  const system = found.find(({ name, resourceId }: any) => name === osProfile || resourceId === osProfile)
  if (system === undefined) throw new Error('OS Profile not found')
  const feature = must(system.securityFeature, 'securityFeature')
  if (secure === true && feature !== 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION')
    throw new Error('OS profile and security mismatch')
  return system
}

async function lastOf(at: EimProject, plural: string, key: string, name: string): Promise<string> {
  const filter = `${key}='${name}' OR resourceId='${name}'`
  const found = must((await at.send('GET', `/${plural}`, { query: { filter } }))[plural], plural)
  if (found.length === 0) throw new Error(`${name} not found`)
  return must(found.at(-1).resourceId, 'resourceId')
}

/** A host that is there already is looked for and taken when both of its keys agree. */
async function registered(at: EimProject, { serial, uuid, lvmSize }: HostRecord) {
  const body = {
    autoOnboard: true,
    name: '',
    serialNumber: serial,
    ...(lvmSize === undefined ? {} : { userLvmSize: lvmSize }),
    uuid,
  }
  const answer = await at.ask('POST', '/compute/hosts/register', { body })
  if (answer.status === 200) return answer.body
  if (!answer.text.includes('"code":"FailedPrecondition"')) throw new CliFailure('error while registering host', answer)
  const filter = `serialNumber='${serial}' AND uuid='${uuid}'`
  const { hosts, totalElements } = await at.send('GET', '/compute/hosts', { query: { filter } })
  if (totalElements !== 1) throw new Error('host details mismatch')
  return hosts[0]
}

/** `delete host`: its instance first. */
export async function deleteHost(at: EimProject, id: string): Promise<void> {
  const { instance } = await at.send('GET', `/compute/hosts/${id}`)
  if (instance !== undefined && instance.instanceID !== undefined && instance.instanceID !== '')
    await at.send('DELETE', `/compute/instances/${instance.instanceID}`)
  await at.send('DELETE', `/compute/hosts/${id}`)
}

/** `deauthorize host`. */
export async function deauthorizeHost(at: EimProject, id: string): Promise<void> {
  await at.send('PUT', `/compute/hosts/${id}/invalidate`)
}

/** Members of `set host` that go to the host itself. */
export async function setHost(at: EimProject, id: string, members: Readonly<Record<string, string>>): Promise<void> {
  const { name } = await at.send('GET', `/compute/hosts/${id}`)
  await at.send('PATCH', `/compute/hosts/${id}`, { body: { ...members, name } })
}

/** `update-os host [--osupdatepolicy …]`: sets the policy where it differs, and a window that opens in half a minute. */
export async function updateOs(at: EimProject, id: string, policy?: string): Promise<void> {
  if (policy !== undefined) await at.send('GET', `/os-update-policies/${policy}`)
  const { instance } = await at.send('GET', `/compute/hosts/${id}`)
  if (instance?.instanceID === undefined) throw new Error('Host does not have an instance associated with it')
  const present = instance.updatePolicy?.resourceId
  if (policy === undefined && present === undefined) throw new Error(`set an OS Update Policy for host ${id}`)
  if (policy !== undefined && policy !== present)
    await at.send('PATCH', `/compute/instances/${instance.instanceID}`, { body: { osUpdatePolicyID: policy } })
  const now = Math.floor(Date.now() / 1_000)
  await at.send('POST', '/schedules/single', {
    body: {
      endSeconds: now + 660,
      name: `${id}_immediate_os_update`,
      scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
      startSeconds: now + 30,
      targetHostId: id,
    },
  })
}
