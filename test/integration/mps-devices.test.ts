// SPDX-License-Identifier: Apache-2.0
/** Device rows through MPS's interface. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deviceSecret } from '../../controller/modules/oob/devices/secrets.ts'
import { activeMachine, ROOT, startMps } from '../support/mps.ts'

const GUID = '143e4567-e89b-12d3-a456-426614174000'
const OTHER = 'd12428be-9fa1-4226-9784-54b2038beab6'
let mps: Awaited<ReturnType<typeof startMps>>
beforeEach(async () => {
  mps = await startMps()
})
afterEach(() => mps.stop())
const add = (more: object = {}, prefix?: string) =>
  mps.call('POST', '/devices', { guid: GUID, hostname: 'hostname', tags: [], ...more }, prefix)
const NOT_CONNECTED = 'Device not found/connected. Please connect again using CIRA.'

describe('registering', () => {
  it('answers 201 for a new device and 200 for one that is there', async () => {
    const deviceInfo = {
      fwVersion: '16.1.25',
      fwBuild: '2128',
      fwSku: '16392',
      currentMode: '0',
      features: 'AMT',
      ipAddress: '',
    }

    const first = await add({ friendlyName: 'till 2', mpsusername: 'admin', dnsSuffix: 'test.com', deviceInfo })
    const second = await add({ tags: ['acm'] })

    expect(first.status).toBe(201)
    expect(first.body).toEqual({
      guid: GUID,
      hostname: 'hostname',
      tags: [],
      mpsInstance: null,
      connectionStatus: false,
      mpsusername: 'admin',
      tenantId: '',
      friendlyName: 'till 2',
      dnsSuffix: 'test.com',
      lastConnected: null,
      lastSeen: null,
      lastDisconnected: null,
      deviceInfo,
    })
    expect(second.status).toBe(200)
    expect(second.body).toMatchObject({ tags: ['acm'], friendlyName: 'till 2' })
  })

  it.each([
    [
      { guid: '143e4567-e89b-12d3-a456-426614174' },
      { value: '143e4567-e89b-12d3-a456-426614174', msg: 'Invalid value', path: 'guid' },
    ],
    [{ guid: [] }, { value: [], msg: 'Invalid value', path: 'guid' }],
    [{ tags: 'test' }, { value: 'test', msg: 'tags should be an array of strings', path: 'tags' }],
    [
      { hostname: 'h'.repeat(256) },
      { value: 'h'.repeat(256), msg: 'Hostname must be less than 256 characters', path: 'hostname' },
    ],
    [{ deviceInfo: 'x' }, { value: 'x', msg: 'deviceInfo should be an object if provided', path: 'deviceInfo' }],
    [{ dnsSuffix: 'None?a=1' }, { value: 'None?a=1', msg: 'dnsSuffix must be a valid DNS suffix', path: 'dnsSuffix' }],
  ])('complains of %j', async (more, error) => {
    const { status, body } = await add(more)

    expect(status).toBe(400)
    expect(body.errors[0]).toEqual({ type: 'field', location: 'body', ...error })
  })

  it('takes a GUID without hyphens and in capitals', async () => {
    const { body } = await add({ guid: GUID.replaceAll('-', '').toUpperCase() })

    expect(body.guid).toBe(GUID)
  })

  it('does not give a device to a second project', async () => {
    await add()

    const { status, body } = await add({}, '/v1/projects/other/oob/mps')

    expect(status).toBe(409)
    expect(body.code).toBe('device-elsewhere')
  })
})

describe('changing', () => {
  it.each([['os.suffix.com'], [''], [null], ['os.suffix.com.'], ['localdomain']])(
    'takes the suffix %j',
    async dnsSuffix => {
      await add({ dnsSuffix: 'a.b' })

      const { status, body } = await mps.call('PATCH', '/devices', {
        guid: GUID,
        hostname: 'new',
        dnsSuffix,
        tags: ['acm'],
      })

      expect(status).toBe(200)
      expect(body).toMatchObject({ hostname: 'new', dnsSuffix, tags: ['acm'] })
    },
  )

  it('names the device it does not know', async () => {
    const { status, body } = await mps.call('PATCH', '/devices', { guid: GUID, hostname: 'x' })

    expect(status).toBe(404)
    expect(body).toEqual({ error: 'NOT FOUND', message: `Device ID ${GUID} not found` })
  })
})

describe('listing', () => {
  beforeEach(async () => {
    await add({ tags: ['acm'], friendlyName: 'till' })
    await add({ guid: OTHER, hostname: 'other', tags: ['acm', 'ccm'] })
  })
  const guids = async (query: string) => (await mps.call('GET', `/devices${query}`)).body.map((each: any) => each.guid)

  it.each([
    ['', [GUID, OTHER]],
    ['?tags=acm', [GUID, OTHER]],
    ['?tags=acm,ccm&method=AND', [OTHER]],
    ['?tags=acm,ccm&method=OR', [GUID, OTHER]],
    ['?hostname=other', [OTHER]],
    ['?friendlyName=till', [GUID]],
    ['?status=1', []],
    ['?status=0', [GUID, OTHER]],
    ['?$top=1&$skip=1', [OTHER]],
  ])('filters by %s', async (query, expected) => {
    expect(await guids(query)).toEqual(expected)
  })

  it('counts all when asked to', async () => {
    const { body } = await mps.call('GET', '/devices?$top=1&$count=true')

    expect(body).toMatchObject({ totalCount: 2, data: [{ guid: GUID }] })
  })

  it.each([
    ['$top=-1', 'The number of items to return should be a positive integer'],
    ['$count=x', 'To return total number of records in result set should be boolean'],
    ['status=2', 'Invalid value'],
    ['method=XOR', 'Invalid value'],
  ])('complains of %s', async (query, msg) => {
    const { status, body } = await mps.call('GET', `/devices?${query}`)

    expect(status).toBe(400)
    expect(body.errors[0]).toMatchObject({ msg, location: 'query' })
  })

  it('counts and collects tags', async () => {
    expect((await mps.call('GET', '/devices/stats')).body).toEqual({
      totalCount: 2,
      connectedCount: 0,
      disconnectedCount: 2,
    })
    expect((await mps.call('GET', '/devices/tags')).body).toEqual(['acm', 'ccm'])
  })

  it('keeps projects apart', async () => {
    expect((await mps.call('GET', '/devices', undefined, '/v1/projects/other/oob/mps')).body).toEqual([])
    expect((await mps.call('GET', `/devices/${GUID}`, undefined, '/v1/projects/other/oob/mps')).status).toBe(404)
  })
})

describe('removing', () => {
  it('keeps the secrets unless asked otherwise', async () => {
    const machine = activeMachine(GUID)
    await mps.connect(GUID, machine)
    const secret = () => mps.secrets.active(mps.store, deviceSecret('default', GUID, 'amt-admin'))

    expect((await mps.call('DELETE', `/devices/${GUID}?isSecretToBeDeleted=false`)).status).toBe(204)
    expect(await secret()).toBeDefined()
    await add()
    expect((await mps.call('DELETE', `/devices/${GUID}?isSecretToBeDeleted=true`)).status).toBe(204)
    expect(await secret()).toBeUndefined()
    await machine.stop()
  })

  it('complains of what it cannot read, and of what it does not know', async () => {
    const bad = await mps.call('DELETE', '/devices/143e4567-e89b-12d3-a456-426614174')
    const flag = await mps.call('DELETE', `/devices/${GUID}?isSecretToBeDeleted=t`)
    const unknown = await mps.call('DELETE', `/devices/${GUID}`)

    expect([bad.status, flag.status, unknown.status]).toEqual([400, 400, 404])
    expect(bad.body.errors[0]).toMatchObject({ msg: 'Invalid value', path: 'guid', location: 'params' })
    expect(flag.body.errors[0]).toMatchObject({ value: 't', path: 'isSecretToBeDeleted', location: 'query' })
    expect(unknown.body).toEqual({ error: 'NOT FOUND', message: `Device ID ${GUID} not found` })
  })
})

describe('the connection', () => {
  it('is unknown of a device that is away', async () => {
    for (const path of ['disconnect', 'refresh']) {
      const { status, body } = await mps.call('DELETE', `/devices/${path}/${GUID}`)
      expect(status).toBe(404)
      expect(body).toEqual({ error: NOT_CONNECTED, errorDescription: `guid : ${GUID}` })
    }
    expect((await mps.call('GET', `/devices/redirectstatus/${GUID}`)).status).toBe(404)
  })

  it('tells sessions, in either spelling, and ends on request', async () => {
    const machine = activeMachine(GUID)
    await mps.connect(GUID, machine)
    mps.redirections.open.set(GUID, [{ id: 's', mode: 'kvm', by: 'anna' }])
    const expected = { isKVMConnected: true, isSOLConnected: false, isIDERConnected: false }

    expect((await mps.call('GET', `/devices/redirectstatus/${GUID}`)).body).toEqual(expected)
    expect((await mps.call('GET', `/devices/redirectStatus/${GUID}`)).body).toEqual(expected)
    expect((await mps.call('DELETE', `/devices/refresh/${GUID}`)).body.description).toBe(
      `Device info refreshed : ${GUID}`,
    )
    const ended = await mps.call('DELETE', `/devices/disconnect/${GUID}`)

    expect(ended.body).toEqual({ success: 200, description: `CIRA connection disconnected : ${GUID}` })
    expect(mps.tunnels.size).toBe(0)
    await machine.stop()
  })

  it('does not end one of another project', async () => {
    const machine = activeMachine(GUID)
    await mps.connect(GUID, machine, 'other')

    expect((await mps.call('DELETE', `/devices/disconnect/${GUID}`)).status).toBe(404)
    expect(mps.tunnels.size).toBe(1)
    expect((await mps.call('GET', `/amt/power/state/${GUID}`)).status).toBe(404)
    await machine.stop()
  })
})

describe('the installation', () => {
  it('hands out the root, health and version', async () => {
    const root = await mps.call('GET', '/ciracert')

    expect(root.text).toBe(ROOT)
    expect((await mps.call('GET', '/health')).body).toMatchObject({
      db: { status: 'OK' },
      secretStore: { status: { initialized: true } },
    })
    expect((await mps.call('GET', '/version')).body.serviceVersion).toMatch(/^\d+\.\d+\.\d+$/)
  })

  it('does not mind an empty body that is called JSON', async () => {
    await add()
    const reply = await mps.http.inject({
      method: 'DELETE',
      url: `/api/v1/devices/${GUID}`,
      headers: { 'content-type': 'application/json' },
    })

    expect(reply.statusCode).toBe(204)
  })
})
