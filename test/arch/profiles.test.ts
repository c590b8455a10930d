// SPDX-License-Identifier: Apache-2.0
/** Each profile runs, a module that is off leaves no route, and controllers side by side know nothing of each other. */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { load } from '../../controller/config.ts'
import { catalog } from '../../controller/modules/catalog.ts'
import { profileModules, profiles } from '../../packaging/build/variants.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { ROOT } from './tree.ts'

const running: TestController[] = []
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop()
})

async function start(profile: string): Promise<TestController> {
  const { modules = {} } = load([join(ROOT, 'packaging/profiles', `${profile}.yaml`)], {})
  const started = await startTestController({ config: { modules } })
  running.push(started)
  return started
}

const pathsOf = async (controller: TestController): Promise<readonly string[]> =>
  Object.keys((await controller.call('GET', '/openapi.json')).body.paths)

/** A path that only this module serves. */
const MARKS: Readonly<Record<string, string>> = {
  onboarding: '/enroll/v1/requests',
  inventory: '/v1/projects/{projectName}/regions',
  tenancy: '/v1/orgs',
  access: '/v1/access/bindings',
  webhooks: '/v1/projects/{project}/webhooks',
  oob: '/v1/projects/{project}/oob/summary',
  packages: '/v1/packages',
  dashboard: '/v1/projects/{project}/views',
}

describe('a profile', async () => {
  it.each(await profiles(ROOT))('%s runs with the routes of its modules and no others', async profile => {
    const paths = await pathsOf(await start(profile))
    const present = Object.keys(MARKS).filter(module => paths.includes(MARKS[module] ?? ''))

    expect(Object.keys(MARKS)).toEqual(Object.keys(catalog))
    expect(present).toEqual(await profileModules(ROOT, profile))
  })
})

describe('two controllers in one process', () => {
  it('are two installations', async () => {
    const [one, other] = [await start('full'), await start('onboarding')]
    await one.joinToken()
    const strange = await other.call('GET', '/v1/me', undefined, { authorization: `Bearer ${one.token}` })

    expect(one.controller.rootFingerprint).not.toBe(other.controller.rootFingerprint)
    expect((await one.call('GET', '/v1/projects/default/enrollment/tokens')).body.tokens).toHaveLength(1)
    expect((await other.call('GET', '/v1/projects/default/enrollment/tokens')).body.tokens).toHaveLength(0)
    expect(strange.status).toBe(401)
  })
})
