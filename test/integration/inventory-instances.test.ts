// SPDX-License-Identifier: Apache-2.0
/** Instances over the API: what they refer to, what is settled when, and how they end. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { misfits } from '../support/eim.ts'
import { type ProjectCalls, projectCalls } from '../support/project-calls.ts'

const PATH = 'compute/instances'
const SECURED = 'SECURITY_FEATURE_SECURE_BOOT_AND_FULL_DISK_ENCRYPTION'
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f operator'

let test: TestController
let ours: ProjectCalls
let theirs: ProjectCalls
let os: string
let secured: string
let account: string
let config: string
let policy: string
let hosts = 0

beforeAll(async () => {
  test = await startTestController()
  ours = await projectCalls(test, 'ours')
  theirs = await projectCalls(test, 'theirs')
  os = (await ours.made('compute/os', { name: 'plain', sha256: 'a'.repeat(64) })).resourceId
  secured = (await ours.made('compute/os', { name: 'secured', sha256: 'b'.repeat(64), securityFeature: SECURED }))
    .resourceId
  account = (await ours.made('localAccounts', { username: 'operator', sshKey: KEY })).resourceId
  config = (await ours.made('customConfigs', { name: 'base', config: '#cloud-config\npackages: [jq]\n' })).resourceId
  policy = (await ours.made('os-update-policies', { name: 'latest', updatePolicy: 'UPDATE_POLICY_LATEST' })).resourceId
})
afterAll(() => test.stop())

const newHost = () => ours.host(`press-${++hosts}`)
const body = (hostID: string, more: object = {}) => ({
  name: 'press',
  kind: 'INSTANCE_KIND_METAL',
  hostID,
  osID: os,
  securityFeature: 'SECURITY_FEATURE_NONE',
  ...more,
})

/** What a provisioning module would write. */
async function provision(id: string): Promise<void> {
  const store = openSqlite(join(test.dir, 'controller.db'))
  await store
    .of<{ inventory_instances: { project: string; id: string; provisioning_status: string } }>('ours')
    .update('inventory_instances', { provisioning_status: 'Provisioned' })
    .where('id', '=', id)
    .execute()
  await store.close()
}

describe('an instance', () => {
  it('shows whole what it refers to, and its statuses before anybody has said anything', async () => {
    const hostID = await newHost()
    const more = { localAccountID: account, osUpdatePolicyID: policy, customConfigID: [config] }

    const instance = await ours.made(PATH, body(hostID, more))

    expect(instance).toMatchObject({
      name: 'press',
      kind: 'INSTANCE_KIND_METAL',
      desiredState: 'INSTANCE_STATE_RUNNING',
      currentState: 'INSTANCE_STATE_UNSPECIFIED',
      host: { resourceId: hostID },
      os: { resourceId: os, name: 'plain' },
      localaccount: { resourceId: account, username: 'operator' },
      updatePolicy: { resourceId: policy },
      customConfig: [{ resourceId: config, name: 'base' }],
      workloadMembers: [],
      instanceID: instance.resourceId,
      provisioningStatus: '',
      provisioningStatusIndicator: 'STATUS_INDICATION_UNSPECIFIED',
      provisioningStatusTimestamp: 0,
    })
    // EIM's command line reads ids beside what they lead to, and crashes where one is missing.
    expect(instance).toMatchObject({ hostID, osID: instance.os.resourceId, osUpdatePolicyID: expect.any(String) })
    expect(instance.localAccountID).toBe(instance.localaccount?.resourceId ?? '')
    expect(misfits('InstanceResource', instance)).toEqual([])
    expect((await ours.get(`${PATH}/${instance.resourceId}`)).body).toEqual(instance)
  })

  it('is the only one of its host, and the refusal names it', async () => {
    const hostID = await newHost()
    const { resourceId } = await ours.made(PATH, body(hostID))

    const second = await ours.post(PATH, body(hostID))

    expect(second.status).toBe(409)
    expect(second.body.message).toContain(resourceId)
    const elsewhere = await ours.made(PATH, body(await newHost()))
    expect((await ours.patch(`${PATH}/${elsewhere.resourceId}`, { hostID })).status).toBe(409)
  })

  it.each([
    ['an unknown host', { hostID: 'host-00000000' }, 'reference-unknown'],
    ['an unknown system', { osID: 'os-00000000' }, 'reference-unknown'],
    ['an unknown account', { localAccountID: 'localaccount-00000000' }, 'reference-unknown'],
    ['an unknown policy', { osUpdatePolicyID: 'osupdatepolicy-00000000' }, 'reference-unknown'],
    ['an unknown configuration', { customConfigID: ['customconfig-00000000'] }, 'reference-unknown'],
    ['an id of another kind', { osID: 'host-00000000' }, 'invalid'],
    ['an unknown kind', { kind: 'INSTANCE_KIND_VM' }, 'invalid'],
    ['a member nobody knows', { colour: 'red' }, 'invalid'],
    ['a feature its system does not have', { securityFeature: SECURED }, 'invalid'],
  ])('is refused with %s', async (_what, more, code) => {
    const answer = await ours.post(PATH, body(await newHost(), more))

    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe(code)
  })

  it('may use a feature its system has, and loses the choice with another system', async () => {
    const made = await ours.made(PATH, body(await newHost(), { osID: secured, securityFeature: SECURED }))

    expect(made.securityFeature).toBe(SECURED)
    expect((await ours.patch(`${PATH}/${made.resourceId}`, { osID: os })).body.code).toBe('invalid')
  })

  it('passes over what only the controller writes', async () => {
    const instance = await ours.made(PATH, {
      ...body(await newHost()),
      currentState: 'INSTANCE_STATE_RUNNING',
      provisioningStatus: 'Provisioned',
      provisioningStatusIndicator: 'STATUS_INDICATION_IDLE',
      updateStatusTimestamp: 5,
      existingCves: '[]',
      osUpdateAvailable: 'yes',
      workloadMembers: [{ resourceId: 'workloadmember-00000000' }],
    })

    expect(instance).toMatchObject({
      currentState: 'INSTANCE_STATE_UNSPECIFIED',
      provisioningStatus: '',
      updateStatusTimestamp: 0,
      workloadMembers: [],
    })
    expect(instance).toMatchObject({ existingCves: '', osUpdateAvailable: '' })
  })

  it('can be sent back as it was read', async () => {
    const read = await ours.made(PATH, body(await newHost(), { localAccountID: account }))

    const again = await ours.put(`${PATH}/${read.resourceId}`, read)

    expect(again.status, again.text).toBe(200)
    expect(again.body).toMatchObject({ host: { resourceId: read.host.resourceId }, os: { resourceId: os } })
    expect(again.body.localaccount.resourceId).toBe(account)
  })

  it('is replaced by PUT and changed by PATCH while it is not provisioned', async () => {
    const hostID = await newHost()
    const { resourceId } = await ours.made(PATH, body(hostID, { localAccountID: account, customConfigID: [config] }))
    const path = `${PATH}/${resourceId}`

    expect((await ours.patch(path, { name: 'renamed' })).body).toMatchObject({
      name: 'renamed',
      customConfig: [{ resourceId: config }],
    })
    const replaced = (await ours.put(path, body(hostID))).body
    expect(replaced).not.toHaveProperty('localaccount')
    expect(replaced.customConfig).toEqual([])
    expect((await ours.patch(`${path}?fieldMask=os_update_policy_id`, { osUpdatePolicyID: policy })).status).toBe(200)
    expect((await ours.patch(path, { osUpdatePolicyID: '' })).body).not.toHaveProperty('updatePolicy')
  })

  it('keeps system, account and configurations once provisioning has begun', async () => {
    const hostID = await newHost()
    const { resourceId } = await ours.made(PATH, body(hostID, { localAccountID: account, customConfigID: [config] }))
    const path = `${PATH}/${resourceId}`
    await provision(resourceId)

    for (const change of [{ osID: secured }, { localAccountID: '' }, { customConfigID: [] }]) {
      const answer = await ours.patch(path, change)
      expect(answer.status).toBe(400)
      expect(answer.body.message).toContain(Object.keys(change)[0])
    }
    const replaced = (await ours.put(path, body(hostID, { name: 'renamed' }))).body
    expect(replaced).toMatchObject({
      name: 'renamed',
      os: { resourceId: os },
      localaccount: { resourceId: account },
      customConfig: [{ resourceId: config }],
      provisioningStatus: 'Provisioned',
    })
  })

  it('holds what it refers to', async () => {
    await ours.made(
      PATH,
      body(await newHost(), { customConfigID: [config], localAccountID: account, osUpdatePolicyID: policy }),
    )

    for (const path of [
      `compute/os/${os}`,
      `customConfigs/${config}`,
      `localAccounts/${account}`,
      `os-update-policies/${policy}`,
    ]) {
      const answer = await ours.remove(path)
      expect(answer.status, path).toBe(409)
      expect(answer.body.code).toBe('in-use')
    }
  })
})

describe('an untrusted instance', () => {
  it('can only be deleted', async () => {
    const { resourceId } = await ours.made(PATH, body(await newHost()))
    const path = `${PATH}/${resourceId}`

    const invalidated = await ours.put(`${path}/invalidate`)
    expect([invalidated.status, invalidated.body]).toEqual([200, {}])
    expect((await ours.put(`${path}/invalidate`)).status).toBe(200)
    expect((await ours.get(path)).body).toMatchObject({
      desiredState: 'INSTANCE_STATE_UNTRUSTED',
      currentState: 'INSTANCE_STATE_UNTRUSTED',
    })
    expect((await ours.patch(path, { desiredState: 'INSTANCE_STATE_RUNNING' })).status).toBe(409)
    expect((await ours.patch(path, { name: 'still named' })).body.desiredState).toBe('INSTANCE_STATE_UNTRUSTED')
    expect((await ours.remove(path)).body).toEqual({})
    expect((await ours.get(path)).status).toBe(404)
  })

  it('is not made of what is not there', async () => {
    expect((await ours.put(`${PATH}/inst-00000000/invalidate`)).status).toBe(404)
  })
})

describe('an instance that is deleted', () => {
  it('leaves its workloads, its telemetry and its host, which may have another', async () => {
    const hostID = await newHost()
    const instance = await ours.made(PATH, body(hostID, { customConfigID: [config] }))
    const workload = await ours.made('workloads', { kind: 'WORKLOAD_KIND_CLUSTER', name: 'cluster' })
    const member = await ours.made('workload_members', {
      kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
      workloadId: workload.resourceId,
      instanceId: instance.resourceId,
    })
    const group = (await ours.get('telemetry/metricgroups')).body.telemetryMetricsGroups[0]
    const profile = await ours.made('telemetry/profiles/metrics', {
      targetInstance: instance.resourceId,
      metricsInterval: 60,
      metricsGroupId: group.resourceId,
    })

    expect((await ours.remove(`${PATH}/${instance.resourceId}`)).status).toBe(200)

    expect((await ours.get(`workload_members/${member.resourceId}`)).status).toBe(404)
    expect((await ours.get(`telemetry/profiles/metrics/${profile.resourceId}`)).status).toBe(404)
    expect((await ours.get(`workloads/${workload.resourceId}`)).body.members).toEqual([])
    expect((await ours.get(`compute/hosts/${hostID}`)).status).toBe(200)
    await ours.made(PATH, body(hostID))
  })
})

describe('the list of instances', () => {
  it('is filtered by members of what they refer to', async () => {
    const hostID = await newHost()
    const { resourceId } = await ours.made(PATH, body(hostID, { name: 'filtered' }))
    const ids = async (filter: string): Promise<string[]> => {
      const answer = await ours.get(`${PATH}?filter=${encodeURIComponent(filter)}`)
      expect(answer.status, answer.text).toBe(200)
      return answer.body.instances.map((each: any) => each.resourceId)
    }

    expect(await ids('name = "filtered"')).toEqual([resourceId])
    expect(await ids(`host.resourceId = "${hostID}"`)).toEqual([resourceId])
    expect(await ids('os.name = "plain" AND name = "filtered"')).toEqual([resourceId])
    expect(await ids('has(localaccount) AND name = "filtered"')).toEqual([])
    expect(await ids('desiredState = INSTANCE_STATE_RUNNING AND name = "filtered"')).toEqual([resourceId])
    expect(await ids('has(workloadMembers) AND name = "filtered"')).toEqual([])
    expect(await ids('has(customConfig) AND name = "filtered"')).toEqual([])
    const workload = await ours.made('workloads', { kind: 'WORKLOAD_KIND_CLUSTER', name: 'filtering' })
    await ours.made('workload_members', {
      kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
      workloadId: workload.resourceId,
      instanceId: resourceId,
    })
    await ours.patch(`${PATH}/${resourceId}`, { customConfigID: [config] })
    expect(await ids('has(workload_members) AND has(customConfig) AND name = "filtered"')).toEqual([resourceId])
    expect(await ids('workloadMembers.workload.name = "filtering"')).toEqual([resourceId])
    expect((await ours.get(`${PATH}?filter=colour%3Dred`)).body.code).toBe('filter-invalid')
    expect((await ours.get(`${PATH}?pageSize=1`)).body).toMatchObject({ hasNext: true })
  })

  it('has nothing of another project', async () => {
    const { resourceId } = await ours.made(PATH, body(await newHost()))
    const foreign = `${PATH}/${resourceId}`

    expect((await theirs.get(PATH)).body.totalElements).toBe(0)
    for (const answer of [
      await theirs.get(foreign),
      await theirs.patch(foreign, { name: 'mine' }),
      await theirs.put(foreign, { name: 'mine' }),
      await theirs.put(`${foreign}/invalidate`),
      await theirs.remove(foreign),
    ])
      expect(answer.status).toBe(404)
    const host = await theirs.host('other')
    expect((await theirs.post(PATH, { hostID: host, osID: os })).body.code).toBe('reference-unknown')
  })
})

describe('a host with an instance', () => {
  const found = async (filter: string): Promise<string[]> => {
    const answer = await ours.get(`compute/hosts?pageSize=100&filter=${encodeURIComponent(filter)}`)
    expect(answer.status, `${filter}: ${answer.text}`).toBe(200)
    return answer.body.hosts.map((each: any) => each.resourceId)
  }

  it('shows it, with its system and its workloads, and without itself again', async () => {
    const hostID = await newHost()
    const instance = await ours.made(PATH, body(hostID, { name: 'shown' }))
    const workload = await ours.made('workloads', { kind: 'WORKLOAD_KIND_CLUSTER', name: 'shown' })
    await ours.made('workload_members', {
      kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
      workloadId: workload.resourceId,
      instanceId: instance.resourceId,
    })

    const host = (await ours.get(`compute/hosts/${hostID}`)).body

    expect(host.instance).toMatchObject({
      resourceId: instance.resourceId,
      name: 'shown',
      os: { resourceId: os, name: 'plain' },
      workloadMembers: [{ workload: { resourceId: workload.resourceId, name: 'shown' } }],
    })
    expect(host.instance).not.toHaveProperty('host')
    expect(misfits('HostResource', host)).toEqual([])
  })

  it('is found by what its instance is', async () => {
    const fresh = await newHost()
    const hostID = await newHost()
    const instance = await ours.made(PATH, body(hostID, { name: 'sought', osID: secured }))
    const workload = await ours.made('workloads', { kind: 'WORKLOAD_KIND_CLUSTER', name: 'sought' })

    expect(await found(`instance.resourceId = "${instance.resourceId}"`)).toEqual([hostID])
    expect(await found('instance.name = "sought"')).toEqual([hostID])
    expect(await found(`instance.os.resourceId = "${secured}" AND instance.name = "sought"`)).toEqual([hostID])
    expect(await found('instance.os.name = "secured" AND instance.name = "sought"')).toEqual([hostID])
    expect(await found('instance.desiredState = INSTANCE_STATE_RUNNING AND instance.name = "sought"')).toEqual([hostID])
    expect(await found('has(instance)')).toContain(hostID)
    expect(await found('has(instance)')).not.toContain(fresh)
    expect(await found('NOT has(instance)')).toContain(fresh)
    expect(await found('has(instance.workloadMembers) AND instance.name = "sought"')).toEqual([])
    await ours.made('workload_members', {
      kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
      workloadId: workload.resourceId,
      instanceId: instance.resourceId,
    })
    expect(await found('has(instance.workload_members) AND instance.name = "sought"')).toEqual([hostID])
    expect(await found(`instance.workloadMembers.workload.resourceId = "${workload.resourceId}"`)).toEqual([hostID])
  })

  it('makes it untrusted when it is itself no longer trusted', async () => {
    const hostID = await newHost()
    const { resourceId } = await ours.made(PATH, body(hostID))

    expect((await ours.put(`compute/hosts/${hostID}/invalidate`, { note: 'stolen' })).status).toBe(200)

    expect((await ours.get(`${PATH}/${resourceId}`)).body.desiredState).toBe('INSTANCE_STATE_UNTRUSTED')
  })
})
