// SPDX-License-Identifier: Apache-2.0
/** Registration meets enrollment: which host a machine becomes, and that its keys alone get it nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { askIn, type Facts, identityFrom, openWire, secureCall } from '../support/wire-host.ts'

let test: TestController
beforeAll(async () => {
  test = await startTestController({ config: { modules: { onboarding: { failuresPerMinute: 1_000 }, inventory: {} } } })
})
afterAll(() => test.stop())

const hosts = '/v1/projects/default/compute/hosts'
const requests = '/v1/projects/default/enrollment/requests'
const UUIDS = Array.from({ length: 12 }, (_, at) => `a0000000-0000-4000-8000-${String(at).padStart(12, '0')}`)
const uuid = (at: number) => UUIDS[at]!

const register = (body: object) => test.call('POST', `${hosts}/register`, body)
const registered = async (body: object): Promise<string> => {
  const answer = await register(body)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.resourceId
}
const read = async (host: string) => (await test.call('GET', `${hosts}/${host}`)).body
const come = async (facts: Facts, more: object = {}) => askIn(test, await test.joinToken(1, more), facts)
const poll = ({ body }: { body: any }) =>
  secureCall(test.secureUrl, {
    method: 'POST',
    path: `/enroll/v1/requests/${body.request}`,
    body: { secret: body.secret },
  })

describe('registration', () => {
  it('takes a serial number or a UUID, says what a second host shares, and names the host that has it', async () => {
    const bySerial = await registered({ name: 'press-1', serialNumber: 'SERIAL01', userLvmSize: 40 })
    const byUuid = await registered({ uuid: uuid(0).toUpperCase() })
    expect(await read(bySerial)).toMatchObject({
      name: 'press-1',
      serialNumber: 'SERIAL01',
      userLvmSize: 40,
      desiredState: 'HOST_STATE_REGISTERED',
      currentState: 'HOST_STATE_REGISTERED',
      registrationStatus: 'Host is Registered',
      registrationStatusIndicator: 'STATUS_INDICATION_IDLE',
      onboardingStatus: 'Unknown',
    })
    expect(await read(byUuid)).toMatchObject({ name: byUuid, uuid: uuid(0) })
    for (const [body, key, host] of [
      [{ serialNumber: 'serial01' }, 'serialNumber', bySerial],
      [{ uuid: uuid(0), serialNumber: 'SERIAL99' }, 'uuid', byUuid],
    ] as const) {
      const clash = await register(body)
      expect(clash).toMatchObject({ status: 409, body: { code: 'host-exists', fields: { key, host } } })
      expect(clash.body.message).toContain(host)
    }
  })

  it('refuses what EIM refuses', async () => {
    for (const body of [
      {},
      { name: 'only-a-name' },
      { serialNumber: '', uuid: '' },
      { serialNumber: 'abcd' },
      { serialNumber: 'with-dash' },
      { serialNumber: 'A'.repeat(21) },
      { uuid: 'no-uuid' },
      { name: 'n'.repeat(21), serialNumber: 'SERIAL02' },
      { serialNumber: 'SERIAL02', userLvmSize: 'big' },
      { serialNumber: 'SERIAL02', color: 'red' },
    ])
      expect((await register(body)).status, JSON.stringify(body)).toBe(400)
  })

  it('says which module vPro needs while that is off, and registers nothing', async () => {
    const refused = await register({ serialNumber: 'VPRO0001', enableVpro: true })
    expect(refused).toMatchObject({ status: 409, body: { code: 'member-not-served', fields: { module: 'oob' } } })
    expect((await register({ serialNumber: 'VPRO0001', enableVpro: false })).status).toBe(200)
  })

  it('changes name, keys and autoOnboard until the machine has come', async () => {
    const host = await registered({ name: 'before', serialNumber: 'CHANGE01' })
    const patched = await test.call('PATCH', `${hosts}/${host}/register`, {
      name: 'after',
      serialNumber: 'CHANGE02',
      autoOnboard: true,
    })
    expect(patched.body).toMatchObject({
      name: 'after',
      serialNumber: 'CHANGE02',
      desiredState: 'HOST_STATE_ONBOARDED',
      currentState: 'HOST_STATE_REGISTERED',
    })
    expect((await come({ serial: 'CHANGE02', uuid: uuid(1) })).body.host).toBe(host)
    const fixed = await test.call('PATCH', `${hosts}/${host}/register`, { serialNumber: 'CHANGE03' })
    expect(fixed).toMatchObject({ status: 409, body: { code: 'keys-fixed' } })
  })
})

describe('a machine whose host is registered', () => {
  it('becomes that host at once with autoOnboard, with its name and both its labels, and adopts the other key', async () => {
    const host = await registered({
      name: 'auto',
      serialNumber: 'AUTO0001',
      autoOnboard: true,
      metadata: [{ key: 'line', value: '1' }],
    })
    const labels = [
      { key: 'line', value: '9' },
      { key: 'hall', value: '2' },
    ]
    const asked = await come({ serial: 'AUTO0001', uuid: uuid(2), hostname: 'linux' }, { labels })
    expect(asked.status).toBe(201)
    expect(asked.body.host).toBe(host)
    const session = await openWire(test, identityFrom(asked.body, asked.key))
    await session.birth()
    expect(await test.until(host, each => each.presence?.online)).toMatchObject({
      name: 'auto',
      uuid: uuid(2),
      metadata: [
        { key: 'line', value: '1' },
        { key: 'hall', value: '2' },
      ],
      currentState: 'HOST_STATE_ONBOARDED',
      onboardingStatus: 'Onboarded',
      registrationStatus: 'Host is Registered',
    })
    await session.end()
  })

  it('waits without autoOnboard until somebody onboards the host, and has its certificate at its next question', async () => {
    const host = await registered({ serialNumber: 'MANUAL01' })
    const asked = await come({ serial: 'MANUAL01', uuid: uuid(3) })
    expect(asked).toMatchObject({ status: 202, body: { status: 'waiting', retryAfterMs: 5_000 } })
    expect((await poll(asked)).status).toBe(202)
    expect(await read(host)).toMatchObject({
      currentState: 'HOST_STATE_REGISTERED',
      onboardingStatus: 'Device initialized',
      onboardingStatusIndicator: 'STATUS_INDICATION_IN_PROGRESS',
    })
    expect((await test.call('GET', requests)).body.requests).toContainEqual(
      expect.objectContaining({ id: asked.body.request, reclaims: host, waitsFor: 'onboarding' }),
    )
    expect(await test.call('PATCH', `${hosts}/${host}/onboard`)).toMatchObject({ status: 200, body: {} })
    const answer = await poll(asked)
    expect(answer).toMatchObject({ status: 201, body: { host } })
    expect((await poll(asked)).body.certificate).toBe(answer.body.certificate)
    expect((await test.call('PATCH', `${hosts}/${host}/onboard`)).status).toBe(200)
  })

  it('is met by one key alone when it was registered by one, and by its UUID when it reports no serial number', async () => {
    const byUuid = await registered({ uuid: uuid(4), autoOnboard: true })
    expect((await come({ uuid: uuid(4), serial: 'WHATEVER1' })).body.host).toBe(byUuid)
    const byBoth = await registered({ uuid: uuid(5), serialNumber: 'BOTH0001', autoOnboard: true })
    expect((await come({ uuid: uuid(5) })).body.host).toBe(byBoth)
  })

  it.each([
    [
      'uuid',
      { uuid: uuid(6), serialNumber: 'MIXED001' },
      { uuid: uuid(7), serial: 'MIXED001' },
      `mismatch of UUID, Reported UUID is: ${uuid(7)}`,
    ],
    [
      'serial',
      { uuid: uuid(8), serialNumber: 'MIXED002' },
      { uuid: uuid(8), serial: 'MIXED003' },
      'mismatch of Serial Number, Reported Serial Number is: MIXED003',
    ],
  ])(
    'gets nothing when the other key differs (%s), until the registration is mended',
    async (_, wish, facts, words) => {
      const host = await registered({ ...wish, autoOnboard: true })
      const asked = await come(facts)
      expect(asked).toMatchObject({ status: 202, body: { retryAfterMs: 30_000 } })
      expect(asked.body.why).toContain(words)
      expect(asked.body.certificate).toBeUndefined()
      expect(await read(host)).toMatchObject({
        registrationStatus: `Host Registration Failed due to ${words}`,
        registrationStatusIndicator: 'STATUS_INDICATION_ERROR',
        currentState: 'HOST_STATE_REGISTERED',
      })
      const accepted = await test.call('POST', `${requests}/${asked.body.request}/accept`, {})
      expect(accepted).toMatchObject({ status: 409, body: { code: 'registration-mismatch' } })
      expect((await test.call('DELETE', `${hosts}/${host}`)).status).toBe(200)
      expect((await poll(asked)).status).toBe(202)
      const mended = await registered({ uuid: facts.uuid, serialNumber: facts.serial, autoOnboard: true })
      expect(await poll(asked)).toMatchObject({ status: 201, body: { host: mended } })
      expect((await read(mended)).registrationStatus).toBe('Host is Registered')
    },
  )

  it('is refused when its keys are those of two hosts, and both say so until one is gone', async () => {
    const first = await registered({ serialNumber: 'TWO00001', autoOnboard: true })
    const second = await registered({ uuid: uuid(9), autoOnboard: true })
    const asked = await come({ serial: 'TWO00001', uuid: uuid(9) })
    expect(asked.status).toBe(202)
    for (const host of [first, second])
      expect((await read(host)).registrationStatus).toBe(
        'Host Registration Failed: UUID and Serial Number refer to different resources',
      )
    await test.call('DELETE', `${hosts}/${first}`)
    expect(await poll(asked)).toMatchObject({ status: 201, body: { host: second } })
    expect((await read(second)).registrationStatus).toBe('Host is Registered')
  })

  it('gets nothing by its keys alone: without a token somebody must accept it, also when its host may come in', async () => {
    const host = await registered({ serialNumber: 'GUESSED1', autoOnboard: true })
    const asked = await askIn(test, undefined, { serial: 'GUESSED1', uuid: uuid(10) })
    expect(asked).toMatchObject({ status: 202 })
    await test.call('PATCH', `${hosts}/${host}/onboard`)
    expect((await poll(asked)).status).toBe(202)
    expect((await read(host)).currentState).toBe('HOST_STATE_REGISTERED')
    const wrong = await askIn(test, `muster-join_1.${'A'.repeat(22)}.${'B'.repeat(43)}.${'C'.repeat(43)}`, {
      serial: 'GUESSED1',
    })
    expect(wrong.status).toBe(401)
    const accepted = await test.call('POST', `${requests}/${asked.body.request}/accept`, {})
    expect(accepted.body.host).toBe(host)
    expect(await poll(asked)).toMatchObject({ status: 201, body: { host } })
  })

  it('does not come in by onboarding once its token was revoked', async () => {
    const host = await registered({ serialNumber: 'REVOKED1' })
    const made = (await test.call('POST', '/v1/projects/default/enrollment/tokens', {})).body
    const asked = await askIn(test, made.token, { serial: 'REVOKED1' })
    await test.call('DELETE', `/v1/projects/default/enrollment/tokens/${made.id}`)
    await test.call('PATCH', `${hosts}/${host}/onboard`)
    expect((await poll(asked)).status).toBe(202)
  })
})

describe('a join token', () => {
  it('made for one host brings any machine to it that does not contradict it, and no other host', async () => {
    const host = (await test.call('POST', hosts, { name: 'named' })).body.resourceId
    const asked = await come({ serial: 'NAMED001', uuid: uuid(11) }, { host })
    expect(asked).toMatchObject({ status: 201, body: { host } })
    expect(await read(host)).toMatchObject({ name: 'named', serialNumber: 'NAMED001' })
    const other = await registered({ serialNumber: 'NAMED002', autoOnboard: true })
    expect(await come({ serial: 'NAMED001' }, { host: other })).toMatchObject({ status: 202 })
    expect((await read(other)).registrationStatus).toContain('refer to different resources')
  })

  it('gives its machines their site, and refuses a site or a host that is not there', async () => {
    const site = (await test.call('POST', '/v1/projects/default/sites', { name: 'berlin' })).body.resourceId
    const { host } = (await come({ serial: 'SITED001' }, { siteId: site })).body
    expect((await read(host)).site).toMatchObject({ resourceId: site, name: 'berlin' })
    const tokens = '/v1/projects/default/enrollment/tokens'
    expect((await test.call('POST', tokens, { siteId: 'site-00000000' })).status).toBe(400)
    expect((await test.call('POST', tokens, { host: 'host-00000000' })).status).toBe(404)
  })
})

describe('a machine that names keys of another host', () => {
  it('does not become it by a token that was made for its own serial number', async () => {
    const rightful = await come({ serial: 'TAKEN001', uuid: 'e0000000-0000-4000-8000-000000000001' })
    const claims = { serial: 'MINE0001', uuid: 'e0000000-0000-4000-8000-000000000001' }
    const asked = await come(claims, { serial: 'MINE0001' })
    expect(asked).toMatchObject({ status: 202, body: { why: expect.stringContaining(rightful.body.host) } })
    const mine = await come({ ...claims, serial: 'TAKEN001' }, { serial: 'TAKEN001' })
    expect(mine).toMatchObject({ status: 201, body: { host: rightful.body.host } })
  })

  it('leaves the machine that took its place alone when it asks again for what it once had', async () => {
    const facts = { serial: 'AGAIN002', uuid: 'e0000000-0000-4000-8000-000000000002' }
    const token = await test.joinToken()
    const byToken = await askIn(test, token, facts)
    const inLobby = await askIn(test, undefined, { serial: 'AGAIN003', uuid: 'e0000000-0000-4000-8000-000000000003' })
    await test.call('POST', `${requests}/${inLobby.body.request}/accept`, {})
    expect((await poll(inLobby)).status).toBe(201)
    expect((await askIn(test, token, facts, byToken.key)).body.host).toBe(byToken.body.host)
    for (const serial of ['AGAIN002', 'AGAIN003']) {
      const anew = await come({ serial, uuid: `e0000000-0000-4000-8000-00000000000${serial.at(-1)}` }, { serial })
      expect(anew.status).toBe(201)
      expect((await askIn(test, token, facts, byToken.key)).status).toBe(401)
      if (serial === 'AGAIN003') expect((await poll(inLobby)).status).toBe(401)
      const session = await openWire(test, identityFrom(anew.body, anew.key))
      await session.birth()
      expect(await test.until(anew.body.host, host => host.presence?.online)).toMatchObject({
        presence: { standing: 'active' },
      })
      await session.end()
    }
  })
})

describe('why a host has not come', () => {
  const blockers = async (host: string) => (await test.call('GET', `${hosts}/${host}/why`)).body.blockers

  it('names the machine that waits for it, and what lets it in', async () => {
    const host = await registered({ serialNumber: 'WHY00001' })
    const asked = await come({ serial: 'WHY00001' })
    expect((await blockers(host))[0]).toMatchObject({
      code: 'lobby',
      evidence: { request: asked.body.request, waitsFor: 'onboarding' },
      command: `muster host onboard ${host}`,
    })
    const guessed = await registered({ serialNumber: 'WHY00002', autoOnboard: true })
    const { request } = (await askIn(test, undefined, { serial: 'WHY00002' })).body
    expect((await blockers(guessed))[0]).toMatchObject({ code: 'lobby', command: `muster lobby accept ${request}` })
  })

  it('names the key in which a machine differed', async () => {
    const host = await registered({ serialNumber: 'WHY00003', uuid: 'c0000000-0000-4000-8000-000000000001' })
    await come({ serial: 'WHY00004', uuid: 'c0000000-0000-4000-8000-000000000001' })
    expect((await blockers(host))[0]).toMatchObject({
      code: 'registration-failed',
      title: 'Host Registration Failed due to mismatch of Serial Number, Reported Serial Number is: WHY00004',
    })
  })
})

it('lets fifty machines of one token in at once, each into its own registration', async () => {
  const serials = Array.from({ length: 50 }, (_, at) => `MANY${String(at).padStart(4, '0')}`)
  const wanted = await Promise.all(serials.map(serialNumber => registered({ serialNumber, autoOnboard: true })))
  const token = await test.joinToken(50)
  const came = await Promise.all(serials.map(serial => askIn(test, token, { serial })))
  expect(came.map(({ status }) => status)).toEqual(serials.map(() => 201))
  expect(came.map(({ body }) => body.host)).toEqual(wanted)
})
