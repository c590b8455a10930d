// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectChain } from '../../controller/kernel/audit.ts'
import { resolveProfile } from '../../controller/modules/oob/records/resolve.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

let rps: TestRps
beforeEach(async () => {
  rps = await startTestRps({ projects: ['north', 'south'] })
})
afterEach(() => rps.close())

const PROFILE = {
  profileName: 'profile1',
  activation: 'ccmactivate',
  amtPassword: 'N0rth!pass',
  generateRandomPassword: false,
  dhcpEnabled: true,
}
const proxy = (index: number) => ({
  name: `p${index}`,
  address: '10.0.0.1',
  port: 1000 + index,
  networkDnsSuffix: 'intel.com',
})

describe('lists', () => {
  beforeEach(async () => {
    for (let index = 0; index < 30; index++) await rps.call('POST', '/proxyconfigs', proxy(index))
  })

  it('hold twenty-five by name unless told otherwise', async () => {
    const { status, body } = await rps.call('GET', '/proxyconfigs/')

    expect(status).toBe(200)
    expect(body).toHaveLength(25)
    expect(body.map((each: any) => each.name)).toEqual([...body.map((each: any) => each.name)].sort())
  })

  it('page, and count when asked to', async () => {
    expect((await rps.call('GET', '/proxyconfigs?$top=4&$skip=28')).body.map((each: any) => each.name)).toEqual([
      'p8',
      'p9',
    ])
    const counted = await rps.call('GET', '/proxyconfigs?$top=1&$count=true')
    expect(counted.body).toEqual({ data: [expect.objectContaining({ name: 'p0' })], totalCount: 30 })
    expect((await rps.call('GET', '/proxyconfigs?$count=false&$top=0')).body).toEqual([])
  })

  it.each([
    ['$top=-1', 'The number of items to return should be a positive integer'],
    ['$top=many', 'The number of items to return should be a positive integer'],
    ['$skip=-1', 'The number of items to skip before starting to collect the result set should be a positive integer'],
    ['$count=maybe', 'To return total number of records in result set should be boolean'],
  ])('refuse %s', async (query, msg) => {
    const { status, body } = await rps.call('GET', `/proxyconfigs?${query}`)

    const [path, value] = query.split('=')
    expect(status).toBe(400)
    expect(body).toEqual({ errors: [{ type: 'field', value, msg, path, location: 'query' }] })
  })

  it('are answered with 304 while nothing changed', async () => {
    const first = await rps.call('GET', '/proxyconfigs')
    const known = { 'if-none-match': String(first.headers.etag) }

    const again = await rps.call('GET', '/proxyconfigs', undefined, { ...known, 'cache-control': 'max-age' })
    await rps.call('DELETE', '/proxyconfigs/p0')
    const changed = await rps.call('GET', '/proxyconfigs', undefined, known)

    expect(again).toMatchObject({ status: 304, body: undefined })
    expect(changed.status).toBe(200)
  })
})

describe('one record', () => {
  it('has its version as entity tag, and 304 for who knows it', async () => {
    const { body } = await rps.call('POST', '/profiles', PROFILE)
    const asking = (tag: string, more = {}) =>
      rps.call('GET', '/profiles/profile1', undefined, { 'if-none-match': tag, ...more })

    expect((await rps.call('GET', '/profiles/profile1')).headers.etag).toBe(body.version)
    expect(await asking(body.version)).toMatchObject({ status: 304, body: undefined, headers: { etag: body.version } })
    expect((await asking(`W/"${body.version}"`)).status).toBe(304)
    expect((await asking('123')).status).toBe(200)
    expect((await asking(body.version, { 'cache-control': 'no-cache' })).status).toBe(200)
  })

  it('never gets a version again that another of its name had', async () => {
    const first = await rps.call('POST', '/profiles', PROFILE)
    await rps.call('DELETE', '/profiles/profile1')
    const second = await rps.call('POST', '/profiles', PROFILE)

    expect(second.body.version).not.toBe(first.body.version)
  })
})

describe('requests', () => {
  it('may say JSON and send nothing, and get an answer to what is not JSON', async () => {
    expect((await rps.call('DELETE', '/profiles/none', undefined)).status).toBe(404)
    const broken = await rps.http.inject({
      method: 'POST',
      url: '/api/v1/admin/profiles',
      headers: { 'content-type': 'application/json' },
      payload: '{',
    })
    expect(broken.statusCode).toBe(400)
    expect((await rps.call('POST', '/profiles', [1] as never)).status).toBe(400)
  })

  it('say version and health as the toolkit does', async () => {
    expect((await rps.call('GET', '/version')).body).toEqual({
      serviceVersion: expect.any(String),
      protocolVersion: '4.0.0',
    })
    expect(await rps.call('GET', '/health')).toMatchObject({
      status: 200,
      body: { db: { status: 'OK' }, secretStore: { status: { initialized: true, sealed: false } } },
    })
    expect((await rps.call('GET', '/rps/api/v1/admin/version')).status).toBe(200)
  })

  it('about a project that is not there are answered with 404', async () => {
    expect((await rps.call('GET', '/profiles', undefined, { 'x-tenant-id': 'east' })).status).toBe(404)
  })
})

describe('projects', () => {
  const north = { 'x-tenant-id': 'north' }
  const south = { activeprojectid: 'south' }

  it('have records of the same name that know nothing of each other', async () => {
    const one = await rps.call('POST', '/profiles', PROFILE, north)
    const other = await rps.call('POST', '/v1/projects/south/oob/rps/profiles', {
      ...PROFILE,
      amtPassword: 'S0uth!pass',
    })

    expect([one.status, other.status]).toEqual([201, 201])
    expect([one.body.tenantId, other.body.tenantId]).toEqual(['north', 'south'])
    await rps.call('DELETE', '/profiles/profile1', undefined, north)
    expect((await rps.call('GET', '/profiles/profile1', undefined, north)).status).toBe(404)
    expect((await rps.call('GET', '/profiles/profile1')).status).toBe(404)
    const kept = await resolveProfile(rps.kernel.store, rps.secrets, { project: 'south', name: 'profile1' })
    expect(kept?.amtPassword?.equals('S0uth!pass')).toBe(true)
  })

  it('do not list, change, refer to or remove what is another one’s', async () => {
    const wired = { profileName: 'wired', authenticationProtocol: 0, pxeTimeout: 1, wiredInterface: true }
    const { body } = await rps.call('POST', '/ieee8021xconfigs', wired, north)

    expect((await rps.call('GET', '/ieee8021xconfigs', undefined, south)).body).toEqual([])
    expect((await rps.call('PATCH', '/ieee8021xconfigs', { ...wired, version: body.version }, south)).status).toBe(404)
    expect((await rps.call('DELETE', '/ieee8021xconfigs/wired', undefined, south)).status).toBe(404)
    const referring = await rps.call('POST', '/profiles', { ...PROFILE, ieee8021xProfileName: 'wired' }, south)
    expect(referring.body.errors[0].msg).toBe('Ieee8021x profile wired does not exist in db')
  })

  it('have their own domains for the same suffix', async () => {
    const suffix = { ...proxy(1), name: 'same' }

    expect((await rps.call('POST', '/proxyconfigs', suffix, north)).status).toBe(201)
    expect((await rps.call('POST', '/proxyconfigs', suffix, south)).status).toBe(201)
  })

  it('have every change in their own audit, without a secret', async () => {
    const { version } = (await rps.call('POST', '/profiles', PROFILE, north)).body
    await rps.call('PATCH', '/profiles', { ...PROFILE, amtPassword: 'An0ther!', version }, north)
    await rps.call('DELETE', '/profiles/profile1', undefined, north)

    const entries = await rps.kernel.audit.list(projectChain('north'), 0, 10)
    expect(entries.map(({ action, target, principal }) => [action, target, principal.id])).toEqual([
      ['oob.profile.create', 'profile1', 'p-1'],
      ['oob.profile.change', 'profile1', 'p-1'],
      ['oob.profile.remove', 'profile1', 'p-1'],
    ])
    expect(JSON.stringify(entries)).not.toMatch(/N0rth|An0ther/)
    expect(await rps.kernel.audit.list(projectChain('south'), 0, 10)).toEqual([])
  })
})

describe('the database', () => {
  it('holds no secret in the clear', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'muster-rps-'))
    const file = join(dir, 'store.db')
    const own = await startTestRps({ file })
    await own.call('POST', '/profiles', { ...PROFILE, activation: 'acmactivate', mebxPassword: 'M3bx!canary' })
    await own.call('POST', '/wirelessconfigs', {
      profileName: 'w',
      authenticationMethod: 6,
      encryptionMethod: 4,
      ssid: 'seen',
      pskPassphrase: 'Psk!canary1',
    })
    await own.close()

    const bytes = readFileSync(file).toString('latin1')
    rmSync(dir, { recursive: true })

    expect(bytes).toContain('seen')
    for (const secret of ['N0rth!pass', 'M3bx!canary', 'Psk!canary1']) expect(bytes).not.toContain(secret)
  })
})
