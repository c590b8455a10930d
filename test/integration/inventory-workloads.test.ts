// SPDX-License-Identifier: Apache-2.0
/** Workloads and their members over the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { misfits } from '../support/eim.ts'
import { type ProjectCalls, projectCalls } from '../support/project-calls.ts'

let test: TestController
let ours: ProjectCalls
let theirs: ProjectCalls
let instance: string
let hostID: string

beforeAll(async () => {
  test = await startTestController()
  ours = await projectCalls(test, 'ours')
  theirs = await projectCalls(test, 'theirs')
  hostID = await ours.host('press-1')
  instance = (await ours.made('compute/instances', { name: 'press', hostID })).resourceId
})
afterAll(() => test.stop())

const cluster = (name: string) => ({ kind: 'WORKLOAD_KIND_CLUSTER', name, externalId: `c-${name}` })
const membership = (workloadId: string) => ({
  kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
  workloadId,
  instanceId: instance,
})

describe('a workload', () => {
  it('is made without members, read, replaced, changed and deleted', async () => {
    const workload = await ours.made('workloads', { ...cluster('one'), status: 'Ready' })
    const path = `workloads/${workload.resourceId}`

    expect(workload).toMatchObject({ ...cluster('one'), status: 'Ready', members: [], workloadId: workload.resourceId })
    expect(misfits('WorkloadResource', workload)).toEqual([])
    expect((await ours.get('workloads')).body.workloads).toContainEqual(workload)
    expect((await ours.patch(path, { status: 'Degraded' })).body).toMatchObject({ name: 'one', status: 'Degraded' })
    expect((await ours.patch(`${path}?fieldMask=external_id`, { externalId: 'c-2', name: 'no' })).body).toMatchObject({
      externalId: 'c-2',
      name: 'one',
    })
    expect((await ours.put(path, { kind: 'WORKLOAD_KIND_CLUSTER' })).body.name).toBe('')
    expect((await ours.remove(path)).body).toEqual({})
    expect((await ours.get(path)).status).toBe(404)
  })

  it('can be sent back with the members it was read with', async () => {
    const { resourceId } = await ours.made('workloads', cluster('two'))
    await ours.made('workload_members', membership(resourceId))
    const read = (await ours.get(`workloads/${resourceId}`)).body

    const again = await ours.put(`workloads/${resourceId}`, read)

    expect(again.status, again.text).toBe(200)
    expect(again.body.members).toEqual(read.members)
    await ours.remove(`workloads/${resourceId}`)
  })

  it.each([
    ['no kind', { name: 'x', members: [] }],
    ['an unknown kind', { kind: 'WORKLOAD_KIND_CAKE', members: [] }],
    ['too long an external id', { kind: 'WORKLOAD_KIND_CLUSTER', externalId: 'x'.repeat(41) }],
    ['a member nobody knows', { kind: 'WORKLOAD_KIND_CLUSTER', colour: 'red' }],
  ])('is refused with %s', async (_what, body) => {
    expect((await ours.post('workloads', body)).body).toMatchObject({ status: 400, code: 'invalid' })
  })
})

describe('a member', () => {
  it('shows its workload and its instance, and is shown by both', async () => {
    const workload = await ours.made('workloads', cluster('three'))
    const member = await ours.made('workload_members', membership(workload.resourceId))

    expect(member).toMatchObject({
      kind: 'WORKLOAD_MEMBER_KIND_CLUSTER_NODE',
      workload: { resourceId: workload.resourceId, name: 'three' },
      instance: { resourceId: instance, name: 'press' },
      member: { resourceId: instance },
      workloadMemberId: member.resourceId,
    })
    expect(member.workloadId).toBe(workload.resourceId)
    expect(misfits('WorkloadMember', member)).toEqual([])
    expect((await ours.get(`workloads/${workload.resourceId}`)).body.members).toMatchObject([
      { resourceId: member.resourceId, instance: { resourceId: instance } },
    ])
    expect((await ours.get(`compute/instances/${instance}`)).body.workloadMembers).toMatchObject([
      { resourceId: member.resourceId, workload: { resourceId: workload.resourceId, name: 'three' } },
    ])
    expect((await ours.get('workload_members')).body.workloadMembers).toEqual([member])
    const filtered = await ours.get(`workload_members?filter=${encodeURIComponent('workload.name = "three"')}`)
    expect(filtered.body.totalElements).toBe(1)
    expect((await ours.post('workload_members', membership(workload.resourceId))).status).toBe(409)
    for (const verb of ['PUT', 'PATCH'])
      expect([404, 405]).toContain(
        (await test.call(verb, `/v1/projects/ours/workload_members/${member.resourceId}`, {})).status,
      )
    expect((await ours.remove(`workload_members/${member.resourceId}`)).body).toEqual({})
    expect((await ours.get(`workloads/${workload.resourceId}`)).body.members).toEqual([])
  })

  it('goes with its workload', async () => {
    const workload = await ours.made('workloads', cluster('four'))
    const member = await ours.made('workload_members', membership(workload.resourceId))

    expect((await ours.remove(`workloads/${workload.resourceId}`)).status).toBe(200)

    expect((await ours.get(`workload_members/${member.resourceId}`)).status).toBe(404)
    expect((await ours.get(`compute/instances/${instance}`)).body.workloadMembers).toEqual([])
  })

  it.each([
    ['no workload', { workloadId: undefined }, 'invalid'],
    ['no instance', { instanceId: undefined }, 'invalid'],
    ['no kind', { kind: undefined }, 'invalid'],
    ['an unknown workload', { workloadId: 'workload-00000000' }, 'reference-unknown'],
    ['an unknown instance', { instanceId: 'inst-00000000' }, 'reference-unknown'],
  ])('is refused with %s', async (_what, more, code) => {
    const workload = await ours.made('workloads', cluster('five'))

    const answer = await ours.post('workload_members', { ...membership(workload.resourceId), ...more })

    expect(answer.body).toMatchObject({ status: 400, code })
    await ours.remove(`workloads/${workload.resourceId}`)
  })
})

describe('another project', () => {
  it('has nothing of ours and cannot use it', async () => {
    const workload = await ours.made('workloads', cluster('six'))
    const member = await ours.made('workload_members', membership(workload.resourceId))

    for (const path of [`workloads/${workload.resourceId}`, `workload_members/${member.resourceId}`]) {
      expect((await theirs.get(path)).status).toBe(404)
      expect((await theirs.remove(path)).status).toBe(404)
    }
    expect((await theirs.patch(`workloads/${workload.resourceId}`, { name: 'mine' })).status).toBe(404)
    expect((await theirs.get('workloads')).body.totalElements).toBe(0)
    const own = await theirs.made('workloads', cluster('own'))
    expect((await theirs.post('workload_members', membership(own.resourceId))).body.code).toBe('reference-unknown')
  })
})
