// SPDX-License-Identifier: Apache-2.0
/** EIM's paths against a running controller: every operation lands on a route of ours, under whichever spelling. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { operations } from '../support/eim.ts'

const NATIVE = '/edge-infra.orchestrator.apis/v2'
let test: TestController
let uuid: string

beforeAll(async () => {
  test = await startTestController()
  uuid = (await test.call('GET', '/v1/projects/default')).body.status.projectStatus.uID
})
afterAll(() => test?.stop())

const filled = (path: string): string =>
  path
    .replace('{projectName}', 'default')
    .replaceAll('{resourceId}', 'x-00000000')
    .replaceAll('{regionId}', 'region-00000000')

describe('every operation of the specification', () => {
  it('is served, whether the project stands in the path, in the query or in the header', async () => {
    expect(operations).toHaveLength(245)
    const unserved: string[] = []
    for (const { verb, path } of operations) {
      const isNative = path.startsWith(NATIVE)
      const body = verb === 'GET' || verb === 'DELETE' ? undefined : {}
      const ways = isNative
        ? ([[`${filled(path)}?projectName=default`], [filled(path), { activeprojectid: uuid }]] as const)
        : ([[filled(path)], [`${filled(path)}?projectName=default`]] as const)
      for (const [url, headers] of ways) {
        const answer = await test.call(verb, url, body, headers)
        if (answer.body?.code === 'route-unknown' || answer.status >= 500)
          unserved.push(`${verb} ${url} ${answer.text}`)
      }
    }

    expect(unserved).toEqual([])
  })

  it('is in the description under its own spelling; second paths are marked as such', async () => {
    const { paths } = (await test.call('GET', '/openapi.json')).body
    const missing = operations.filter(({ verb, path }) => paths[path]?.[verb.toLowerCase()] === undefined)

    expect(missing).toEqual([])
    expect(paths['/v1/projects/{projectName}/compute/os'].get.deprecated).toBeUndefined()
    expect(paths['/v1/projects/{projectName}/compute/operating_systems'].get.deprecated).toBe(true)
    const native = paths[`${NATIVE}/hosts/{resourceId}`].get
    expect(native.parameters).toContainEqual(
      expect.objectContaining({ in: 'query', name: 'projectName', required: true }),
    )
    expect(native.parameters).toContainEqual(expect.objectContaining({ in: 'path', name: 'resourceId' }))
  })
})

describe('a second path', () => {
  it('answers as the first does', async () => {
    const made = await test.call('POST', `${NATIVE}/regions?projectName=default`, { name: 'North' })
    const byPath = await test.call('GET', `/v1/projects/default/regions/${made.body.resourceId}`)
    const byHeader = await test.call('GET', `${NATIVE}/regions/${made.body.resourceId}`, undefined, {
      activeprojectid: uuid.toUpperCase(),
    })

    expect(made.status, made.text).toBe(200)
    expect(byHeader.body).toEqual(byPath.body)
  })

  it('is named by its first in what is said of it', async () => {
    const lost = await test.call('DELETE', `${NATIVE}/os_update_policy?projectName=default`)
    expect(lost.body).toMatchObject({
      code: 'route-unknown',
      detail: 'DELETE /v1/projects/default/os-update-policies',
    })
  })

  it('needs a project, and one only', async () => {
    const code = async (url: string, headers = {}, body?: object): Promise<string> =>
      (await test.call(body === undefined ? 'GET' : 'POST', url, body, headers)).body.code

    expect(await code(`${NATIVE}/hosts`)).toBe('project-not-named')
    expect(await code(`${NATIVE}/hosts?projectName=other`, { activeprojectid: uuid })).toBe('project-disagrees')
    expect(await code('/v1/projects/default/regions?projectName=other')).toBe('project-disagrees')
    expect(await code('/v1/projects/default/regions', {}, { name: 'South', projectName: 'other' })).toBe(
      'project-disagrees',
    )
    expect(await code('/v1/projects/default/regions', {}, { name: 'South', projectName: 'default' })).toBeUndefined()
    expect(await code(`${NATIVE}/hosts`, { activeprojectid: '00000000-0000-4000-8000-000000000000' })).toBe('not-found')
  })
})
