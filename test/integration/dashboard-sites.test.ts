// SPDX-License-Identifier: Apache-2.0
/** How the hosts of each site are doing, as the board of sites asks for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'
import { person } from '../support/people.ts'
import { enrollWire, openWire, type WireSession } from '../support/wire-host.ts'

let test: TestController
let here: InProject
let lyon = ''
const open: WireSession[] = []

beforeAll(async () => {
  test = await startTestController()
  here = await inProject(test, 'default')
  lyon = (await here.made('/sites', { name: 'Lyon' })).resourceId
})
afterAll(async () => {
  for (const session of open) await session.end()
  await test.stop()
})

const tallies = async () => (await here.get('/inventory/sites')).body
const register = async (serial: string, siteId?: string): Promise<string> => {
  const { body } = await here.call('POST', '/compute/hosts/register', { name: serial, serialNumber: serial })
  if (siteId !== undefined) await here.call('PATCH', `/compute/hosts/${body.resourceId}`, { siteId })
  return body.resourceId
}

describe('the tally of sites', () => {
  it('is empty where there is no host', async () => {
    expect(await tallies()).toEqual({ sites: [], totalElements: 0 })
  })

  it('counts hosts by what can be said of them, those without a site by themselves', async () => {
    await register('NEVER1', lyon)
    await register('NOWHERE1')
    const there = await enrollWire(test, { hostname: 'there', serial: 'THERE1' })
    const lost = await enrollWire(test, { hostname: 'lost', serial: 'LOST01' })
    for (const { host } of [there, lost]) await here.call('PATCH', `/compute/hosts/${host}`, { siteId: lyon })
    const [one, two] = [await openWire(test, there), await openWire(test, lost)]
    open.push(one)
    await one.birth()
    await two.birth()
    two.client.stream.destroy()
    await test.until(lost.host, host => host.presence?.online === false)

    const { sites } = await tallies()

    const whole = { hosts: 3, online: 1, offline: 1, lost: 1, asleep: 0, never: 1, failing: 0 }
    const { lostSince, ...counts } = sites.find(({ siteId }: { siteId: string }) => siteId === lyon)
    expect(counts).toEqual({ siteId: lyon, ...whole })
    expect(Math.abs(Date.now() - Date.parse(lostSince))).toBeLessThan(60_000)
    expect(sites.find(({ siteId }: { siteId: string }) => siteId === '')).toMatchObject({ hosts: 1, never: 1 })
  })

  it('counts only the hosts that somebody sees', async () => {
    const elsewhere = (await here.made('/sites', { name: 'Oslo' })).resourceId
    await register('ELSEWHERE1', elsewhere)
    const narrow = await person(test, 'nora', { role: 'viewer', scope: { project: 'default', sites: [elsewhere] } })

    const { body } = await narrow.call('GET', '/v1/projects/default/inventory/sites')

    expect(body.sites).toEqual([expect.objectContaining({ siteId: elsewhere, hosts: 1 })])
  })
})

describe('a place that is removed', () => {
  it('leaves why in the audit', async () => {
    const { resourceId } = await here.made('/regions', { name: 'gone' })

    expect((await here.call('DELETE', `/regions/${resourceId}?reason=closed%20down`)).status).toBe(200)

    const { body } = await test.call('GET', '/v1/audit?project=default&limit=1000')
    const entries: { action: string; target: string; reason?: string }[] = body.entries
    expect(entries.find(({ action, target }) => action === 'region.delete' && target === resourceId)?.reason).toBe(
      'closed down',
    )
  })
})
