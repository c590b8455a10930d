// SPDX-License-Identifier: Apache-2.0
/** Sign-in as tools of the toolkit do it, and what its tokens are good for. */
import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { installGuard } from '../../controller/http/guard.ts'
import { typed } from '../../controller/http/http.ts'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import { checkAccounts, readAccounts } from '../../controller/modules/oob/toolkit/accounts.ts'
import { authorizeRoutes } from '../../controller/modules/oob/toolkit/authorize.ts'
import { createToolkitTokens } from '../../controller/modules/oob/toolkit/tokens.ts'
import { mountToolkit } from '../../controller/modules/oob/toolkit/toolkit.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { silent } from '../support/kernel.ts'
import { GUID, OTHER_GUID, startWorld, type WorldOptions } from '../support/redirection.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const START = Date.parse('2026-11-21T04:00:00Z')

async function world(options: WorldOptions = {}) {
  const clock = createFakeClock(START)
  const made = await startWorld({ clock, ...options })
  const http = typed(fastify())
  installGuard(http, made.kernel, { names: new Set(['localhost']), authenticate: [made.tokens.authenticate] })
  const parts = { ...made, config: made.toolkit, log: silent }
  mountToolkit(http, { prefixes: ['/api/v1', '/mps/login/api/v1', '/mps/api/v1'], routes: authorizeRoutes(parts) })
  http.get('/whoami', { config: { access: 'host.read' } }, async request => request.principal?.name)
  await http.ready()
  stops.push(async () => {
    await http.close()
    await made.store.close()
  })
  const call = async (
    method: 'GET' | 'POST',
    url: string,
    more: { body?: any; token?: string; from?: string } = {},
  ) => {
    const answer = await http.inject({
      method,
      url,
      remoteAddress: more.from ?? '127.0.0.1',
      ...(more.body === undefined ? {} : { payload: more.body }),
      headers: more.token === undefined ? {} : { authorization: `Bearer ${more.token}` },
    })
    const json = answer.headers['content-type']?.toString().includes('json') ? answer.json() : undefined
    return { status: answer.statusCode, body: json, text: answer.body }
  }
  const signIn = (username: string, password: string, from?: string) =>
    call('POST', '/api/v1/authorize', { body: { username, password }, ...(from === undefined ? {} : { from }) })
  return { ...made, clock, call, signIn }
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())
const GOOD = ['operator', 'a-long-enough-password'] as const

describe('signing in with a name and a password', () => {
  it('gives a token for a day, in the form of MPS', async () => {
    const { signIn, call } = await world()

    const { status, body } = await signIn(...GOOD)

    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['token'])
    expect(headerOf(body.token)).toEqual({ alg: 'HS256', typ: 'JWT' })
    expect(claimsOf(body.token)).toMatchObject({
      tenantId: '',
      deviceId: '*',
      iss: 'muster',
      exp: START / 1_000 + 86_400,
    })
    expect((await call('GET', '/whoami', { token: body.token })).text).toBe('Operator')
    expect(
      (await call('POST', '/mps/login/api/v1/authorize', { body: { username: GOOD[0], password: GOOD[1] } })).status,
    ).toBe(200)
  })

  it('says what is missing, in the words of MPS', async () => {
    const { call } = await world()
    const field = { type: 'field', location: 'body' }

    expect(await call('POST', '/api/v1/authorize', { body: {} })).toMatchObject({
      status: 400,
      body: {
        errors: [
          { ...field, msg: 'Invalid value', path: 'username' },
          { ...field, msg: 'User name is required', path: 'username' },
          { ...field, msg: 'Password is required', path: 'password' },
        ],
      },
    })
    expect((await call('POST', '/api/v1/authorize')).status).toBe(400)
    expect(
      (await call('POST', '/api/v1/authorize', { body: { username: 'a', password: '' } })).body.errors,
    ).toHaveLength(1)
  })

  it('refuses a wrong password with a message, and everybody when it is switched off', async () => {
    const { signIn } = await world()
    const off = await world({ toolkit: { signIn: false } })

    expect(await signIn(GOOD[0], 'wrong')).toMatchObject({
      status: 401,
      body: { message: 'Incorrect Username and/or Password' },
    })
    expect(await off.signIn(...GOOD)).toMatchObject({ status: 405, body: { message: 'Auth is disabled' } })
  })

  it('stops listening to an address after five wrong passwords in a minute', async () => {
    const { signIn, clock, kernel } = await world()
    for (let time = 0; time < 5; time++) expect((await signIn(GOOD[0], `wrong ${time}`)).status).toBe(401)

    expect((await signIn(...GOOD)).status).toBe(429)
    expect((await signIn(...GOOD, '10.0.0.9')).status).toBe(200)
    await clock.advance(60_000)
    expect((await signIn(...GOOD)).status).toBe(200)
    const entries = await kernel.audit.list('installation', 0, 100)
    expect(entries.map(each => each.outcome)).toEqual([...Array(5).fill('refused'), 'done', 'done'])
    expect(JSON.stringify(entries)).not.toContain('wrong')
  })

  it('does not count those who get it right', async () => {
    const { signIn } = await world()
    for (let time = 0; time < 30; time++) expect((await signIn(...GOOD)).status).toBe(200)
  })

  it('takes an API token as password, under its name or its owner, and ends with it', async () => {
    const { signIn, call, store, principals } = await world()
    const secret = await principals.createSetup()
    const owner = await principals.useSetup(secret, { name: 'Ada', address: '127.0.0.1' })
    const fresh = { principal: owner.principal.id, name: 'console', role: 'operator', lifeMs: 3_600_000 }
    const { token, secret: password } = await store.change(tx => principals.createToken(tx, fresh))

    expect((await signIn('somebody', password)).status).toBe(401)
    expect((await signIn('ada', password)).status).toBe(200)
    const { body } = await signIn('Console', password)
    expect((await call('GET', '/whoami', { token: body.token })).text).toBe('Ada')
    // The role is that of the token, not of its owner.
    expect((await call('GET', `/api/v1/authorize/redirection/${GUID}`, { token: body.token })).status).toBe(403)
    await store.change(tx => principals.revokeToken(tx, token.id))
    expect((await call('GET', '/whoami', { token: body.token })).status).toBe(401)
  })

  it('ends with the person behind it', async () => {
    const { signIn, call, store, principals, tokens } = await world()
    const owner = await principals.useSetup(await principals.createSetup(), { name: 'Ada', address: '127.0.0.1' })
    const { body } = await signIn('ada', owner.secret)
    const redirection = await call('GET', `/api/v1/authorize/redirection/${GUID}`, { token: owner.secret })
    expect(await tokens.verifyRedirection(redirection.body.token, '127.0.0.1')).toBeDefined()

    const at = '2026-11-21T04:00:00Z'
    await store.installation<KernelTables>().updateTable('kernel_principals').set({ disabled_at: at }).execute()

    expect((await call('GET', '/whoami', { token: body.token })).status).toBe(401)
    expect(await tokens.verifyRedirection(redirection.body.token, '127.0.0.1')).toBeUndefined()
  })

  it('does not start with the password everybody knows', async () => {
    const known = { username: 'standalone', password: Secret.of('G@ppm0ym'), role: 'admin' as const }
    const config = { accounts: [{ username: 'standalone', passwordFile: '/run/password', role: 'admin' as const }] }

    expect(() => checkAccounts([known])).toThrow(/every installation/)
    await expect(readAccounts(config, async () => 'G@ppm0ym\n')).rejects.toThrow(/every installation/)
    const [read] = await readAccounts(config, async () => 'another-password\n')
    expect(read?.password.equals('another-password')).toBe(true)
    expect(JSON.stringify(read)).not.toContain('another')
  })
})

describe('a token for redirection', () => {
  it('is for one device and five minutes, and for a mode when asked', async () => {
    const { call, login, clock, tokens } = await world()

    const { status, body } = await call('GET', `/mps/api/v1/authorize/redirection/${GUID.toUpperCase()}?mode=kvm`, {
      token: login,
    })

    expect(status).toBe(200)
    expect(claimsOf(body.token)).toMatchObject({
      tenantId: 'default',
      deviceId: GUID,
      iss: 'muster',
      mode: 'kvm',
      exp: START / 1_000 + 300,
    })
    expect(await tokens.verifyRedirection(body.token, '')).toMatchObject({
      guid: GUID,
      mode: 'kvm',
      project: 'default',
    })
    await clock.advance(300_000)
    expect(await tokens.verifyRedirection(body.token, '')).toBeUndefined()
  })

  it('does not sign in', async () => {
    const { call, grant } = await world()

    expect((await call('GET', '/whoami', { token: await grant() })).status).toBe(401)
    expect((await call('GET', `/api/v1/authorize/redirection/${GUID}`, { token: await grant() })).status).toBe(401)
  })

  it('needs a device that is there, a GUID that is one, and somebody who signed in', async () => {
    const { call, login } = await world()
    const path = '/api/v1/authorize/redirection'

    expect(await call('GET', `${path}/00000000-0000-4000-8000-000000000000`, { token: login })).toMatchObject({
      status: 404,
      text: '',
    })
    expect(await call('GET', `${path}/not-a-guid`, { token: login })).toMatchObject({
      status: 400,
      body: {
        errors: [{ type: 'field', value: 'not-a-guid', msg: 'Invalid value', path: 'guid', location: 'params' }],
      },
    })
    expect((await call('GET', `${path}/${GUID}?mode=all`, { token: login })).status).toBe(400)
    expect((await call('GET', `${path}/${GUID}`)).status).toBe(401)
    expect((await call('GET', `${path}/${OTHER_GUID}`, { token: login })).status).toBe(200)
  })

  it('is used up once, and is not believed after a restart', async () => {
    const { tokens, grant, kernel, secrets, accounts } = await world()
    const token = await grant()
    const one = (await tokens.verifyRedirection(token, ''))!
    const two = (await tokens.verifyRedirection(token, ''))!

    expect([tokens.spend(one), tokens.spend(two)]).toEqual([true, false])
    expect(await tokens.verifyRedirection(token, '')).toBeUndefined()
    const restarted = createToolkitTokens({ kernel, secrets, accounts, config: {}, log: silent })
    const another = await grant()
    expect(await tokens.verifyRedirection(another, '')).toBeDefined()
    expect(await restarted.verifyRedirection(another, '')).toBeUndefined()
  })

  it('is refused with another algorithm, issuer or key', async () => {
    const { login, tokens, kernel, secrets, accounts } = await world()
    const [, claims] = login.split('.')
    const none = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.`
    const elsewhere = createToolkitTokens({ kernel, secrets, accounts, config: { issuer: 'elsewhere' }, log: silent })

    expect(await tokens.authenticate(none, '')).toBeUndefined()
    expect(
      await tokens.authenticate(await elsewhere.login({ kind: 'account', id: 'operator' }, 'x'), ''),
    ).toBeUndefined()
    expect(await tokens.authenticate(`${login}A`, '')).toBeUndefined()
    expect(await tokens.authenticate('x'.repeat(10_000), '')).toBeUndefined()
    expect(await elsewhere.authenticate(login, '')).toBeUndefined()
    expect(await tokens.authenticate(login, '')).toMatchObject({ name: 'Operator' })
  })
})
