// SPDX-License-Identifier: Apache-2.0
/** Keycloak's addresses, as tools made for Edge Infrastructure Manager use them. */
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { addPerson, bind, callAs, callBare, PASSWORD } from '../support/people.ts'

let controller: TestController
beforeAll(async () => {
  const access = {
    signIn: { perMinute: 10_000, hashMiB: 19 },
    keycloak: { clients: ['system-client', 'edge-manager-ui'] },
  }
  controller = await startTestController({ config: { modules: { onboarding: {}, tenancy: {}, access } } })
  const id = await addPerson(controller, 'ada')
  await bind(controller, id, 'viewer', { scope: { project: 'default' } })
}, 30_000)
afterAll(() => controller.stop())

const REALM = '/realms/master/protocol/openid-connect'
async function post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields)
  const response = await fetch(`${controller.url}${REALM}${path}`, { method: 'POST', body, headers })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers }
}
const CLIENT = { client_id: 'system-client' }
const login = (more: Record<string, string> = {}) =>
  post('/token', { ...CLIENT, grant_type: 'password', username: 'ada', password: PASSWORD, scope: 'openid', ...more })
const hosts = (token: string) => callAs(controller, token)('GET', '/v1/projects/default/compute/hosts')

describe('discovery', () => {
  it('names addresses that are served, and nothing that is not', async () => {
    const { status, body } = await callBare(controller, 'GET', '/realms/master/.well-known/openid-configuration')

    expect(status).toBe(200)
    expect(body.issuer).toBe(`${controller.url}/realms/master`)
    expect(body.grant_types_supported).toEqual(['password', 'refresh_token'])
    for (const name of ['token_endpoint', 'end_session_endpoint', 'revocation_endpoint']) {
      const answer = await fetch(body[name], { method: 'POST', body: new URLSearchParams() })
      expect(answer.status).toBe(401)
    }
    expect((await fetch(body.jwks_uri)).status).toBe(200)
  })
})

describe('name and password', () => {
  it('become a token that anybody can verify, with roles in EIM’s names', async () => {
    const { status, body, headers } = await login()

    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, 'not-before-policy': 0 })
    const keys = createRemoteJWKSet(new URL(`${controller.url}${REALM}/certs`))
    const { payload, protectedHeader } = await jwtVerify(body.access_token, keys, {
      issuer: `${controller.url}/realms/master`,
    })
    expect(protectedHeader).toMatchObject({ alg: 'RS256', typ: 'JWT' })
    expect(payload).toMatchObject({ typ: 'Bearer', azp: 'system-client', preferred_username: 'ada' })
    const { roles } = payload.realm_access as { roles: string[] }
    expect(roles).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^[0-9a-f-]{36}_im-r$/),
        expect.stringMatching(/^default_[0-9a-f-]{36}_m$/),
      ]),
    )
    expect(roles.some(role => role.endsWith('_im-rw'))).toBe(false)
    expect((await hosts(body.access_token)).status).toBe(200)
    expect(decodeJwt(body.id_token)).toMatchObject({ aud: 'system-client', typ: 'ID' })
    expect((await hosts(body.refresh_token)).status).toBe(401)
  })

  it.each([
    ['a wrong password', { password: 'wrong, quite wrong' }, 401, 'invalid_grant'],
    ['somebody unknown', { username: 'nobody' }, 401, 'invalid_grant'],
    ['another client', { client_id: 'unknown' }, 401, 'invalid_client'],
    ['another grant', { grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
    ['a scope that is not there', { scope: 'everything' }, 400, 'invalid_scope'],
  ])('are refused with %s, in OAuth’s words', async (_, fields, status, error) => {
    const answer = await login(fields)

    expect(answer).toMatchObject({ status, body: { error, error_description: expect.any(String) } })
    expect(Object.keys(answer.body).sort()).toEqual(['error', 'error_description'])
  })

  it('are taken as a form only, and forms are taken here only', async () => {
    const json = await callBare(controller, 'POST', `${REALM}/token`, { body: { ...CLIENT, grant_type: 'password' } })
    const form = await fetch(`${controller.url}/v1/session`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'ada' }),
    })

    expect(json).toMatchObject({ status: 415, body: { error: 'invalid_request' } })
    expect(form.status).toBe(415)
    expect((await post('/token', {})).body.error).toBe('invalid_client')
  })
})

describe('a refresh token', () => {
  it('is good again and again until its session ends: clients keep the first and redeem it for every request', async () => {
    const first = (await login()).body
    const refresh = (token: string) => post('/token', { ...CLIENT, grant_type: 'refresh_token', refresh_token: token })

    const answers = await Promise.all(Array.from({ length: 30 }, () => refresh(first.refresh_token)))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const { access_token: access, refresh_token: second } = answers[0]!.body
    expect((await hosts(access)).status).toBe(200)
    expect(first.refresh_expires_in).toBeGreaterThan(11 * 3_600)
    expect((await post('/logout', { ...CLIENT, refresh_token: second })).status).toBe(204)
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await hosts(access)).status).toBe(401)
  })

  it('is for the client that asked for it, and is no access token', async () => {
    const { body } = await login()
    const refresh = (token: string, client: string) =>
      post('/token', { client_id: client, grant_type: 'refresh_token', refresh_token: token })

    expect((await refresh(body.refresh_token, 'edge-manager-ui')).status).toBe(400)
    expect((await refresh(body.access_token, 'system-client')).status).toBe(400)
    expect((await refresh('x.y.z', 'system-client')).status).toBe(400)
  })

  it('lasts long when it was asked for offline', async () => {
    const { body } = await login({ scope: 'openid offline_access' })

    expect(decodeJwt(body.refresh_token)).toMatchObject({ typ: 'Offline' })
    expect(body.refresh_expires_in).toBeGreaterThan(29 * 86_400)
  })
})

it('takes the scopes that a Keycloak has besides, and grants what there is', async () => {
  const { status, body } = await login({ scope: 'openid profile email groups' })

  expect(status).toBe(200)
  expect(body.scope.split(' ')).toEqual(['openid', 'profile', 'email'])
})

describe('signing out', () => {
  it('ends the access token too', async () => {
    const { body } = await login()

    expect((await post('/logout', { ...CLIENT, refresh_token: body.refresh_token })).status).toBe(204)

    expect((await hosts(body.access_token)).status).toBe(401)
    expect((await post('/logout', { ...CLIENT, refresh_token: 'x.y.z' })).status).toBe(400)
  })

  it('is done by revoking as well, which never complains of a token that is none', async () => {
    const { body } = await login()

    expect((await post('/revoke', { ...CLIENT, token: body.refresh_token })).status).toBe(200)

    expect((await hosts(body.access_token)).status).toBe(401)
    expect((await post('/revoke', { ...CLIENT, token: 'x.y.z' })).status).toBe(200)
  })
})

it('keeps its key over a restart, so that tokens stay good', async () => {
  const { body } = await login()

  await controller.restart()

  expect((await hosts(body.access_token)).status).toBe(200)
}, 20_000)
