// SPDX-License-Identifier: Apache-2.0
/** Identity providers: a real one with a browser, and one that lies. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportSPKI, generateKeyPair, type JWTPayload } from 'jose'
import Provider from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { callAs, callBare } from '../support/people.ts'
import { type HostileProvider, now, startHostileProvider } from '../support/provider.ts'

let controller: TestController
let hostile: HostileProvider
let real: RealProvider
const GROUPS: Record<string, string[] | undefined> = {
  ada: ['edge-engineers', 'canteen'],
  bob: ['canteen'],
  carol: undefined,
}

beforeAll(async () => {
  hostile = await startHostileProvider()
  real = await startRealProvider()
  const map = [{ group: 'edge-*', as: 'engineer', project: 'default' }]
  const oidc = [
    { name: 'real', issuer: real.issuer, clientId: 'muster', scopes: ['groups'], map },
    { name: 'liar', issuer: hostile.issuer, clientId: 'muster', map, eim: true },
  ]
  const modules = { onboarding: {}, tenancy: {}, access: { signIn: { perMinute: 10_000 }, oidc } }
  controller = await startTestController({ config: { modules } })
  real.allow(`${controller.url}/v1/session/oidc/real/callback`)
}, 30_000)
afterAll(async () => {
  await controller.stop()
  await hostile.stop()
  await real.stop()
})

type RealProvider = { issuer: string; allow(redirect: string): void; stop(): Promise<void> }

/** The package itself; only its pages are left out: whoever is named in `?as=` has signed in. */
async function startRealProvider(): Promise<RealProvider> {
  const redirects: string[] = []
  const server: Server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'muster',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: redirects.length === 0 ? ['http://127.0.0.1/placeholder'] : redirects,
      },
    ],
    claims: { openid: ['sub', 'preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'groups'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: id, ...(GROUPS[id] === undefined ? {} : { groups: GROUPS[id] }) }),
    }),
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client!.clientId,
        accountId: ctx.oidc.session!.accountId!,
      })
      grant.addOIDCScope('openid groups')
      await grant.save()
      return grant
    },
  })
  provider.Client.prototype.redirectUriAllowed = (redirect: string) => redirects.includes(redirect)
  const answer = provider.callback()
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    if (!url.pathname.startsWith('/interaction/')) return void answer(request, response)
    const accountId = /as=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'nobody'
    void provider.interactionFinished(request, response, { login: { accountId } })
  })
  return {
    issuer,
    allow: redirect => void redirects.push(redirect),
    stop: () => new Promise(resolve => server.close(() => resolve())),
  }
}

/** A browser: follows redirects and keeps cookies, each for its own origin. */
function browse(as: string) {
  const jars = new Map<string, Map<string, string>>()
  const jar = (url: string) => {
    const { origin } = new URL(url)
    if (!jars.has(origin)) jars.set(origin, new Map(origin === real.issuer ? [['as', as]] : []))
    return jars.get(origin)!
  }
  const get = async (url: string): Promise<Response> => {
    const cookies = [...jar(url)].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: cookies } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jar(url).delete(name)
      else jar(url).set(name, value)
    }
    return response
  }
  const follow = async (start: string, until: (url: string) => boolean): Promise<string> => {
    let url = start
    for (let hops = 0; hops < 12; hops++) {
      if (until(url)) return url
      const response = await get(url)
      const location = response.headers.get('location')
      if (location === null) throw new Error(`${url}: ${response.status} ${await response.text()}`)
      url = new URL(location, url).href
    }
    throw new Error('round in circles')
  }
  return { get, follow, cookies: () => jar(controller.url) }
}

const start = (name: string) => `${controller.url}/v1/session/oidc/${name}/start`
const isCallback = (url: string) => url.includes('/callback?')

async function signInAs(name: string) {
  const browser = browse(name)
  const callback = await browser.follow(start('real'), isCallback)
  const response = await browser.get(callback)
  const session = browser.cookies().get('__Host-muster')
  const me =
    session === undefined
      ? undefined
      : await callBare(controller, 'GET', '/v1/me', { headers: { cookie: `__Host-muster=${session}` } })
  return { browser, callback, response, session, me }
}

describe('a browser at a real provider', () => {
  it('comes back with a session, and with the roles its groups are mapped to', async () => {
    const { response, session, me } = await signInAs('ada')

    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/')
    expect(session).toMatch(/^muster_ses_/)
    expect(me?.body).toMatchObject({ name: 'ada' })
    const headers = { cookie: `__Host-muster=${session}` }
    expect((await callBare(controller, 'GET', '/v1/projects/default/compute/hosts', { headers })).status).toBe(200)
    const explained = await callBare(controller, 'GET', '/v1/access/explain?permission=host.change&project=default', {
      headers,
    })
    expect(explained.body).toMatchObject({ allowed: true, reasons: [{ grant: 'real:1', decides: true }] })
  })

  it.each(['bob', 'carol'])('has no role without a group that is mapped: %s', async name => {
    const { me, session } = await signInAs(name)

    expect(me?.body).toMatchObject({ name, permissions: [] })
    const headers = { cookie: `__Host-muster=${session}` }
    expect((await callBare(controller, 'GET', '/v1/projects/default/compute/hosts', { headers })).status).toBe(404)
  })

  it('is refused when it comes back twice, with another state, or in another browser', async () => {
    const { browser, callback } = await signInAs('ada')
    expect((await browser.get(callback)).status).toBe(401)

    const other = browse('ada')
    const fresh = new URL(await other.follow(start('real'), isCallback))
    expect((await browse('ada').get(fresh.href)).status).toBe(401)
    const third = browse('ada')
    const tampered = new URL(await third.follow(start('real'), isCallback))
    tampered.searchParams.set('state', 'x'.repeat(43))
    const answer = await third.get(tampered.href)
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'provider-refused' })
  })

  it('is let in no more when the person is disabled here', async () => {
    const { me } = await signInAs('ada')
    await controller.call('POST', `/v1/access/people/${me?.body.id}/disable`)

    const again = await signInAs('ada')

    expect(again.response.status).toBe(401)
    await controller.call('POST', `/v1/access/people/${me?.body.id}/enable`)
  })
})

describe('an ID token of a provider that lies', () => {
  const comeBack = async (claims: (nonce: string) => Promise<string>): Promise<number> => {
    const browser = browse('ada')
    const away = await browser.get(start('liar'))
    const { searchParams } = new URL(away.headers.get('location') ?? '')
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    hostile.answerWith(await claims(searchParams.get('nonce') ?? ''))
    const callback = `${controller.url}/v1/session/oidc/liar/callback?code=c&state=${searchParams.get('state')}`
    return (await browser.get(callback)).status
  }

  it('is believed when it is right', async () => {
    expect(await comeBack(nonce => hostile.sign({ nonce }))).toBe(302)
  })

  it.each([
    ['another nonce', () => hostile.sign({ nonce: 'another' })],
    ['no nonce', () => hostile.sign({})],
    ['another issuer', (nonce: string) => hostile.sign({ nonce, iss: 'https://elsewhere.example' })],
    ['another audience', (nonce: string) => hostile.sign({ nonce, aud: 'somebody-else' })],
    ['an end in the past', (nonce: string) => hostile.sign({ nonce, exp: now() - 120 })],
    [
      'a key that is not the provider’s',
      async (nonce: string) => {
        const { privateKey } = await generateKeyPair('RS256')
        return hostile.sign({ nonce }, { key: privateKey })
      },
    ],
  ])('is refused with %s', async (_, claims) => {
    expect(await comeBack(claims)).toBe(401)
  })
})

describe('a token of a provider as bearer', () => {
  const me = (token: string) => callAs(controller, token)('GET', '/v1/me')

  it('is taken while it holds, and stands for the same person each time', async () => {
    const one = await me(await hostile.sign({ groups: ['edge-x'] }))
    const two = await me(await hostile.sign({ aud: ['a', 'muster'], groups: [] }))

    expect(one.status).toBe(200)
    expect(two.body.id).toBe(one.body.id)
  })

  it('opens projects by the names of EIM’s roles, by UUID or name', async () => {
    const { body } = await controller.call('GET', '/v1/projects/default')
    const hosts = async (role: string) => {
      const token = await hostile.sign({ sub: `eim ${role}`, realm_access: { roles: [role] } })
      const call = callAs(controller, token)
      const path = '/v1/projects/default/compute/hosts'
      const change = await call('POST', '/v1/projects/default/enrollment/tokens', { uses: 1 })
      return [(await call('GET', path)).status, change.status]
    }

    const uuid = body.status?.projectStatus?.uID ?? body.uuid
    expect(await hosts('default_im-r')).toEqual([200, 403])
    expect(await hosts('default_im-rw')).toEqual([200, 201])
    expect(await hosts('default_en-ob')).toEqual([403, 201])
    expect(await hosts('nowhere_im-rw')).toEqual([404, 404])
    if (uuid !== undefined) expect(await hosts(`${uuid}_im-r`)).toEqual([200, 403])
  })

  /** Takes away what the provider would say by itself. */
  const without = (name: string): JWTPayload => ({ [name]: undefined }) as JWTPayload
  const header = (fields: object) => Buffer.from(JSON.stringify(fields)).toString('base64url')

  it.each([
    ['another issuer', () => hostile.sign({ iss: `${hostile.issuer}/other` })],
    ['another audience', () => hostile.sign({ aud: 'other' })],
    ['another party', () => hostile.sign({ azp: 'other' })],
    ['an end in the past', () => hostile.sign({ exp: now() - 61 })],
    ['no end', () => hostile.sign(without('exp'))],
    ['a start in the future', () => hostile.sign({ nbf: now() + 120 })],
    ['groups as an object', () => hostile.sign({ groups: { admin: true } })],
    ['no subject', () => hostile.sign(without('sub'))],
    ['a key nobody has', () => hostile.sign({}, { kid: 'two' })],
    ['a path for a key', () => hostile.sign({}, { kid: '../../etc/passwd' })],
    ['an address for a key', () => hostile.sign({}, { kid: 'http://evil.example/keys' })],
    [
      'no signature',
      async () => {
        const [, body] = (await hostile.sign({})).split('.')
        return `${header({ alg: 'none', kid: 'one' })}.${body}.`
      },
    ],
    [
      'the public key as a shared one',
      async () => {
        const pem = await exportSPKI(hostile.keys.publicKey)
        return hostile.sign({}, { alg: 'HS256', key: new TextEncoder().encode(pem) })
      },
    ],
    ['a changed letter', async () => `${(await hostile.sign({})).slice(0, -2)}AA`],
  ])('is refused with %s', async (_, make) => {
    expect((await me(await make())).status).toBe(401)
  })

  it('is good a minute longer than it says, for clocks differ', async () => {
    expect((await me(await hostile.sign({ exp: now() - 30 }))).status).toBe(200)
  })

  it('may name 500 groups', async () => {
    const groups = Array.from({ length: 500 }, (_, n) => `group-${n}`)

    expect((await me(await hostile.sign({ groups }))).status).toBe(200)
  })

  it('has its keys fetched no more than once in 30 s, whatever keys are named', async () => {
    for (let n = 0; n < 20; n++) await me(await hostile.sign({}, { kid: `unknown-${n}` }))

    expect(hostile.fetches()).toBeLessThanOrEqual(2)
  })
})
