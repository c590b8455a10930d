// SPDX-License-Identifier: Apache-2.0
/** What clients of MPS and RPS meet beside the answers themselves, on a controller that listens: paths, tokens, bodies, other origins. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { startTestController, type TestController } from '../support/controller.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'
const PAGE = 'https://console.example.com'
/** So few that the usual limit would be met at once. */
const FEW = 4

let controller: TestController
let open: TestController
beforeAll(async () => {
  controller = await startTestController({
    config: { http: { requestsPerMinute: { person: FEW, address: FEW } } as never },
  })
  const oob = { ...(DEFAULT_MODULES.oob as object), toolkit: { corsOrigins: [PAGE] } }
  open = await startTestController({ config: { modules: { ...DEFAULT_MODULES, oob } as never } })
})
afterAll(async () => {
  await controller.stop()
  await open.stop()
})

const raw = async (method: string, path: string, options: RequestInit = {}, at = controller) => {
  const reply = await fetch(`${at.url}${path}`, { method, ...options })
  const text = await reply.text()
  const type = reply.headers.get('content-type') ?? ''
  return {
    status: reply.status,
    type,
    headers: reply.headers,
    text,
    body: type.includes('json') ? JSON.parse(text) : undefined,
  }
}
const signedIn = (more: Record<string, string> = {}) => ({ authorization: `Bearer ${controller.token}`, ...more })
const as = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  raw(method, path, { headers: signedIn(headers), ...(body === undefined ? {} : { body }) })

describe('without a token', () => {
  it.each([
    '/api/v1/devices',
    '/mps/api/v1/devices',
    '/api/v1/admin/profiles',
    '/rps/api/v1/admin/profiles/',
    `/device/power/state/${GUID}`,
    `/api/v1/authorize/redirection/${GUID}`,
  ])('%s says so as gateways do', async path => {
    const { status, type, headers, body } = await raw('GET', path)

    expect({ status, type }).toEqual({ status: 401, type: 'application/json; charset=utf-8' })
    expect(body).toMatchObject({ error: 'Unauthorized', message: 'Unauthorized', errorDescription: expect.any(String) })
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  it('tells versions and health, by which clients find out whom they speak to', async () => {
    for (const path of [
      '/api/v1/version',
      '/mps/api/v1/version',
      '/api/v1/admin/version',
      '/rps/api/v1/admin/version/',
    ])
      expect(await raw('GET', path)).toMatchObject({ status: 200, body: { serviceVersion: expect.any(String) } })
    for (const path of ['/api/v1/health', '/api/v1/admin/health'])
      expect(await raw('GET', path)).toMatchObject({
        status: 200,
        body: { db: { status: 'OK' }, secretStore: { status: { initialized: true, sealed: false } } },
      })
  })
})

describe('paths', () => {
  it.each([
    ['PUT', '/api/v1/authorize'],
    ['GET', '/api/v1/authorize'],
    ['DELETE', '/api/v1/devices'],
    ['COPY', '/api/v1/devices'],
    ['PUT', '/api/v1/admin/wirelessconfigs'],
    ['DELETE', '/rps/api/v1/admin/ciraconfigs'],
    ['GET', '/mps/api/v1/nothing'],
    ['GET', '/device/nothing'],
  ])('%s %s does not exist, and says so as JSON', async (method, path) => {
    const { status, type, body } = await as(method, path)

    expect({ status, type }).toEqual({ status: 404, type: 'application/json; charset=utf-8' })
    expect(body).toMatchObject({ error: 'Not Found', message: `Cannot ${method} ${path}` })
  })

  it('may end with a slash', async () => {
    for (const path of [
      '/api/v1/devices/',
      '/api/v1/devices/stats/',
      '/api/v1/admin/domains/',
      '/mps/api/v1/ciracert/',
    ])
      expect((await as('GET', path)).status).toBe(200)
  })

  it('are those of gateways too, with a sign-in in front', async () => {
    const credentials = { username: 'tester', password: controller.token }
    const json = { 'content-type': 'application/json' }

    for (const path of ['/api/v1/authorize', '/mps/login/api/v1/authorize', '/mps/api/v1/authorize/']) {
      const { status, body } = await raw('POST', path, { headers: json, body: JSON.stringify(credentials) })
      expect(status).toBe(200)
      const headers = { authorization: `Bearer ${body.token}` }
      expect((await raw('GET', '/mps/api/v1/devices', { headers })).body).toEqual([])
      expect((await raw('GET', '/rps/api/v1/admin/domains', { headers })).body).toEqual([])
    }
  })

  it('have the shortcuts of gateways', async () => {
    const away = { status: 404, body: { errorDescription: `guid : ${GUID}` } }
    const json = { 'content-type': 'application/json' }

    expect(await as('GET', `/device/power/state/${GUID}`)).toMatchObject(away)
    expect(await as('POST', `/device/power/action/${GUID}`, '{"action":2}', json)).toMatchObject(away)
    expect((await as('POST', `/device/power/action/${GUID}`, '{"action":1}', json)).status).toBe(400)
  })

  it('take more than a person asks', async () => {
    const statuses = []
    for (let count = 0; count < FEW * 5; count++) {
      statuses.push((await as('GET', '/api/v1/devices/stats')).status)
      statuses.push((await as('GET', '/api/v1/admin/profiles')).status)
    }

    expect(new Set(statuses)).toEqual(new Set([200]))
  })
})

describe('bodies', () => {
  const device = JSON.stringify({ guid: GUID, hostname: 'edge', tags: [] })
  const json = { 'content-type': 'application/json' }

  it.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded'])(
    'are JSON, be their type %s',
    async type => {
      const { status, body } = await as('POST', '/api/v1/devices', device, { 'content-type': type })

      expect([200, 201]).toContain(status)
      expect(body).toMatchObject({ guid: GUID, hostname: 'edge' })
    },
  )

  it('that are missing have nothing in them', async () => {
    for (const [type, body] of [
      ['application/json', ''],
      ['text/plain', 'guid=1'],
    ] as const) {
      const { status, body: answer } = await as('POST', '/api/v1/devices', body, { 'content-type': type })
      expect(status).toBe(400)
      expect(answer.errors[0]).toMatchObject({ msg: 'Invalid value', path: 'guid', location: 'body' })
    }
    expect((await as('DELETE', `/api/v1/devices/${GUID}`, '{}', json)).status).toBe(204)
    expect((await as('DELETE', `/api/v1/devices/${GUID}`, '', json)).status).toBe(404)
  })

  it('that are broken, or too long, are refused in the form of the interface', async () => {
    const broken = await as('POST', '/api/v1/devices', '{"guid":', json)
    const prototype = await as('POST', '/api/v1/admin/proxyconfigs', '{"__proto__":{"name":"x"}}', json)
    const long = await as('POST', '/api/v1/devices', JSON.stringify({ guid: 'x'.repeat(150_000) }), json)
    const fits = await as('POST', '/api/v1/devices', JSON.stringify({ guid: 'x'.repeat(90_000) }), json)

    expect(broken).toMatchObject({ status: 400, body: { error: 'Incorrect URI or Bad Request' } })
    expect(prototype.status).toBe(400)
    expect(long).toMatchObject({ status: 413, body: { error: expect.any(String) } })
    expect(fits.body.errors[0].path).toBe('guid')
  })
})

describe('records that nobody made', () => {
  it('are not in the lists of RPS, and are there for who names them', async () => {
    expect((await as('GET', '/api/v1/ciracert')).status).toBe(200)
    expect((await as('GET', '/api/v1/admin/ciraconfigs')).body).toEqual([])
    expect((await as('GET', '/api/v1/admin/profiles')).body).toEqual([])
    expect((await as('GET', '/api/v1/admin/profiles/other_ccm')).status).toBe(404)

    expect((await as('GET', '/api/v1/admin/profiles/DEFAULT_ccm')).body).toMatchObject({
      profileName: 'default_ccm',
      ciraConfigName: 'default',
    })
    const cira = await as('GET', '/api/v1/admin/ciraconfigs/default')
    const root = (await as('GET', '/api/v1/ciracert')).text.replace(/-----[^-]+-----|\s/g, '')
    expect(cira.body.mpsRootCertificate).toBe(root)
  })

  it('are in our own lists', async () => {
    const { body } = await open.call('GET', '/v1/projects/default/oob/rps/profiles')

    expect(body.map((each: any) => each.profileName)).toEqual(['default_acm', 'default_ccm'])
  })
})

describe('pages of other origins', () => {
  const preflight = (at: TestController, origin: string, path = '/api/v1/devices') =>
    raw(
      'OPTIONS',
      path,
      {
        headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' },
      },
      at,
    )
  const allowed = (reply: { headers: Headers }) => reply.headers.get('access-control-allow-origin')

  it('may not read anything unless the configuration names them', async () => {
    expect(allowed(await preflight(controller, PAGE))).toBeNull()
    expect(allowed(await raw('GET', '/api/v1/version', { headers: { origin: PAGE } }))).toBeNull()
  })

  it.each(['/api/v1/devices', '/api/v1/admin/profiles', '/mps/login/api/v1/authorize', '/rps/api/v1/admin/domains'])(
    'may call %s when it names them',
    async path => {
      const reply = await preflight(open, PAGE, path)

      expect({ status: reply.status, origin: allowed(reply) }).toEqual({ status: 204, origin: PAGE })
      expect(reply.headers.get('access-control-allow-headers')).toBe('authorization')
      expect(reply.headers.get('access-control-allow-methods')).toContain('PATCH')
      expect(reply.headers.get('vary')).toBe('Origin')
      expect(allowed(await preflight(open, 'https://elsewhere.example.com', path))).toBeNull()
    },
  )

  it('read failures too, and never our own interface', async () => {
    const refused = await raw('GET', '/api/v1/devices', { headers: { origin: PAGE } }, open)
    const unknown = await raw('GET', '/api/v1/nothing', { headers: { origin: PAGE } }, open)
    const own = await raw('GET', '/v1/projects/default/oob/mps/devices', { headers: { origin: PAGE } }, open)

    expect([refused.status, allowed(refused)]).toEqual([401, PAGE])
    expect([unknown.status, allowed(unknown)]).toEqual([404, PAGE])
    expect(allowed(own)).toBeNull()
    expect(allowed(await preflight(open, PAGE, '/v1/projects'))).toBeNull()
  })
})
