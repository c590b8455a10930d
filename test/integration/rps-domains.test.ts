// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createPfxReader } from '../../controller/modules/oob/records/pfx-worker.ts'
import { domainFor, provisioningCertificate } from '../../controller/modules/oob/records/resolve.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock } from '../../controller/system/clock.ts'
import type { Clock } from '../../plugins/contract/index.ts'
import { makeProvisioningPfx, type ProvisioningPfx } from '../support/pfx.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

const UNREADABLE =
  'Unable to decrypt provisioning certificate. Please check that the password is correct, and that the certificate is a valid certificate.'
const NOW = Date.parse('2026-11-21T04:00:00Z')

let made: ProvisioningPfx
let rps: TestRps
beforeAll(() => {
  made = makeProvisioningPfx({ now: NOW, suffix: 'test.com' })
})
beforeEach(async () => {
  rps = await startTestRps()
})
afterEach(() => rps.close())

const domain = (change: object = {}) => ({
  profileName: 'NewDomain',
  domainSuffix: 'test.com',
  provisioningCert: made.pfx,
  provisioningCertPassword: made.password,
  provisioningCertStorageFormat: 'raw',
  ...change,
})
const posting = (change: object = {}) => rps.call('POST', '/domains', domain(change))

describe('domains', () => {
  it('are made, answered without certificate and password, and found in any case', async () => {
    const { status, body } = await posting()

    expect(status).toBe(201)
    expect(body).toEqual({
      profileName: 'NewDomain',
      domainSuffix: 'test.com',
      provisioningCertStorageFormat: 'raw',
      expirationDate: '2027-11-21T04:00:00.000Z',
      tenantId: '',
      version: expect.any(String),
    })
    expect((await rps.call('GET', '/domains/newdomain')).body).toEqual(body)
  })

  it('complain about each member', async () => {
    const { status, body } = await rps.call('POST', '/domains', {})

    expect(status).toBe(400)
    expect(body.errors.map((each: any) => `${each.path}: ${each.msg}`)).toEqual([
      'profileName: AMT Domain profile name is required',
      'profileName: AMT Domain profile name accepts letters, numbers, hyphens (-), and underscores (_)',
      'provisioningCertPassword: Provisioning Cert Password is required',
      'domainSuffix: Domain suffix name is required',
      'provisioningCert: Provisioning certificate is required',
      'provisioningCertStorageFormat: Provisioning Cert Storage Format is required',
      "provisioningCertStorageFormat: Provisioning Cert Storage Format should be either 'raw' or 'string'",
    ])
  })

  it('name what is wrong with a certificate, without repeating it', async () => {
    const { status, body } = await posting({ provisioningCertPassword: 'wrong' })

    expect(status).toBe(400)
    expect(body).toEqual({
      errors: [{ type: 'field', msg: UNREADABLE, path: 'provisioningCert', location: 'body' }],
      code: 'pfx-unreadable',
    })
  })

  it('answer 422 with a code under our own address', async () => {
    const weak = makeProvisioningPfx({ now: NOW, suffix: 'test.com', eku: false })

    const { status, body } = await rps.call(
      'POST',
      '/v1/projects/default/oob/rps/domains',
      domain({ provisioningCert: weak.pfx }),
    )

    expect(status).toBe(422)
    expect(body.code).toBe('pfx-no-amt-usage')
  })

  it('refuse bytes that are no certificate, and text that is no base64', async () => {
    expect((await posting({ provisioningCert: Buffer.from('nonsense').toString('base64') })).body.code).toBe(
      'pfx-unreadable',
    )
    expect((await posting({ provisioningCert: '***' })).body.code).toBe('pfx-unreadable')
  })

  it('refuse a password that is too long, and a body that is too large', async () => {
    expect((await posting({ provisioningCertPassword: 'x'.repeat(65) })).body.errors[0]).toMatchObject({
      path: 'provisioningCertPassword',
      msg: 'Password should not exceed 64 characters in length',
    })
    expect((await posting({ provisioningCert: 'A'.repeat(5_000_000) })).status).toBe(413)
  })

  it('are told apart by name and by suffix, in any case', async () => {
    await posting()

    const error = 'Unique key violation'
    expect(await posting({ domainSuffix: 'lab.test.com', profileName: 'NEWDOMAIN' })).toMatchObject({
      status: 400,
      body: { error, message: 'Domain NEWDOMAIN ID or Suffix already exists' },
    })
    expect(await posting({ profileName: 'other', domainSuffix: 'TEST.com' })).toMatchObject({
      status: 400,
      body: { error, message: 'Domain other ID or Suffix already exists' },
    })
  })

  it('are changed with a new certificate, or without one', async () => {
    const first = await posting()
    const longer = makeProvisioningPfx({ now: NOW, suffix: 'test.com', days: 700 })

    const renewed = await rps.call('PATCH', '/domains', {
      profileName: 'newdomain',
      provisioningCert: longer.pfx,
      provisioningCertPassword: longer.password,
      version: first.body.version,
    })
    const moved = await rps.call('PATCH', '/domains', {
      profileName: 'NewDomain',
      domainSuffix: 'lab.test.com',
      version: renewed.body.version,
    })

    expect(renewed).toMatchObject({ status: 200, body: { expirationDate: '2028-10-21T04:00:00.000Z' } })
    expect(moved).toMatchObject({ status: 200, body: { domainSuffix: 'lab.test.com' } })
    const kept = await domainFor(rps.kernel.store, 'default', 'lab.test.com')
    const certificate = await provisioningCertificate(rps.kernel.store, rps.secrets, {
      project: 'default',
      domain: kept!,
    })
    expect(certificate?.chain).toEqual(longer.chain)
  })

  it('keep what they have when a change is refused', async () => {
    const { version } = (await posting()).body
    const change = (more: object) => rps.call('PATCH', '/domains', { profileName: 'NewDomain', version, ...more })

    expect((await change({ domainSuffix: 'other.org' })).body.errors[0].msg).toBe(
      'FQDN not associated with provisioning certificate',
    )
    expect((await change({ provisioningCert: made.pfx })).body.errors[0].msg).toBe(UNREADABLE)
    expect((await change({ provisioningCertStorageFormat: 'other' })).body.errors[0].msg).toBe(
      'Provisioning Cert Storage Format is either "raw" or "string"',
    )
    expect((await rps.call('GET', '/domains/NewDomain')).body.version).toBe(version)
  })

  it('give activation the chain, the key and the hashes of the root', async () => {
    await posting()
    const kept = await domainFor(rps.kernel.store, 'default', 'test.com')

    const certificate = await provisioningCertificate(rps.kernel.store, rps.secrets, {
      project: 'default',
      domain: kept!,
    })

    expect(certificate?.chain).toEqual(made.chain)
    expect(certificate?.rootHashes).toEqual({ sha1: made.rootSha1, sha256: made.rootSha256, sha384: made.rootSha384 })
    expect(certificate?.key.use(pem => pem)).toContain('BEGIN PRIVATE KEY')
    expect(certificate?.digest).toBe('sha256')
  })

  it('are found by walking up the suffix of a device', async () => {
    await posting()
    const found = async (suffix: string) => (await domainFor(rps.kernel.store, 'default', suffix))?.profileName

    expect(await found('a.b.Test.com')).toBe('NewDomain')
    expect(await found('test.com')).toBe('NewDomain')
    expect(await found('attest.com')).toBeUndefined()
    expect(await found('com')).toBeUndefined()
    expect(await found('')).toBeUndefined()
  })

  it('go with their certificate', async () => {
    await posting()
    const kept = await domainFor(rps.kernel.store, 'default', 'test.com')

    expect((await rps.call('DELETE', '/domains/NewDomain')).status).toBe(204)

    expect(
      await provisioningCertificate(rps.kernel.store, rps.secrets, { project: 'default', domain: kept! }),
    ).toBeUndefined()
    expect((await rps.call('DELETE', '/domains/NewDomain')).body).toEqual({
      error: 'Not Found',
      message: 'Domain profile NewDomain Not Found',
    })
  })
})

describe('the thread that reads certificate files', () => {
  const signal = new AbortController().signal
  const password = Secret.of('Intel123!')
  /** A clock that is twenty times too fast. */
  const impatient: Clock = { ...realClock, after: (waitMs, act) => realClock.after(waitMs / 20, act) }

  it('gives up on a file that asks for endless work, and reads the next', async () => {
    const endless = makeProvisioningPfx({ now: NOW, claimedRounds: 2_147_483_647 })

    const content = await createPfxReader(impatient)(Buffer.from(endless.pfx, 'base64'), password, signal)

    expect(content).toBeUndefined()
    const next = await createPfxReader(realClock)(Buffer.from(made.pfx, 'base64'), Secret.of(made.password), signal)
    expect(next?.certificates).toHaveLength(3)
  })

  it('reads two at a time, lets others wait, and refuses a crowd', async () => {
    const read = createPfxReader(realClock)
    const bytes = Buffer.from(made.pfx, 'base64')
    const gone = new AbortController()

    const crowd = Array.from({ length: 20 }, (_, index) => read(bytes, password, index === 17 ? gone.signal : signal))
    gone.abort(new Error('gone'))
    const settled = await Promise.allSettled(crowd)

    const outcomes = settled.map(each =>
      each.status === 'rejected' ? 'gone' : each.value === undefined ? 'refused' : 'read',
    )
    expect(outcomes).toEqual([...Array(17).fill('read'), 'gone', 'refused', 'refused'])
  })

  it('stops when the client goes away', async () => {
    const gone = new AbortController()

    const reading = createPfxReader(realClock)(Buffer.from(made.pfx, 'base64'), password, gone.signal)
    gone.abort(new Error('gone'))

    await expect(reading).rejects.toThrow('gone')
  })

  it('survives nesting without end', async () => {
    const deep = Buffer.alloc(200_000, Buffer.from([0x30, 0x80]))

    expect(await createPfxReader(realClock)(deep, password, signal)).toBeUndefined()
  })
})
