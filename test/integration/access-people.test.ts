// SPDX-License-Identifier: Apache-2.0
/** People who sign in: invitations, passwords, second factors, sessions and their cookies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeAt, stepAt } from '../../controller/modules/access/accounts/totp.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { addPerson, bind, callAs, callBare, PASSWORD, person, signIn } from '../support/people.ts'

let controller: TestController
beforeAll(async () => {
  const modules = {
    ...{ onboarding: {}, tenancy: {}, inventory: {}, oob: { cira: { listen: '127.0.0.1:0' } } },
    access: { signIn: { perMinute: 10_000, hashMiB: 19 } },
  }
  controller = await startTestController({ config: { modules } })
}, 30_000)
afterAll(() => controller.stop())

const cookieOf = (headers: Headers): string => headers.get('set-cookie')?.split(';')[0] ?? ''
const wrong = (name: string) =>
  callBare(controller, 'POST', '/v1/session', { body: { name, password: 'not this one, sorry' } })

describe('a person', () => {
  it('comes in by invitation, sets a password, signs in and out', async () => {
    const id = await addPerson(controller, 'Ada Lovelace')

    const { status, body, headers } = await signIn(controller, 'ada lovelace')
    expect(status).toBe(201)
    expect(body).toMatchObject({ principal: { id, name: 'Ada Lovelace', role: 'none' } })
    expect(body.token).toMatch(/^muster_ses_/)
    expect(headers.get('set-cookie')).toMatch(/^__Host-muster=muster_ses_\S+; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
    const call = callAs(controller, body.token)
    expect((await call('GET', '/v1/me')).body).toMatchObject({ id, permissions: [] })
    expect((await call('DELETE', '/v1/session')).status).toBe(204)
    expect((await call('GET', '/v1/me')).status).toBe(401)
  })

  it('uses an invitation once', async () => {
    const made = await controller.call('POST', '/v1/access/people', { name: 'once' })
    const { body } = await controller.call('POST', `/v1/access/people/${made.body.id}/invite`)
    const use = (password: string) =>
      callBare(controller, 'POST', '/v1/access/invites', { body: { secret: body.secret, password } })

    const weak = await use('password1234')
    const first = await use(PASSWORD)
    const second = await use(PASSWORD)

    expect(weak).toMatchObject({ status: 400, body: { code: 'password-weak' } })
    expect(first).toMatchObject({ status: 200, body: { login: 'once' } })
    expect(second).toMatchObject({ status: 401, body: { code: 'invite-refused' } })
  })

  it('is one of a name', async () => {
    await controller.call('POST', '/v1/access/people', { name: 'Twin' })

    expect(await controller.call('POST', '/v1/access/people', { name: 'twin' })).toMatchObject({
      status: 409,
      body: { code: 'name-taken' },
    })
  })

  it('who is disabled loses sessions and tokens at once, and gets them back with the account only as new ones', async () => {
    const bob = await person(controller, 'bob', { role: 'viewer' })
    const token = (await bob.call('POST', '/v1/access/tokens', { name: 'bot', role: 'viewer', expiresInMs: 3_600_000 }))
      .body.token
    expect((await callAs(controller, token)('GET', '/v1/me')).status).toBe(200)

    await controller.call('POST', `/v1/access/people/${bob.id}/disable`)

    expect((await bob.call('GET', '/v1/me')).status).toBe(401)
    expect((await callAs(controller, token)('GET', '/v1/me')).status).toBe(401)
    expect((await signIn(controller, 'bob')).body.code).toBe('sign-in-refused')
    await controller.call('POST', `/v1/access/people/${bob.id}/enable`)
    expect((await bob.call('GET', '/v1/me')).status).toBe(401)
    expect((await callAs(controller, token)('GET', '/v1/me')).status).toBe(401)
    expect((await signIn(controller, 'bob')).status).toBe(201)
  })

  it('who is deleted leaves nothing to come in by', async () => {
    const gone = await person(controller, 'gone', { role: 'viewer' })

    expect((await controller.call('DELETE', `/v1/access/people/${gone.id}`)).status).toBe(204)

    expect((await gone.call('GET', '/v1/me')).status).toBe(401)
    expect((await signIn(controller, 'gone')).status).toBe(401)
    const { bindings } = (await controller.call('GET', '/v1/access/bindings')).body
    expect(bindings.some((binding: { principal: string }) => binding.principal === gone.id)).toBe(false)
  })

  it('cannot disable themselves, nor somebody who may do more', async () => {
    const me = (await controller.call('GET', '/v1/me')).body.id
    const guard = await person(controller, 'guard', { role: 'security' })

    expect((await controller.call('POST', `/v1/access/people/${me}/disable`)).body.code).toBe('not-yourself')
    expect((await guard.call('POST', `/v1/access/people/${me}/disable`)).body.code).toBe('more-than-you-have')
  })
})

describe('the first administrator', () => {
  it('sets a password with the token of the one-time link, and signs in with it', async () => {
    const weak = await controller.call('PUT', '/v1/access/people/me/password', { password: 'short' })
    const set = await controller.call('PUT', '/v1/access/people/me/password', { password: PASSWORD })

    expect(weak.body.code).toBe('password-weak')
    expect(set.status).toBe(204)
    expect((await signIn(controller, 'tester')).status).toBe(201)
    const again = { password: `${PASSWORD}!`, current: 'another one altogether' }
    expect((await controller.call('PUT', '/v1/access/people/me/password', again)).status).toBe(403)
  })
})

describe('a wrong password', () => {
  it('is refused in the same words as a name that nobody has', async () => {
    await addPerson(controller, 'known')

    const [known, unknown] = [await wrong('known'), await wrong('unknown')]

    expect(known.status).toBe(401)
    expect(unknown).toMatchObject({ status: 401, body: known.body })
  })

  it('makes the name wait from the fifth time on, for names that nobody has as well', async () => {
    await addPerson(controller, 'slow')

    for (const name of ['slow', 'nobody-at-all']) {
      for (let attempt = 0; attempt < 5; attempt++) expect((await wrong(name)).status).toBe(401)
      const held = await wrong(name)
      expect(held).toMatchObject({ status: 429, body: { code: 'sign-in-waits' } })
      expect(Number(held.headers.get('retry-after'))).toBe(1)
    }
    expect((await signIn(controller, 'slow')).status).toBe(429)
  })

  it('comes 200 times at once and is hashed four at a time at most; those that cannot wait are told so', async () => {
    await addPerson(controller, 'crowd')
    const before = process.memoryUsage.rss()

    const answers = await Promise.all(Array.from({ length: 200 }, () => signIn(controller, 'crowd')))

    const statuses = answers.map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set([201, 429]))
    expect(statuses.filter(status => status === 201).length).toBeGreaterThan(4)
    expect(answers.find(({ status }) => status === 429)?.body.code).toBe('sign-in-busy')
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * 2 ** 20)
  }, 30_000)
})

describe('a second factor', () => {
  it('is enrolled with a code, asked for at sign-in, and each code is good once', async () => {
    const eve = await person(controller, 'eve')
    const begun = await eve.call('POST', '/v1/access/totp', { password: PASSWORD })
    expect(begun.body.uri).toMatch(/^otpauth:\/\/totp\/Muster:eve\?secret=[A-Z2-7]{32}&/)
    const secret = unbase32(begun.body.secret)
    const code = (offset: number) => codeAt(secret, stepAt(Date.now()) + offset)

    expect((await eve.call('POST', '/v1/access/totp/confirm', { code: '000000' })).body.code).toBe('code-refused')
    expect((await signIn(controller, 'eve')).status).toBe(201)
    const confirmed = await eve.call('POST', '/v1/access/totp/confirm', { code: code(-1) })
    expect(confirmed.body.recoveryCodes).toHaveLength(10)

    expect(await signIn(controller, 'eve')).toMatchObject({ status: 401, body: { code: 'code-needed' } })
    expect((await signIn(controller, 'eve', { totp: code(-2) })).status).toBe(401)
    expect((await signIn(controller, 'eve', { totp: code(2) })).status).toBe(401)
    const good = code(0)
    expect((await signIn(controller, 'eve', { totp: good })).status).toBe(201)
    expect((await signIn(controller, 'eve', { totp: good })).status).toBe(401)
    const [recovery] = confirmed.body.recoveryCodes
    expect((await signIn(controller, 'eve', { totp: recovery })).status).toBe(201)
    expect((await signIn(controller, 'eve', { totp: recovery })).status).toBe(401)
  })

  it('is taken away by an administrator, with the sessions', async () => {
    const fay = await person(controller, 'fay')
    const { secret } = (await fay.call('POST', '/v1/access/totp', { password: PASSWORD })).body
    await fay.call('POST', '/v1/access/totp/confirm', { code: codeAt(unbase32(secret), stepAt(Date.now())) })

    expect((await controller.call('DELETE', `/v1/access/people/${fay.id}/totp`)).status).toBe(204)

    expect((await fay.call('GET', '/v1/me')).status).toBe(401)
    expect((await signIn(controller, 'fay')).status).toBe(201)
  })
})

function unbase32(text: string): Uint8Array {
  const bits = [...text]
    .map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], byte => Number.parseInt(byte, 2))
}

describe('a session in a cookie', () => {
  it('reads without more, and writes for pages of our own only', async () => {
    const gil = await addPerson(controller, 'gil')
    await bind(controller, gil, 'admin')
    const cookie = cookieOf((await signIn(controller, 'gil')).headers)
    const make = (headers: Record<string, string>) =>
      callBare(controller, 'POST', '/v1/access/roles', {
        body: { name: `r${Math.random().toString(36).slice(2, 8)}`, permissions: ['host.read'] },
        headers: { cookie, ...headers },
      })

    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie } })).status).toBe(200)
    expect(await make({})).toMatchObject({ status: 403, body: { code: 'cross-site' } })
    expect((await make({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await make({ 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await make({ 'sec-fetch-site': 'same-site', origin: controller.url })).status).toBe(403)
    expect((await make({ origin: 'null' })).status).toBe(403)
    expect((await make({ origin: controller.url })).status).toBe(201)
    expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    const both = await controller.call('GET', '/v1/me', undefined, { cookie })
    expect(both).toMatchObject({ status: 400, body: { code: 'two-credentials' } })
  })

  it('acts for pages of our own only, also where a request of MPS acts by reading', async () => {
    const ida = await addPerson(controller, 'ida')
    await bind(controller, ida, 'admin')
    const cookie = cookieOf((await signIn(controller, 'ida')).headers)
    const path = '/v1/projects/default/oob/mps/amt/userConsentCode/4c4c4544-004b-4210-8033-b6c04f504633'
    const ask = (headers: Record<string, string>) =>
      callBare(controller, 'GET', path, { headers: { cookie, ...headers } })

    // A link on another page is followed with the cookie, and says where it comes from.
    expect(await ask({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, body: { code: 'cross-site' } })
    expect((await ask({})).status).toBe(403)
    expect((await ask({ 'sec-fetch-site': 'same-origin' })).body.code).not.toBe('cross-site')
  })

  it('is a new one at each sign-in, and the one before ends', async () => {
    await addPerson(controller, 'hal')
    const planted = cookieOf((await signIn(controller, 'hal')).headers)

    const answer = await callBare(controller, 'POST', '/v1/session', {
      body: { name: 'hal', password: PASSWORD },
      headers: { cookie: planted },
    })

    const fresh = cookieOf(answer.headers)
    expect(fresh).not.toBe(planted)
    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie: planted } })).status).toBe(401)
    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie: fresh } })).status).toBe(200)
  })

  it('holds nothing but sessions', async () => {
    const cookie = `__Host-muster=${controller.token}`

    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie } })).status).toBe(401)
  })

  it.each([
    [
      'signing out',
      (id: string, cookie: string) =>
        callBare(controller, 'DELETE', '/v1/session', { headers: { cookie, origin: controller.url } }).then(() => id),
    ],
    ['a change of roles', (id: string) => bind(controller, id, 'viewer')],
    [
      'a new password',
      async (id: string) => {
        const { secret } = (await controller.call('POST', `/v1/access/people/${id}/invite`)).body
        await callBare(controller, 'POST', '/v1/access/invites', { body: { secret, password: `${PASSWORD}, twice` } })
      },
    ],
    [
      'being ended from a list',
      async (id: string) => {
        const { sessions } = (await controller.call('GET', '/v1/access/sessions?all=true')).body
        for (const each of sessions)
          if (each.principal === id) await controller.call('DELETE', `/v1/access/sessions/${each.id}`)
      },
    ],
  ] as const)('is over after %s', async (what, act) => {
    const name = `ends ${what.replace(/\W+/g, ' ')}`
    const id = await addPerson(controller, name)
    const cookie = cookieOf((await signIn(controller, name)).headers)
    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie } })).status).toBe(200)

    await act(id, cookie)

    expect((await callBare(controller, 'GET', '/v1/me', { headers: { cookie } })).status).toBe(401)
  })
})
