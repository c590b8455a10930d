// SPDX-License-Identifier: Apache-2.0
/** Enrollment over real HTTPS: who comes in, who waits, who is refused, and what certificates are worth. */
import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { askIn, enrollWire, identityFrom, openWire, secureCall } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController({
    config: { modules: { onboarding: { failuresPerMinute: 1_000 }, inventory: {}, oob: {} } },
  })
})
afterAll(() => test.stop())

const requests = '/v1/projects/default/enrollment/requests'

describe('a join token', () => {
  it('admits as many machines as it has uses, and the next gets the one answer for all bad tokens', async () => {
    const token = await test.joinToken(1)
    expect((await askIn(test, token)).status).toBe(201)
    const used = await askIn(test, token)
    const unknown = await askIn(test, `muster-join_1.${'A'.repeat(22)}.${'B'.repeat(43)}.${'C'.repeat(43)}`)
    const id = (await test.call('POST', '/v1/projects/default/enrollment/tokens', {})).body
    await test.call('DELETE', `/v1/projects/default/enrollment/tokens/${id.id}`)
    const revoked = await askIn(test, id.token)

    expect(used.status).toBe(401)
    expect(unknown.body).toEqual(used.body)
    expect(revoked.body).toEqual(used.body)
  })

  it('gives the same certificate to the same key when the answer was lost', async () => {
    const token = await test.joinToken(1)
    const first = await askIn(test, token)
    const again = await askIn(test, token, {}, first.key)

    expect(again.status).toBe(201)
    expect(again.body.certificate).toBe(first.body.certificate)
    expect(again.body.host).toBe(first.body.host)
  })

  it('is good only for the machine and the network it names', async () => {
    const forSerial = await test.joinToken(5, { serial: 'SN-42' })
    expect((await askIn(test, forSerial, { serial: 'SN-41' })).status).toBe(401)
    expect((await askIn(test, forSerial, { serial: 'SN-42' })).status).toBe(201)
    const elsewhere = await test.joinToken(5, { cidr: '10.9.0.0/16' })
    expect((await askIn(test, elsewhere)).status).toBe(401)
    const here = await test.joinToken(5, { cidr: '127.0.0.0/8' })
    expect((await askIn(test, here)).status).toBe(201)
  })

  it('refuses a proof by another key, a used nonce and a request that is no request', async () => {
    const privateKey = await createKey()
    const { nonce } = (await secureCall(test.secureUrl, { path: '/enroll/v1/nonce' })).body
    const body = { csr: createRequest(privateKey), nonce, proof: 'AAAA', facts: {}, agent: 'x' }
    const ask = (more: object) =>
      secureCall(test.secureUrl, { method: 'POST', path: '/enroll/v1/requests', body: { ...body, ...more } })

    expect((await ask({})).body.code).toBe('proof-refused')
    expect((await ask({})).body.code).toBe('nonce-refused')
    const fresh = (await secureCall(test.secureUrl, { path: '/enroll/v1/nonce' })).body.nonce
    expect((await ask({ nonce: fresh, csr: 'nonsense' })).body.code).toBe('csr-refused')
  })
})

describe('the lobby', () => {
  it('holds a machine without a token until somebody accepts it', async () => {
    const asked = await askIn(test, undefined, { hostname: 'stray', serial: 'LOBBY-1' })
    expect(asked.status).toBe(202)
    const { request, secret } = asked.body
    const poll = () =>
      secureCall(test.secureUrl, { method: 'POST', path: `/enroll/v1/requests/${request}`, body: { secret } })
    expect((await poll()).status).toBe(202)
    const listed = (await test.call('GET', requests)).body.requests.find((each: any) => each.id === request)
    expect(listed).toMatchObject({ facts: { hostname: 'stray' }, why: 'it came without a join token' })

    const accepted = await test.call('POST', `${requests}/${request}/accept`, {
      name: 'hall-2',
      metadata: [{ key: 'line', value: '4' }],
    })
    const answer = await poll()
    expect(answer.status).toBe(201)
    expect(answer.body.host).toBe(accepted.body.host)
    const session = await openWire(test, identityFrom(answer.body, asked.key))
    await session.birth()
    expect(await test.until(accepted.body.host, host => host.presence.online)).toMatchObject({
      name: 'hall-2',
      metadata: [{ key: 'line', value: '4' }],
    })
    await session.end()
    expect(await test.call('POST', `${requests}/${request}/accept`, {})).toMatchObject({
      status: 409,
      body: { code: 'already-decided' },
    })
  })

  it('tells a refused machine so, and a guessed secret nothing', async () => {
    const { body } = await askIn(test, undefined, { serial: 'LOBBY-2' })
    const poll = (secret: string) =>
      secureCall(test.secureUrl, { method: 'POST', path: `/enroll/v1/requests/${body.request}`, body: { secret } })
    expect((await poll('guess')).status).toBe(401)
    await test.call('POST', `${requests}/${body.request}/reject`, { reason: 'not ours' })
    expect((await poll(body.secret)).body).toMatchObject({ code: 'enrollment-refused', detail: 'not ours' })
  })

  it('receives a machine that claims to be one we know', async () => {
    const known = await enrollWire(test, { serial: 'KNOWN-1', uuid: '11111111-2222-4333-8444-555555555555' })
    const claimed = await askIn(test, await test.joinToken(), {
      serial: 'KNOWN-1',
      uuid: '11111111-2222-4333-8444-555555555555',
    })
    expect(claimed.status).toBe(202)
    expect(claimed.body.why).toContain(known.host)
    await test.call('POST', `${requests}/${claimed.body.request}/accept`, {})
    const answer = await secureCall(test.secureUrl, {
      method: 'POST',
      path: `/enroll/v1/requests/${claimed.body.request}`,
      body: { secret: claimed.body.secret },
    })

    expect(answer.body.host).toBe(known.host)
    await expect(openWire(test, known)).rejects.toThrow()
    const session = await openWire(test, identityFrom(answer.body, claimed.key))
    await session.birth()
    await session.end()
  })

  it('does not take firmware placeholders for the same machine', async () => {
    const placeholder = { uuid: '03000200-0400-0500-0006-000700080009', serial: 'To be filled by O.E.M.' }
    const first = await askIn(test, await test.joinToken(), placeholder)
    const second = await askIn(test, await test.joinToken(), placeholder)
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.body.host).not.toBe(second.body.host)
  })
})

describe('a certificate', () => {
  it('is renewed against itself; the old one is good until the new one was used, and for a day', async () => {
    const identity = await enrollWire(test)
    const key = await createKey()
    const answer = await secureCall(test.secureUrl, {
      method: 'POST',
      path: '/enroll/v1/renew',
      body: { csr: createRequest(key) },
      ca: identity.roots,
      identity,
    })
    expect(answer.status).toBe(200)
    const renewed = { ...identity, key, certificate: answer.body.certificate }
    const session = await openWire(test, renewed)
    await session.birth()
    await session.end()
    const old = await openWire(test, { ...identity, ticket: renewed.ticket })
    await old.end()
    expect(new X509Certificate(answer.body.certificate).subject).toBe(`CN=${identity.host}`)
  })

  it('is not renewed without one, after revocation, or more than twice a day', async () => {
    const renew = async (identity: any) =>
      (
        await secureCall(test.secureUrl, {
          method: 'POST',
          path: '/enroll/v1/renew',
          body: { csr: createRequest(await createKey()) },
          ca: identity.roots,
          identity,
        })
      ).body.code
    const identity = await enrollWire(test)
    const without = await secureCall(test.secureUrl, {
      method: 'POST',
      path: '/enroll/v1/renew',
      body: { csr: createRequest(await createKey()) },
      ca: identity.roots,
    })
    expect(without.body.code).toBe('certificate-not-renewable')
    expect(await renew(identity)).toBeUndefined()
    expect(await renew(identity)).toBeUndefined()
    expect(await renew(identity)).toBe('renewed-too-often')
    const stolen = await enrollWire(test)
    await test.call('PUT', `/v1/projects/default/compute/hosts/${stolen.host}/invalidate`, { note: 'stolen' })
    expect(await renew(stolen)).toBe('certificate-not-renewable')
  })

  it('rejoins only after its end', async () => {
    const identity = await enrollWire(test)
    const answer = await secureCall(test.secureUrl, {
      method: 'POST',
      path: '/enroll/v1/rejoin',
      body: { csr: createRequest(await createKey()) },
      ca: identity.roots,
      identity,
    })
    expect(answer.body).toMatchObject({ code: 'certificate-not-renewable', detail: 'it has not ended: use renew' })
  })
})

describe('failed attempts', () => {
  it('are limited by address, and people with good tokens are told to wait too', async () => {
    const strict = await startTestController({ config: { modules: { onboarding: { failuresPerMinute: 3 } } } })
    const bad = `muster-join_1.${'A'.repeat(22)}.${'B'.repeat(43)}.${'C'.repeat(43)}`
    for (let attempt = 0; attempt < 3; attempt++) expect((await askIn(strict, bad)).status).toBe(401)
    const limited = await askIn(strict, await strict.joinToken())
    expect(limited).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    await strict.stop()
  })
})
