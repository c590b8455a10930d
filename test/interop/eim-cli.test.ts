// SPDX-License-Identifier: Apache-2.0
/** EIM's command line against a controller: every command's requests in its order, and what it must find in the answers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { type EimCli, type EimProject, eimCli } from '../support/eim-cli.ts'
import * as hosts from '../support/eim-cli-hosts.ts'
import * as eim from '../support/eim-cli-resources.ts'
import { addPerson, bind, PASSWORD } from '../support/people.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'

const DOMAIN = 'edge.example.test'
const UUID = '4c4c4544-2046-5310-8052-cac04f51523'
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f operator'

let controller: TestController
let port: string
let cli: EimCli
let at: EimProject

beforeAll(async () => {
  controller = await startTestController({
    config: {
      modules: {
        onboarding: {},
        inventory: {},
        tenancy: {},
        oob: {},
        access: { signIn: { perMinute: 20, hashMiB: 19 }, keycloak: {} },
      },
      http: { names: [`api.${DOMAIN}`, `keycloak.${DOMAIN}`], requestsPerMinute: { person: 600, address: 300 } },
    } as never, // the rest of `http` is the test controller's
  })
  port = new URL(controller.secureUrl).port
  await bind(controller, await addPerson(controller, 'ada'), 'admin')
  cli = eimCli({ api: `https://api.${DOMAIN}:${port}`, ca: controller.controller.root })
  await cli.login('ada', PASSWORD)
  at = await cli.inProject('default')
}, 60_000)
afterAll(() => controller.stop())

describe('login', () => {
  const fresh = (api = `https://api.${DOMAIN}:${port}`) => eimCli({ api, ca: controller.controller.root })

  it('finds the sign-in by the name of the api, and gives a token that lasts', async () => {
    const { expiresIn } = await fresh().login('ada', PASSWORD)

    expect(expiresIn).toBe(3_600)
  })

  it('takes the address that was typed, whichever name of the controller it uses', async () => {
    const other = fresh(`https://127.0.0.1:${port}/`)

    await other.login('ada', PASSWORD, `https://127.0.0.1:${port}/realms/master`)

    await expect(other.inProject('default')).resolves.toMatchObject({ name: 'default' })
  })

  it('is refused with the wrong password, and no command runs without it', async () => {
    await expect(fresh().login('ada', 'not this one, surely')).rejects.toMatchObject({ status: 401 })
    await expect(fresh().send('GET', '/v1/projects')).rejects.toThrow('token is empty')
  })

  it('says that a project which is not there does not exist', async () => {
    await expect(cli.inProject('elsewhere')).rejects.toThrow('does not exist')
  })

  it('lets one sign-in make far more requests in a minute than the web does', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => cli.ask('GET', '/v1/projects')))

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })
})

it('learns which features there are, by which it shows or hides its commands', async () => {
  const { orchestrator } = await cli.send('GET', '/v1/orchestrator')
  const { 'edge-infrastructure-manager': manager, multitenancy } = orchestrator.features

  expect(orchestrator.version).toEqual(expect.any(String))
  for (const feature of [manager, manager.onboarding, manager.provisioning, manager.day2, manager.oob, multitenancy])
    expect(feature.installed).toBe(true)
  expect(orchestrator.features['cluster-orchestration'].installed).toBe(false)
})

describe('projects and organizations', () => {
  it('are made, listed, read and deleted by name', async () => {
    await cli.send('PUT', '/v1/orgs/acme', { body: { description: 'acme' } })
    await cli.send('PUT', '/v1/projects/line', { body: { description: 'line' } })

    const listed = await cli.send('GET', '/v1/projects')
    const project = listed.find(({ name }: any) => name === 'line')
    expect(project).toMatchObject({
      spec: { description: 'line' },
      status: { projectStatus: { statusIndicator: 'STATUS_INDICATION_IDLE', uID: expect.any(String) } },
    })
    expect((await cli.send('GET', '/v1/orgs')).map(({ name }: any) => name)).toContain('acme')
    expect(await cli.send('GET', '/v1/orgs/acme')).toMatchObject({ status: { orgStatus: { uID: expect.any(String) } } })

    await cli.send('DELETE', '/v1/projects/line')
    await until(
      () => cli.ask('GET', '/v1/projects/line'),
      ({ status }) => status === 404,
    )
    await cli.send('DELETE', '/v1/orgs/acme')
    await expect(cli.send('GET', '/v1/orgs/acme')).rejects.toMatchObject({ status: 404 })
  })
})

describe('regions and sites', () => {
  it('are made, read as a tree and found below any region', async () => {
    const country = await eim.createRegion(at, 'Poland')
    const state = await eim.createRegion(at, 'Pomerania', { type: 'state', parent: country })
    const city = await eim.createRegion(at, 'Gdansk', { type: 'city', parent: state })
    const port = await eim.createSite(at, 'Port', { region: city, lat: 54.35, lng: 18.64 })
    await eim.createSite(at, 'Capital', { region: country })

    expect(await eim.regionTree(at)).toEqual([
      'Poland (2)',
      '  - Capital',
      '  Pomerania (1)',
      '    Gdansk (1)',
      '      - Port',
    ])
    expect(await eim.regionTree(at, country)).toEqual(['Pomerania (1)'])
    expect(await eim.getRegion(at, country)).toMatchObject({ parentId: '', totalSites: 2 })
    expect(await eim.getRegion(at, city)).toMatchObject({ parentId: state, parentRegion: { name: 'Pomerania' } })
    expect(await eim.getSite(at, port)).toMatchObject({
      regionId: city,
      siteLat: 543_500_000,
      region: { name: 'Gdansk' },
    })
    const names = async (query: Record<string, string>) => (await eim.listSites(at, query)).map(({ name }) => name)
    expect(await names({ orderBy: 'name desc' })).toEqual(['Port', 'Capital'])
    expect(await names({ filter: hosts.inRegion(country), orderBy: 'name' })).toEqual(['Capital', 'Port'])
    expect(await names({ filter: `(${hosts.inRegion(state)}) AND (name='Port')` })).toEqual(['Port'])
  })

  it('are deleted, and what holds them is told', async () => {
    const region = await eim.createRegion(at, 'Leaving')
    const site = await eim.createSite(at, 'Last', { region })

    await expect(at.send('DELETE', `/regions/${region}`)).rejects.toThrow('site')
    await at.send('DELETE', `/regions/empty/sites/${site}`)
    await at.send('DELETE', `/regions/${region}`)
    await expect(at.send('GET', `/regions/${region}`)).rejects.toMatchObject({ status: 404 })
  })

  it('are ordered by members that the command line tries one by one', async () => {
    const tried = ['inheritedMetadata', 'metadata', 'name', 'parentId', 'parentRegion', 'regionID', 'resourceId']
    const query = (orderBy: string) => ({ query: { offset: 0, orderBy, pageSize: 1 } })
    const answers = await Promise.all(tried.map(name => at.ask('GET', '/regions', query(name))))

    for (const { status } of answers) expect([200, 400]).toContain(status)
    const accepted = tried.filter((_, index) => answers[index]?.status === 200)
    expect(accepted).toEqual(expect.arrayContaining(['name', 'resourceId']))
  })
})

describe('images, policies and runs', () => {
  it('are made from files, listed and deleted', async () => {
    const id = await eim.createProfile(at, { name: 'Edge Microvisor Toolkit 3.0', sha256: 'b'.repeat(64) })
    await expect(
      eim.createProfile(at, { name: 'Edge Microvisor Toolkit 3.0', sha256: 'b'.repeat(64) }),
    ).rejects.toThrow()

    const { OperatingSystemResources: all } = await at.send('GET', '/compute/os', {
      query: { filter: 'osType=OS_TYPE_IMMUTABLE' },
    })
    expect(all.map((each: any) => eim.profile(each).osResourceID)).toEqual([id])

    const body = { description: 'to the image', name: 'image', targetOsId: id, updatePolicy: 'UPDATE_POLICY_TARGET' }
    const made = await at.send('POST', '/os-update-policies', { body })
    const latest = { description: 'an update profile', name: 'latest', updatePolicy: 'UPDATE_POLICY_LATEST' }
    await at.send('POST', '/os-update-policies', { body: latest })
    const { osUpdatePolicies } = await at.send('GET', '/os-update-policies')
    expect(osUpdatePolicies.map((each: any) => eim.policy(each).targetOsId).sort()).toEqual(['', id])
    expect(eim.policy(await at.send('GET', `/os-update-policies/${made.resourceId}`))).toMatchObject({ name: 'image' })
    await at.send('DELETE', `/os-update-policies/${made.resourceId}`)

    await eim.deleteByName(at, '/compute/os', {
      plural: 'OperatingSystemResources',
      key: 'name',
      name: 'Edge Microvisor Toolkit 3.0',
    })
    expect((await at.send('GET', '/os-update-runs')).osUpdateRuns.map(eim.run)).toEqual([])
  })
})

describe('schedules', () => {
  let site: string
  beforeAll(async () => {
    site = await eim.createSite(at, 'Windows', { region: await eim.createRegion(at, 'Calendar') })
  })

  it('repeat by lists in UTC, which it makes of ranges and of local time', async () => {
    const body = {
      cronDayMonth: '*',
      cronDayWeek: '1,2,3,5',
      cronHours: '9',
      cronMinutes: '10',
      cronMonth: '2,4,7,8',
      durationSeconds: 3_600,
      name: 'weekly',
      scheduleStatus: 'SCHEDULE_STATUS_OS_UPDATE',
      targetSiteId: site,
    }
    const { resourceId: id } = await at.send('POST', '/schedules/repeated', { body })

    expect(id).toMatch(/^repeatedsche-/)
    expect(await eim.listSchedules(at)).toContain(`weekly ${site} ${id}`)
    await eim.setSchedule(at, id, { cronDayMonth: '1,6,31', cronDayWeek: '*', durationSeconds: 60 })
    expect(await eim.findSchedule(at, id)).toMatchObject({
      ...{ cronDayMonth: '1,6,31', cronDayWeek: '*', cronHours: '9', durationSeconds: 60, targetSiteId: site },
    })
    await at.send('DELETE', `/schedules/repeated/${id}`)
    await expect(eim.findSchedule(at, id)).rejects.toThrow('no schedule matches')
  })

  it('happen once, with an end or without', async () => {
    const startSeconds = Math.floor(Date.now() / 1_000) + 3_600
    const body = { name: 'once', scheduleStatus: 'SCHEDULE_STATUS_MAINTENANCE', startSeconds, targetSiteId: site }
    const { resourceId: id } = await at.send('POST', '/schedules/single', { body })

    await eim.setSchedule(at, id, { name: 'renamed' })
    await eim.setSchedule(at, id, { endSeconds: startSeconds + 600 })
    expect(await eim.findSchedule(at, id)).toMatchObject({ name: 'renamed', endSeconds: startSeconds + 600 })
    expect(await eim.listSchedules(at)).toContain(`renamed ${site} ${id}`)
    await at.send('DELETE', `/schedules/single/${id}`)
  })
})

describe('cloud-init, keys and providers', () => {
  it('are made, read and deleted', async () => {
    const config = '#cloud-config\npackages: [jq]\n'
    await at.send('POST', '/customConfigs', { body: { config, name: 'base' } })
    const { customConfigs } = await at.send('GET', '/customConfigs')
    expect(customConfigs).toEqual([
      expect.objectContaining({ name: 'base', config, description: '', resourceId: expect.any(String) }),
    ])
    await eim.deleteByName(at, '/customConfigs', { plural: 'customConfigs', key: 'name', name: 'base' })

    await at.send('POST', '/localAccounts', { body: { sshKey: KEY, username: 'spare' } })
    expect(await eim.getSshKey(at, 'spare')).toEqual({ key: KEY, hosts: [] })
    await eim.deleteByName(at, '/localAccounts', { plural: 'localAccounts', key: 'username', name: 'spare' })

    const body = { apiEndpoint: 'null', config: '', name: 'bare', providerKind: 'PROVIDER_KIND_BAREMETAL' }
    const { resourceId } = await at.send('POST', '/providers', { body })
    const page = await at.send('GET', '/providers', { query: { offset: 0, pageSize: 100 } })
    expect(page).toMatchObject({ totalElements: page.providers.length })
    expect(await at.send('GET', `/providers/${resourceId}`)).toMatchObject({
      ...{ name: 'bare', apiEndpoint: 'null', config: '', providerVendor: 'PROVIDER_VENDOR_UNSPECIFIED' },
      timestamps: { createdAt: expect.any(String), updatedAt: expect.any(String) },
    })
    await at.send('DELETE', `/providers/${resourceId}`)
  })
})

describe('hosts', () => {
  let site: string
  let region: string
  let ids: string[]

  beforeAll(async () => {
    region = await eim.createRegion(at, 'Factory')
    const below = await eim.createRegion(at, 'Hall', { parent: region, type: 'region' })
    site = await eim.createSite(at, 'Line', { region: below })
    await eim.createProfile(at, { name: 'Plain', sha256: 'c'.repeat(64) })
    await at.send('POST', '/localAccounts', { body: { sshKey: KEY, username: 'user' } })
    await at.send('POST', '/customConfigs', { body: { config: '#cloud-config\npackages: [jq]\n', name: 'cloudinit' } })
    const row = { osProfile: 'Plain', site }
    ids = [
      await hosts.createHost(at, { ...row, serial: '2500JF3', uuid: `${UUID}1`, remoteUser: 'user', lvmSize: 60 }),
      await hosts.createHost(at, { ...row, serial: '1500JF3', uuid: '', metadata: 'key1=value1&key2=value2' }),
      await hosts.createHost(at, { ...row, serial: '', uuid: `${UUID}3`, cloudInit: 'cloudinit' }),
    ]
  })

  it('come from a file row by row, named, placed and provisioned', async () => {
    const [first = '', second = '', third = ''] = ids
    expect(await hosts.getHost(at, first)).toMatchObject({
      ...{ name: first, serialNumber: '2500JF3', uuid: `${UUID}1`, userLvmSize: 60, siteId: site },
      instance: { os: { name: 'Plain' }, localaccount: { username: 'user' }, host: { resourceId: first } },
    })
    const labels = [
      { key: 'key1', value: 'value1' },
      { key: 'key2', value: 'value2' },
    ]
    expect(await hosts.getHost(at, second)).toMatchObject({ metadata: labels })
    expect((await hosts.getHost(at, third)).instance.customConfig).toMatchObject([{ name: 'cloudinit' }])
    expect(await eim.getSshKey(at, 'user')).toEqual({ key: KEY, hosts: [first] })
  })

  it('that are registered already are looked for and said to be so', async () => {
    const row = { osProfile: 'Plain', site, serial: '2500JF3', uuid: `${UUID}1` }
    await expect(hosts.createHost(at, row)).rejects.toThrow('host already registered')
    await expect(hosts.createHost(at, { ...row, serial: 'OTHER01' })).rejects.toThrow('host details mismatch')
    await expect(hosts.createHost(at, { ...row, serial: '1500JF3', uuid: '' })).rejects.toThrow('already registered')
    await expect(hosts.createHost(at, { ...row, osProfile: 'Nothing' })).rejects.toThrow('OS Profile not found')
    await expect(hosts.createHost(at, { ...row, site: 'site-00000000' })).rejects.toThrow('404')
    await expect(hosts.createHost(at, { ...row, remoteUser: 'nobody' })).rejects.toThrow('nobody not found')
  })

  it('are listed by the filters that have names, by place and by workload', async () => {
    const found = async (asked: hosts.ListHosts = {}) =>
      (await hosts.listHosts(at, asked)).map(({ resourceId }) => resourceId).sort()
    const all = [...ids].sort()

    expect(await found()).toEqual(all)
    expect(await found({ filter: 'not connected' })).toEqual(all)
    for (const filter of ['onboarded', 'registered', 'provisioned', 'deauthorized', 'error'])
      expect(await found({ filter })).toEqual([])
    expect(await found({ filter: "serialNumber='1500JF3'" })).toEqual([ids[1]])
    expect(await found({ site })).toEqual(all)
    expect(await found({ region })).toEqual(all)
    expect(await found({ region, filter: 'not connected' })).toEqual(all)
    expect(await found({ site, filter: "serialNumber='2500JF3'" })).toEqual([ids[0]])
    await expect(found({ region: await eim.createRegion(at, 'Empty') })).rejects.toThrow('no site was found')

    const { resourceId: workload } = await at.send('POST', '/workloads', {
      body: { kind: 'WORKLOAD_KIND_CLUSTER', name: 'cluster-sn000320' },
    })
    const { instance } = await hosts.getHost(at, ids[0] ?? '')
    await at.send('POST', '/workload_members', {
      body: { kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE', instanceId: instance.resourceId, workloadId: workload },
    })
    expect(await found({ workload: 'cluster-sn000320' })).toEqual([ids[0]])
    expect(await found({ workload: 'NotAssigned' })).toEqual(all.filter(id => id !== ids[0]))
  })

  it('are brought up to date under a policy, at once', async () => {
    const [id = ''] = ids
    const body = { description: 'x', name: 'newest', updatePolicy: 'UPDATE_POLICY_LATEST' }
    const { resourceId: policy } = await at.send('POST', '/os-update-policies', { body })

    await expect(hosts.updateOs(at, id)).rejects.toThrow('set an OS Update Policy')
    await expect(hosts.updateOs(at, id, 'osupdatepolicy-00000000')).rejects.toMatchObject({ status: 404 })
    await hosts.updateOs(at, id, policy)
    await hosts.updateOs(at, id)

    expect((await hosts.getHost(at, id)).instance.updatePolicy).toMatchObject({ resourceId: policy })
    expect((await eim.listSchedules(at)).filter(line => line.includes('_immediate_os_update'))).toHaveLength(2)
  })

  it('without AMT are asked for no power, say why there is no session, and keep a name that an order leaves empty', async () => {
    const [id = ''] = ids
    // Only with AMT_STATE_PROVISIONED does the command line send an order of power.
    expect((await hosts.getHost(at, id)).currentAmtState).not.toBe('AMT_STATE_PROVISIONED')
    await expect(hosts.setHost(at, id, { desiredKvmState: 'KVM_STATE_START' })).rejects.toThrow(/activated|AMT/)

    const wish = { desiredAmtState: 'AMT_STATE_PROVISIONED', amtControlMode: 'AMT_CONTROL_MODE_CCM' }
    await at.send('PATCH', `/compute/hosts/${id}`, { body: { ...wish, name: '' } })

    expect(await hosts.getHost(at, id)).toMatchObject({ ...wish, name: id })
  })

  it('are deauthorized, and deleted with their instance', async () => {
    const [, id = '', other = ''] = ids
    await hosts.deauthorizeHost(at, id)
    expect((await hosts.listHosts(at, { filter: 'deauthorized' })).map(({ resourceId }) => resourceId)).toEqual([id])

    await hosts.deleteHost(at, other)
    await until(
      () => at.ask('GET', `/compute/hosts/${other}`),
      ({ status }) => status === 404,
    )
    await expect(hosts.deleteHost(at, other)).rejects.toMatchObject({ status: 404 })
  })
})

describe('amt profiles', () => {
  it('are made from a certificate, listed, read and deleted', async () => {
    const { pfx, password } = makeProvisioningPfx({ suffix: DOMAIN })
    const body = {
      domainSuffix: DOMAIN,
      profileName: 'factory',
      provisioningCert: pfx,
      provisioningCertPassword: password,
      provisioningCertStorageFormat: 'string',
    }
    await at.send('POST', eim.AMT_DOMAINS, { body })

    const listed = await at.send('GET', eim.AMT_DOMAINS, { query: { $count: true } })
    expect(listed.data.map(({ profileName }: any) => profileName)).toEqual(['factory'])
    expect(await eim.getAmtProfile(at, 'factory')).toMatchObject({ domainSuffix: DOMAIN })
    await at.send('DELETE', `${eim.AMT_DOMAINS}/factory`)
    await expect(eim.getAmtProfile(at, 'factory')).rejects.toMatchObject({ status: 404 })
  })
})

describe('users and groups', () => {
  const ADMIN = '/admin/realms/master'
  const byName = async (username: string) =>
    (await cli.send('GET', `${ADMIN}/users`, { query: { username, exact: true } }))[0]

  it('are listed, made with a password, put into groups and deleted', async () => {
    const user = { enabled: true, firstName: 'Grace', lastName: 'Hopper', username: 'grace' }
    expect((await cli.ask('POST', `${ADMIN}/users`, { body: user })).status).toBe(201)
    const { id } = await byName('grace')
    const credential = { temporary: false, type: 'password', value: PASSWORD }
    const reset = `${ADMIN}/users/${id}/reset-password`
    expect((await cli.ask('PUT', reset, { body: credential })).status).toBe(204)
    const names = (await cli.send('GET', `${ADMIN}/users`, { query: { max: 1_000 } })).map((each: any) => each.username)
    expect(names).toEqual(expect.arrayContaining(['ada', 'grace']))

    const groups: any[] = await cli.send('GET', `${ADMIN}/groups`, { query: { max: 1_000 } })
    const group = groups.find(({ name }) => name === 'default_viewer')
    expect((await cli.ask('PUT', `${ADMIN}/users/${id}/groups/${group.id}`)).status).toBe(204)
    expect(await cli.send('GET', `${ADMIN}/users/${id}/groups`)).toMatchObject([{ name: 'default_viewer' }])

    const grace = eimCli({ api: `https://api.${DOMAIN}:${port}`, ca: controller.controller.root })
    await grace.login('grace', PASSWORD)
    const seen = await grace.inProject('default')
    expect(await hosts.listHosts(seen)).toEqual(expect.any(Array))
    await expect(seen.send('POST', '/regions', { body: { name: 'Hers' } })).rejects.toMatchObject({ status: 403 })
    await expect(grace.send('GET', `${ADMIN}/users`)).rejects.toMatchObject({ status: 403 })

    expect((await cli.ask('DELETE', `${ADMIN}/users/${id}/groups/${group.id}`)).status).toBe(204)
    await expect(grace.inProject('default')).rejects.toThrow()
    expect((await cli.ask('DELETE', `${ADMIN}/users/${id}`)).status).toBe(204)
    expect(await byName('grace')).toBeUndefined()
  })

  it('are refused what is not kept here', async () => {
    const { id } = await byName('ada')
    const credential = { temporary: true, type: 'password', value: PASSWORD }
    await expect(cli.send('PUT', `${ADMIN}/users/${id}/reset-password`, { body: credential })).rejects.toThrow(
      'invitation',
    )
    await expect(cli.send('PUT', `${ADMIN}/users/${id}/groups/org-admin-group`)).rejects.toMatchObject({ status: 404 })
    await expect(cli.send('DELETE', `${ADMIN}/users/${id}`)).rejects.toThrow()
  })
})
