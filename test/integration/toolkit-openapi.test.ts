// SPDX-License-Identifier: Apache-2.0
/** The answers of MPS and RPS as their clients expect them, path by path: status, members, types. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AmtMachine } from '../../simulator/amt/machine.ts'
import { activeMachine, startMps } from '../support/mps.ts'
import { AWAY_ROWS, MPS_FAILURE, MPS_ROWS } from '../support/mps-table.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'
import { type RecordRow, RPS_COMPLAINTS, RPS_REFUSED, RPS_ROWS } from '../support/rps-table.ts'
import { differences } from '../support/shapes.ts'

const GUID = '4c4c4544-004b-4210-8033-b6c04f504633'

describe('MPS', () => {
  let mps: Awaited<ReturnType<typeof startMps>>
  let machine: AmtMachine
  beforeAll(async () => {
    mps = await startMps()
    machine = activeMachine(GUID)
    machine.state.auditLog = [auditRecord()]
    machine.state.eventLog = [
      Buffer.from([0, 0, 0, 0, 255, 15, 111, 2, 104, 1, 255, 34, 0, 64, 6, 0, 0, 0, 0, 0, 0]),
    ].map(each => each.toString('base64'))
    await mps.connect(GUID, machine)
  })
  afterAll(async () => {
    await mps.stop()
    await machine.stop()
  })

  it.each(MPS_ROWS)('$verb $path answers $status in its shape', async ({ verb, path, body, status, shape }) => {
    const reply = await mps.call(verb, path.replace('GUID', GUID), body)

    expect({ status: reply.status, text: reply.status === status ? '' : reply.text }).toEqual({ status, text: '' })
    if (shape === undefined) return
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(differences(reply.body, shape)).toEqual([])
  })

  it('sends the root certificate as text', async () => {
    const { headers, text } = await mps.call('GET', '/ciracert')

    expect(headers['content-type']).toMatch(/^text\//)
    expect(text).toContain('-----BEGIN CERTIFICATE-----')
  })
})

describe('MPS about a device that is away', () => {
  let mps: Awaited<ReturnType<typeof startMps>>
  beforeAll(async () => {
    mps = await startMps()
  })
  afterAll(() => mps.stop())

  it.each(AWAY_ROWS)('$verb $path answers 404 and names the device', async ({ verb, path, body }) => {
    const reply = await mps.call(verb, `${path}/${GUID}`, body)

    expect(reply.status).toBe(404)
    expect(differences(reply.body, MPS_FAILURE)).toEqual([])
    expect(reply.body).toMatchObject({
      error: 'Device not found/connected. Please connect again using CIRA.',
      errorDescription: `guid : ${GUID}`,
    })
  })
})

describe('RPS', () => {
  let rps: TestRps
  beforeAll(async () => {
    rps = await startTestRps()
  })
  afterAll(() => rps.close())
  const versionOf = async ({ path, name }: RecordRow): Promise<string> =>
    (await rps.call('GET', `${path}/${name}`)).body.version

  it.each(RPS_ROWS)('$path: begins empty, makes one and refuses a second', async each => {
    const empty = await rps.call('GET', each.path)
    const made = await rps.call('POST', each.path, each.given)
    const again = await rps.call('POST', each.path, each.given)
    const nothing = await rps.call('POST', each.path, {})

    expect(empty).toMatchObject({ status: 200, body: [] })
    expect(made.status).toBe(201)
    expect(differences(made.body, each.shape)).toEqual([])
    expect(JSON.stringify(made.body)).not.toMatch(/TestPassw0rd|P@ssw0rd/)
    expect(again).toMatchObject({ status: 400, body: { error: 'Unique key violation' } })
    expect(differences(again.body, RPS_REFUSED)).toEqual([])
    expect(nothing.status).toBe(400)
    expect(differences(nothing.body, RPS_COMPLAINTS)).toEqual([])
  })

  it.each(RPS_ROWS)('$path: lists, counts, pages, and complains of a page that is none', async ({ path, shape }) => {
    const list = await rps.call('GET', path)
    const counted = await rps.call('GET', `${path}?$top=1&$skip=0&$count=true`)
    const beyond = await rps.call('GET', `${path}?$top=1&$skip=5`)
    const wrong = await rps.call('GET', `${path}?$top=x&$skip=y&$count=z`)

    expect(differences(list.body, [shape])).toEqual([])
    expect(differences(counted.body, { data: [shape], totalCount: 'number' })).toEqual([])
    expect(counted.body.totalCount).toBe(1)
    expect(beyond.body).toEqual([])
    expect(wrong.status).toBe(400)
    expect(wrong.body.errors.map((each: any) => each.path)).toEqual(['$top', '$skip', '$count'])
  })

  it.each(RPS_ROWS)('$path: has an entity tag, and nothing to say to who knows it', async ({ path, name }) => {
    const one = await rps.call('GET', `${path}/${name.toUpperCase()}`)
    const list = await rps.call('GET', path)
    const tag = String(one.headers.etag)

    expect(tag).toBe(one.body.version)
    for (const known of [tag, `"${tag}"`, `W/"${tag}"`])
      expect((await rps.call('GET', `${path}/${name}`, undefined, { 'if-none-match': known })).status).toBe(304)
    const same = await rps.call('GET', path, undefined, { 'if-none-match': String(list.headers.etag) })
    expect(same).toMatchObject({ status: 304, body: undefined })
    expect((await rps.call('GET', `${path}/${name}`, undefined, { 'if-none-match': 'other' })).status).toBe(200)
  })

  it.each(RPS_ROWS)('$path: is changed by who knows the version, in body or header', async each => {
    const { path, change, shape } = each
    const first = await versionOf(each)

    const stale = await rps.call('PATCH', path, { ...change, version: '100000' })
    const staleHeader = await rps.call('PATCH', path, { ...change, version: first }, { 'if-match': '100000' })
    const changed = await rps.call('PATCH', path, { ...change, version: Number(first) })
    const byHeader = await rps.call('PATCH', path, change, { 'if-match': `"${changed.body.version}"` })

    expect([stale.status, staleHeader.status, changed.status, byHeader.status]).toEqual([409, 412, 200, 200])
    for (const { body } of [stale, staleHeader, changed, byHeader]) expect(differences(body, shape)).toEqual([])
    expect(stale.body.version).toBe(first)
    expect(byHeader.headers.etag).toBe(byHeader.body.version)
  })

  it('names the record it does not know, whatever is asked', async () => {
    for (const { path, given } of RPS_ROWS) {
      const [member = ''] = Object.keys(given)
      const shown = await rps.call('GET', `${path}/nobody`)
      const removed = await rps.call('DELETE', `${path}/nobody`)
      const changed = await rps.call('PATCH', path, {
        ...given,
        [member]: 'nobody',
        version: '1',
      })

      for (const { status, body } of [shown, removed, changed])
        expect({ path, status, body }).toMatchObject({
          status: 404,
          body: {
            error: 'Not Found',
            message: expect.stringMatching(/^(CIRA|AMT|Wireless|802\.1x|Proxy) profile nobody Not Found$/),
          },
        })
    }
  })

  it('does not need the certificate of a domain that is not there', async () => {
    const { status, body } = await rps.call('PATCH', '/domains', {
      profileName: 'nobody',
      domainSuffix: 'example.com',
      provisioningCert: 'x',
      provisioningCertPassword: 'x',
      provisioningCertStorageFormat: 'raw',
      version: '1',
    })

    expect({ status, body }).toEqual({
      status: 404,
      body: { error: 'Not Found', message: 'Domain profile nobody Not Found' },
    })
  })

  it('removes what nobody names any more', async () => {
    for (const { path, name, versionless } of [...RPS_ROWS].reverse()) {
      const { status, body } = await rps.call('DELETE', `${path}/${name}`)
      expect({ path, versionless, status, body }).toMatchObject({ status: 204, body: undefined })
    }
  })

  it('tells its version with and without a slash at the end', async () => {
    for (const path of ['/version', '/version/'])
      expect((await rps.call('GET', path)).body).toEqual({
        serviceVersion: expect.any(String),
        protocolVersion: '4.0.0',
      })
  })
})

function auditRecord(): string {
  const time = Buffer.alloc(4)
  time.writeUInt32BE(1_700_000_000)
  const head = Buffer.from([0, 18, 0, 10, 0, 5])
  const tail = [Buffer.from([0, 7]), Buffer.from('1.2.3.4'), Buffer.from([0])]
  return Buffer.concat([head, Buffer.from('admin'), time, ...tail]).toString('base64')
}
