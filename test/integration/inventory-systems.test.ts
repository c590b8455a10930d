// SPDX-License-Identifier: Apache-2.0
/** Operating systems, OS update policies and runs of updates over the API. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAudit } from '../../controller/kernel/audit.ts'
import { createEvents } from '../../controller/kernel/events.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { SYSTEM } from '../../controller/kernel/permissions.ts'
import { createResources } from '../../controller/modules/inventory/resources.ts'
import { beginRun, noteRun } from '../../controller/modules/inventory/systems/run.ts'
import { openSqlite } from '../../controller/store/sqlite.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { misfits } from '../support/eim.ts'
import { surroundings, testSigner } from '../support/kernel.ts'
import { type ProjectCalls, projectCalls } from '../support/project-calls.ts'

let test: TestController
let ours: ProjectCalls
let theirs: ProjectCalls

beforeAll(async () => {
  test = await startTestController()
  ours = await projectCalls(test, 'ours')
  theirs = await projectCalls(test, 'theirs')
})
afterAll(() => test.stop())

const OS = 'compute/os'
const sha = (digit: string): string => digit.repeat(64)
const image = (digit: string, more: object = {}) => ({
  name: `Debian ${digit}`,
  imageUrl: `https://images/${digit}.raw`,
  sha256: sha(digit),
  ...more,
})

describe('operating systems', () => {
  it('are made and read as the specification has them', async () => {
    const os = await ours.made(OS, {
      name: 'Ubuntu 24.04 (LTS)',
      architecture: 'x86_64',
      imageUrl: 'https://images/ubuntu.raw',
      imageId: '24.04.1',
      description: 'Kept for 5 years & more',
      sha256: sha('0'),
      profileName: 'ubuntu-24.04-lts-generic',
      securityFeature: 'SECURITY_FEATURE_NONE',
      osType: 'OS_TYPE_MUTABLE',
      osProvider: 'OS_PROVIDER_KIND_INFRA',
      metadata: '{"tier":"gold"}',
      tlsCaCert: 'Y2VydA==',
      existingCvesUrl: '/cves/existing.json',
      fixedCvesUrl: 'https://cves/fixed.json',
      installedPackagesUrl: 'packages.json',
      repoUrl: 'https://repo',
    })

    expect(os.resourceId).toMatch(/^os-[0-9a-f]{8}$/)
    expect(os.osResourceID).toBe(os.resourceId)
    expect(os.timestamps).toMatchObject({ createdAt: expect.any(String), updatedAt: expect.any(String) })
    expect(misfits('OperatingSystemResource', os)).toEqual([])
    expect((await ours.get(`${OS}/${os.resourceId}`)).body).toEqual(os)
    const list = (await ours.get(OS)).body
    expect(list).toMatchObject({ totalElements: 1, hasNext: false })
    expect(list.OperatingSystemResources).toEqual([os])
    expect((await ours.remove(`${OS}/${os.resourceId}`)).body).toEqual({})
    expect((await ours.get(`${OS}/${os.resourceId}`)).status).toBe(404)
  })

  it.each([
    ['without a checksum', { name: 'x' }],
    ['with a short checksum', { sha256: 'ab' }],
    ['with a checksum in capitals', { sha256: 'A'.repeat(64) }],
    ['with an unknown kind', { sha256: sha('1'), osType: 'OS_TYPE_PURPLE' }],
    ['with a member nobody knows', { sha256: sha('1'), colour: 'red' }],
    ['with too long a name', { sha256: sha('1'), name: 'x'.repeat(129) }],
    ['with metadata in capitals', { sha256: sha('1'), metadata: '{"TIER":1}' }],
  ])('are refused %s', async (_what, body) => {
    const answer = await ours.post(OS, body)

    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('invalid')
  })

  it('pass over members that are read-only', async () => {
    const os = await ours.made(OS, {
      ...image('2'),
      resourceId: 'os-00000000',
      osResourceID: 'os-00000000',
      profileVersion: '9.9',
      installedPackages: '[]',
      existingCves: '[]',
      fixedCves: '[]',
      platformBundle: '{}',
      timestamps: { createdAt: '2020-01-01T00:00:00Z', updatedAt: '2020-01-01T00:00:00Z' },
    })

    expect(os.resourceId).not.toBe('os-00000000')
    for (const name of ['profileVersion', 'installedPackages', 'existingCves', 'fixedCves', 'platformBundle'])
      expect(os[name]).toBe('')
    expect(os.timestamps.createdAt).not.toContain('2020')
    await ours.remove(`${OS}/${os.resourceId}`)
  })

  it('are one of a kind by image and checksum', async () => {
    const first = await ours.made(OS, image('3'))

    const twin = await ours.post(OS, image('3'))

    expect(twin.status).toBe(409)
    expect(twin.body.message).toContain('imageUrl and sha256')
    expect((await ours.post(OS, { ...image('3'), imageUrl: 'https://images/other.raw' })).status).toBe(200)
    expect((await theirs.post(OS, image('3'))).status).toBe(200)
    await ours.remove(`${OS}/${first.resourceId}`)
  })

  it('keep for ever where their packages and vulnerabilities are read from', async () => {
    const os = await ours.made(
      OS,
      image('4', { existingCvesUrl: '/a', fixedCvesUrl: '/b', installedPackagesUrl: '/c' }),
    )
    const path = `${OS}/${os.resourceId}`

    for (const name of ['existingCvesUrl', 'fixedCvesUrl', 'installedPackagesUrl']) {
      expect((await ours.patch(path, { [name]: '/other' })).status).toBe(400)
      expect((await ours.patch(path, { [name]: os[name] })).status).toBe(200)
    }
    expect((await ours.put(path, image('4', { name: 'renamed' }))).body).toMatchObject({
      name: 'renamed',
      existingCvesUrl: '/a',
    })
  })

  it('are replaced by PUT and changed by PATCH', async () => {
    const os = await ours.made(OS, image('5', { architecture: 'x86_64', description: 'old' }))
    const path = `${OS}/${os.resourceId}`

    const replaced = (await ours.put(path, image('5', { description: 'new' }))).body
    expect(replaced).toMatchObject({ description: 'new' })
    expect(replaced.architecture).toBe('')
    const patched = await ours.patch(`${path}?fieldMask=architecture,os_type`, {
      architecture: 'arm64',
      osType: 'OS_TYPE_IMMUTABLE',
      description: 'not in the mask',
    })
    expect(patched.body).toMatchObject({ architecture: 'arm64', osType: 'OS_TYPE_IMMUTABLE', description: 'new' })
    expect((await ours.patch(`${path}?fieldMask=colour`, {})).status).toBe(400)
    expect((await ours.put(path, { name: 'no checksum' })).status).toBe(400)
  })

  it('of another project are not there', async () => {
    const { resourceId } = await theirs.made(OS, image('6'))

    expect((await ours.get(`${OS}/${resourceId}`)).status).toBe(404)
    expect((await ours.patch(`${OS}/${resourceId}`, { name: 'mine' })).status).toBe(404)
    expect((await ours.put(`${OS}/${resourceId}`, image('6'))).status).toBe(404)
    expect((await ours.remove(`${OS}/${resourceId}`)).status).toBe(404)
    const policy = { name: 'p', updatePolicy: 'UPDATE_POLICY_TARGET', targetOsId: resourceId }
    expect((await ours.post('os-update-policies', policy)).body.code).toBe('reference-unknown')
  })
})

describe('OS update policies', () => {
  const PATH = 'os-update-policies'

  it('are made, read and deleted, and never changed', async () => {
    const os = await ours.made(OS, image('7'))
    const policy = await ours.made(PATH, {
      name: 'to seven',
      description: 'the next image',
      updatePolicy: 'UPDATE_POLICY_TARGET',
      targetOsId: os.resourceId,
    })

    expect(policy).toMatchObject({ name: 'to seven', targetOs: { resourceId: os.resourceId, name: 'Debian 7' } })
    expect(policy.targetOsId).toBe(policy.targetOs.resourceId)
    expect(misfits('OSUpdatePolicy', policy)).toEqual([])
    expect((await ours.get(PATH)).body.osUpdatePolicies).toContainEqual(policy)
    for (const verb of ['PUT', 'PATCH']) {
      const answer = await test.call(verb, `/v1/projects/ours/${PATH}/${policy.resourceId}`, { name: 'other' })
      expect([404, 405]).toContain(answer.status)
    }
    expect((await ours.remove(`${OS}/${os.resourceId}`)).body).toMatchObject({ code: 'in-use' })
    expect((await theirs.get(`${PATH}/${policy.resourceId}`)).status).toBe(404)
    expect((await ours.remove(`${PATH}/${policy.resourceId}`)).body).toEqual({})
    expect((await ours.remove(`${OS}/${os.resourceId}`)).status).toBe(200)
  })

  it.each([
    ['LATEST with packages', { updatePolicy: 'UPDATE_POLICY_LATEST', updatePackages: 'curl' }, 'updatePackages'],
    ['LATEST with sources', { updatePolicy: 'UPDATE_POLICY_LATEST', updateSources: ['Types: deb'] }, 'updateSources'],
    ['TARGET with nothing', { updatePolicy: 'UPDATE_POLICY_TARGET' }, 'targetOsId'],
    ['no policy', {}, 'updatePolicy'],
    ['an unspecified policy', { updatePolicy: 'UPDATE_POLICY_UNSPECIFIED' }, 'updatePolicy'],
  ])('refuse %s', async (_what, body, word) => {
    const answer = await ours.post(PATH, { name: 'p', ...body })

    expect(answer.status).toBe(400)
    expect(answer.body.message).toContain(word)
  })

  it('refuse both ways of TARGET at once, and say which members clash', async () => {
    const os = await ours.made(OS, image('8'))
    const both = {
      name: 'both',
      updatePolicy: 'UPDATE_POLICY_TARGET',
      updatePackages: 'curl',
      updateKernelCommand: 'quiet',
      targetOsId: os.resourceId,
    }

    const answer = await ours.post(PATH, both)

    expect(answer.status).toBe(400)
    expect(JSON.stringify(answer.body.fields)).toContain('/updatePackages')
    expect(JSON.stringify(answer.body.fields)).toContain('/updateKernelCommand')
  })

  it('take lists of packages that are longer than other bodies may be', async () => {
    const updatePackages = Array.from({ length: 20_000 }, (_, at) => `package${at}`).join('\n')

    const policy = await ours.made(PATH, { name: 'many', updatePolicy: 'UPDATE_POLICY_TARGET', updatePackages })

    expect(policy.updatePackages).toBe(updatePackages)
  })
})

describe('runs of OS updates', () => {
  const PATH = 'os-update-runs'

  it('cannot be made or changed by people', async () => {
    expect([404, 405]).toContain((await ours.post(PATH, { name: 'x' })).status)
    expect((await ours.get(PATH)).body).toEqual({ osUpdateRuns: [], totalElements: 0, hasNext: false })
    expect((await ours.get(`${PATH}/osupdaterun-00000000`)).status).toBe(404)
    expect((await ours.remove(`${PATH}/osupdaterun-00000000`)).status).toBe(404)
  })

  it('are shown with their policy and instance, hold the policy, and can be deleted', async () => {
    const hostID = await ours.host('press-1')
    const os = await ours.made(OS, image('9'))
    const policy = await ours.made('os-update-policies', { name: 'newest', updatePolicy: 'UPDATE_POLICY_LATEST' })
    const instance = await ours.made('compute/instances', { hostID, osID: os.resourceId })
    const at = Date.parse('2026-11-21T10:30:00Z')
    const id = await written(async ({ engine, store }) => {
      const act = { project: 'ours', by: SYSTEM }
      const status = { indicator: 'STATUS_INDICATION_IN_PROGRESS', status: 'Updating', at } as const
      const run = { ...status, instance: instance.resourceId, policy: policy.resourceId, subject: 'press-1-in-hall-4' }
      const id = await store.change(tx => beginRun(engine, tx, act, run))
      const end = { indicator: 'STATUS_INDICATION_IDLE', status: 'Update completed', details: '{}' } as const
      await store.change(tx => noteRun(engine, tx, 'ours', { ...end, id, at: at + 60_000, ended: true }))
      return id
    })

    const run = (await ours.get(`${PATH}/${id}`)).body

    expect(run).toMatchObject({
      name: 'press-1-in-ha update 20261121-103000',
      appliedPolicy: { resourceId: policy.resourceId },
      instance: { resourceId: instance.resourceId },
      status: 'Update completed',
      statusIndicator: 'STATUS_INDICATION_IDLE',
      statusDetails: '{}',
      startTime: at / 1_000,
      endTime: at / 1_000 + 60,
      statusTimestamp: at / 1_000 + 60,
    })
    expect(misfits('OSUpdateRun', run)).toEqual([])
    expect((await theirs.get(`${PATH}/${id}`)).status).toBe(404)
    expect((await ours.remove(`os-update-policies/${policy.resourceId}`)).body.code).toBe('in-use')
    expect((await ours.remove(`compute/instances/${instance.resourceId}`)).status).toBe(200)
    expect((await ours.get(`${PATH}/${id}`)).body).not.toHaveProperty('instance')
    expect((await ours.remove(`${PATH}/${id}`)).body).toEqual({})
    expect((await ours.remove(`os-update-policies/${policy.resourceId}`)).status).toBe(200)
  })
})

type Writing = { readonly engine: ReturnType<typeof createResources>; readonly store: ReturnType<typeof openSqlite> }

/** Writes as the module that updates hosts will: with the engine, beside the running controller. */
async function written<R>(act: (writing: Writing) => Promise<R>): Promise<R> {
  const store = openSqlite(join(test.dir, 'controller.db'))
  const given = surroundings(Date.now())
  const audit = createAudit(store, testSigner(), given)
  const kernel = { ...given, store, audit, events: createEvents(store, given) } as unknown as Kernel
  try {
    return await act({ engine: createResources({ kernel, secrets: undefined }), store })
  } finally {
    await store.close()
  }
}
