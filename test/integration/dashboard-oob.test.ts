// SPDX-License-Identifier: Apache-2.0
/** What the dashboard needs of out-of-band management: activation with a named profile, certificates checked beforehand, reasons kept. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestController, type TestController, until } from '../support/controller.ts'
import { startFleet } from '../support/fleet.ts'
import { fleetPfx, oobHost, SUFFIX } from '../support/oob-fleet.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'

const OOB = '/v1/projects/default/oob'

let test: TestController
let fleet: Awaited<ReturnType<typeof startFleet>>
let hosts: readonly { readonly host: string; readonly sku: string; readonly name: string }[]
const call: TestController['call'] = (...given) => test.call(...given)
const order = (host: string, body: object): Promise<Answer> =>
  call('POST', `${OOB}/hosts/${host}/activation`, { state: 'provisioned', ...body })
const settled = (host: string) =>
  until(
    () => call('GET', `${OOB}/hosts/${host}/activation`),
    ({ body }) => body.indicator === 'IDLE' || body.indicator === 'ERROR',
    60_000,
  ).then(({ body }) => body)
const audit = async () => JSON.stringify((await call('GET', '/v1/audit?chain=project:default&limit=100')).body)

beforeAll(async () => {
  test = await startTestController()
  fleet = await startFleet({
    url: test.secureUrl,
    token: await test.joinToken(2),
    count: 2,
    each: oobHost({ vpro: 1, ism: 1, none: 0 }),
  })
  const { body } = await until(
    () => call('GET', `${OOB}/status`),
    answer => answer.body.lines?.length === 2,
  )
  hosts = body.lines
})
afterAll(async () => {
  await fleet?.stop()
  await test?.stop()
})

describe('a certificate is looked at before it is kept', () => {
  const check = (more: object) => {
    const { pfx, password } = fleetPfx()
    const body = { domainSuffix: SUFFIX, provisioningCert: pfx, provisioningCertPassword: password, ...more }
    return call('POST', `${OOB}/domain-check`, body)
  }

  it('says until when it is good, and keeps nothing', async () => {
    const { status, body } = await check({})

    expect(status).toBe(200)
    expect(body).toEqual({ ok: true, expires: expect.stringMatching(/^20/) })
    expect((await call('GET', `${OOB}/rps/domains`)).body).toEqual([])
    expect(await audit()).not.toContain('oob.domain')
  })

  it.each([
    ['a wrong password', { provisioningCertPassword: 'wrong' }, 'pfx-unreadable'],
    ['no base64', { provisioningCert: '!!!' }, 'pfx-unreadable'],
    ['another suffix', { domainSuffix: 'other.test' }, 'pfx-wrong-suffix'],
  ])('names the first thing that is wrong: %s', async (_, more, code) => {
    const { body } = await check(more)

    expect(body).toMatchObject({ ok: false, code, message: expect.stringMatching(/\w/) })
  })

  it('finds out what a certificate lacks', async () => {
    const { pfx, password } = makeProvisioningPfx({ suffix: SUFFIX, days: -3 })

    const { body } = await check({ provisioningCert: pfx, provisioningCertPassword: password })

    expect(body).toMatchObject({ ok: false, code: 'pfx-expired' })
  })

  it('is for those who may make domains', async () => {
    const { body } = await call('POST', '/v1/access/tokens', { name: 'looker', role: 'viewer', expiresInMs: 3_600_000 })
    const refused = await call('POST', `${OOB}/domain-check`, {}, { authorization: `Bearer ${body.token}` })

    expect(refused.status).toBe(403)
    expect(refused.body.code).toBe('not-allowed')
  })
})

describe('activation with a profile by name', () => {
  it('refuses a profile and a mode together', async () => {
    const { status } = await order(hosts[0]!.host, { mode: 'ccm', profile: 'default_ccm' })

    expect(status).toBe(409)
  })

  it('says that there is none of that name', async () => {
    const ism = hosts.find(each => each.sku === 'ism')!
    const { body } = await order(ism.host, { profile: 'nothere' })

    expect(body).toMatchObject({ profile: 'nothere' })
    expect(await settled(ism.host)).toMatchObject({
      indicator: 'ERROR',
      status: 'AMT Activation Failed: there is no profile nothere',
    })
  })

  it('says what admin control mode lacks', async () => {
    const [ism, amt] = [hosts.find(each => each.sku === 'ism')!, hosts.find(each => each.sku === 'amt')!]
    await order(ism.host, { profile: 'default_acm' })
    await order(amt.host, { profile: 'default_acm' })

    expect((await settled(ism.host)).status).toContain('Standard Manageability')
    expect((await settled(amt.host)).status).toContain(`no domain has a certificate for ${SUFFIX}`)
  })

  it('activates with it, whatever the policy says, and a later mode takes its place', async () => {
    const amt = hosts.find(each => each.sku === 'amt')!
    const { body: first } = await call('GET', `${OOB}/rps/profiles/default_ccm`)
    const { version: _, ...copy } = first
    await call('POST', `${OOB}/rps/profiles`, { ...copy, profileName: 'floor', tags: ['floor'] })
    await call('PUT', `${OOB}/policy`, { rules: [{ profile: 'default_ccm' }] })

    await order(amt.host, { profile: 'FLOOR', reason: 'new line' })

    expect(await settled(amt.host)).toMatchObject({ indicator: 'IDLE', profile: 'FLOOR' })
    const { body } = await call('GET', `${OOB}/activations?host=${amt.host}`)
    expect(body.activations[0]).toMatchObject({ profile: 'floor', outcome: 'succeeded' })
    const { body: later } = await order(amt.host, { mode: 'ccm' })
    expect(later).toMatchObject({ mode: 'ccm' })
    expect(later).not.toHaveProperty('profile')
  }, 90_000)
})

describe('reasons', () => {
  it('are kept of shared passwords and of exports', async () => {
    const shared = { amt: 'Xy7!unseen', mebx: 'Zz8!unseen', reason: 'a test bench' }
    expect((await call('PUT', `${OOB}/shared-passwords`, shared)).status).toBe(200)
    expect((await call('GET', `${OOB}/rps/profiles/export/default_ccm?reason=no%20network`)).status).toBe(200)

    const kept = await audit()

    expect(kept).toContain('a test bench')
    expect(kept).toContain('no network')
    expect(kept).not.toContain('unseen')
  })
})
