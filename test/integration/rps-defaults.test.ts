// SPDX-License-Identifier: Apache-2.0
import { createDecipheriv, X509Certificate } from 'node:crypto'
import Fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { installErrors } from '../../controller/http/errors.ts'
import { typed } from '../../controller/http/http.ts'
import { validatorCompiler } from '../../controller/http/validate.ts'
import {
  type DefaultsParts,
  ensureDefaults,
  sharePasswords,
  sharesPasswords,
} from '../../controller/modules/oob/records/defaults.ts'
import { policyRoutes } from '../../controller/modules/oob/records/policy-routes.ts'
import { choose } from '../../controller/modules/oob/records/policy-store.ts'
import { resolveProfile } from '../../controller/modules/oob/records/resolve.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { Problem } from '../../plugins/contract/index.ts'
import { silent } from '../support/kernel.ts'
import { makeProvisioningPfx, type ProvisioningPfx } from '../support/pfx.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

const NOW = Date.parse('2026-11-21T04:00:00Z')
let rps: TestRps
let made: ProvisioningPfx
let root: string
let host: string
let parts: DefaultsParts
beforeEach(async () => {
  rps = await startTestRps({ projects: ['north'] })
  made = makeProvisioningPfx({ now: NOW })
  root = made.root
  host = 'mps.example.com'
  parts = {
    kernel: rps.kernel,
    secrets: rps.secrets,
    ciraRoot: async () => root,
    announced: () => ({ host, port: 4433 }),
    log: silent,
  }
})
afterEach(() => rps.close())

const tenant = { 'x-tenant-id': 'north' }
const getting = async (path: string) => (await rps.call('GET', path, undefined, tenant)).body
const north = (name: string) => resolveProfile(rps.kernel.store, rps.secrets, { project: 'north', name })

async function addDomain(): Promise<void> {
  const answer = await rps.call(
    'POST',
    '/domains',
    {
      profileName: 'dom',
      domainSuffix: 'example.com',
      provisioningCert: made.pfx,
      provisioningCertPassword: made.password,
      provisioningCertStorageFormat: 'raw',
    },
    tenant,
  )
  expect(answer.status).toBe(201)
}

describe('the defaults of a project', () => {
  it('lead here: our root, the announced address, a profile for each control mode', async () => {
    await ensureDefaults(parts, 'north')

    expect(await getting('/ciraconfigs/north')).toMatchObject({
      configName: 'north',
      mpsServerAddress: 'mps.example.com',
      commonName: 'mps.example.com',
      mpsPort: 4433,
      serverAddressFormat: 201,
      authMethod: 2,
      username: 'admin',
      proxyDetails: '',
      mpsRootCertificate: new X509Certificate(root).raw.toString('base64'),
    })
    const common = {
      dhcpEnabled: true,
      ipSyncEnabled: false,
      kvmEnabled: true,
      solEnabled: true,
      tlsMode: null,
      tlsSigningAuthority: 'SelfSigned',
      ciraConfigName: 'north',
      generateRandomPassword: true,
    }
    expect(await getting('/profiles/north_ccm')).toMatchObject({
      ...common,
      activation: 'ccmactivate',
      userConsent: 'All',
    })
    expect(await getting('/profiles/north_acm')).toMatchObject({
      ...common,
      activation: 'acmactivate',
      userConsent: 'None',
      generateRandomMEBxPassword: true,
    })
  })

  it('are made once, and again when one is missing', async () => {
    await ensureDefaults(parts, 'north')
    const { version } = await getting('/ciraconfigs/north')
    await rps.call('DELETE', '/profiles/north_acm', undefined, tenant)

    await ensureDefaults(parts, 'north')

    expect((await getting('/ciraconfigs/north')).version).toBe(version)
    expect((await getting('/profiles/north_acm')).profileName).toBe('north_acm')
  })

  it('follow the announced address and the root, and leave what people changed', async () => {
    await ensureDefaults(parts, 'north')
    const cira = await getting('/ciraconfigs/north')
    await rps.call(
      'PATCH',
      '/ciraconfigs',
      { configName: 'north', username: 'operator', version: cira.version },
      tenant,
    )
    const ccm = await getting('/profiles/north_ccm')
    await rps.call('PATCH', '/profiles', { ...ccm, solEnabled: false, tags: ['mine'] }, tenant)
    host = '192.0.2.7'
    root = makeProvisioningPfx({ now: NOW }).root

    await ensureDefaults(parts, 'north')

    expect(await getting('/ciraconfigs/north')).toMatchObject({
      username: 'operator',
      mpsServerAddress: '192.0.2.7',
      commonName: '192.0.2.7',
      serverAddressFormat: 3,
      mpsRootCertificate: new X509Certificate(root).raw.toString('base64'),
    })
    expect(await getting('/profiles/north_ccm')).toMatchObject({ solEnabled: false, tags: ['mine'] })
  })

  it('are not made for an address that firmware cannot dial', async () => {
    host = 'localhost'

    await expect(ensureDefaults(parts, 'north')).rejects.toSatisfy(
      thrown => thrown instanceof Problem && thrown.code === 'cira-address',
    )
    expect(await getting('/profiles')).toEqual([])
  })

  it('share passwords only when told to, and say so', async () => {
    await ensureDefaults(parts, 'north')
    expect(await sharesPasswords(parts, 'north')).toBe(false)

    await sharePasswords(parts, 'north', { amt: Secret.of('Sh4red!one'), mebx: Secret.of('Sh4red!two') })

    expect(await sharesPasswords(parts, 'north')).toBe(true)
    const acm = await north('north_acm')
    expect(acm?.amtPassword?.equals('Sh4red!one')).toBe(true)
    expect(acm?.mebxPassword?.equals('Sh4red!two')).toBe(true)
    await sharePasswords(parts, 'north', undefined)
    expect(await sharesPasswords(parts, 'north')).toBe(false)
    expect((await north('north_acm'))?.amtPassword).toBeUndefined()
  })
})

describe('the policy of a project', () => {
  const subject = { sku: 'amt', labels: {}, tags: [], dnsSuffix: 'lab.example.com' } as const
  const chosen = (more = {}) => choose(rps.kernel.store, 'north', { ...subject, ...more })

  it('activates vPro in admin control mode once a domain fits, and ISM in client control mode', async () => {
    await ensureDefaults(parts, 'north')
    expect(await chosen()).toMatchObject({ profile: 'north_ccm' })

    await addDomain()

    expect(await chosen()).toMatchObject({ profile: 'north_acm', controlMode: 'acm' })
    expect(await chosen({ sku: 'ism' })).toMatchObject({ profile: 'north_ccm', controlMode: 'ccm' })
    expect(await chosen({ dnsSuffix: 'elsewhere.org' })).toMatchObject({ profile: 'north_ccm' })
  })

  it('is read and set, with the profiles it names looked up and a stale revision refused', async () => {
    await ensureDefaults(parts, 'north')
    const http = Fastify()
    http.decorateRequest('principal', undefined)
    http.addHook('onRequest', async request => {
      request.principal = {
        id: 'p-1',
        kind: 'person',
        name: 'a',
        role: 'admin',
        via: 'token',
        permissions: new Set(['host.change']),
      }
    })
    http.setValidatorCompiler(validatorCompiler as never)
    http.setSerializerCompiler(() => JSON.stringify)
    installErrors(typed(http))
    policyRoutes(typed(http), rps.kernel)
    const url = '/v1/projects/north/oob/policy'
    const put = (rules: object[], headers = {}) => http.inject({ method: 'PUT', url, headers, payload: { rules } })

    expect((await http.inject({ url })).json()).toEqual({ rules: [], version: 0 })
    expect((await put([{ profile: 'none' }])).json()).toMatchObject({ code: 'policy-invalid' })
    expect((await put([{ sku: 'tpm' }])).statusCode).toBe(400)
    const rules = [{ name: 'kiosks', labels: { role: 'kiosk' }, profile: 'north_ccm' }]
    const first = await put(rules, { 'if-match': '"0"' })
    expect(first.json()).toEqual({ rules, version: 1 })
    expect(first.headers.etag).toBe('"1"')
    expect((await put(rules, { 'if-match': '"0"' })).statusCode).toBe(412)

    await addDomain()
    expect(await chosen({ labels: { role: 'kiosk' } })).toMatchObject({ profile: 'north_ccm', why: ['kiosks fits'] })
    await http.close()
  })
})

describe('an exported profile', () => {
  const exported = async (path: string) => {
    const { status, body } = await rps.call('GET', path, undefined, tenant)
    if (status !== 200) return { status, body, content: undefined }
    const bytes = Buffer.from(body.content, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(body.key, 'base64'), bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(-16))
    const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    return { status, body, content: parse(plain.toString()) }
  }
  const acm = {
    profileName: 'site',
    activation: 'acmactivate',
    amtPassword: 'Amt!pass1',
    mebxPassword: 'Mebx!pass1',
    dhcpEnabled: true,
    tlsMode: 4,
    userConsent: 'None',
    solEnabled: true,
  }

  it('is a file that its own key opens, with the passwords and the certificate in it', async () => {
    await addDomain()
    await rps.call('POST', '/profiles', acm, tenant)

    const { body, content } = await exported('/profiles/export/site?domainName=dom')

    expect(Object.keys(body)).toEqual(['filename', 'content', 'key'])
    expect(body.filename).toBe('site.yaml')
    expect(Buffer.from(body.key, 'base64')).toHaveLength(32)
    expect(content).toMatchObject({
      name: 'site',
      configuration: {
        network: { wired: { dhcpEnabled: true } },
        tls: { enabled: true, mutualAuthentication: true, allowNonTLS: true },
        redirection: { services: { kvm: true, sol: true, ider: false }, userConsent: 'None' },
        amtSpecific: {
          controlMode: 'acmactivate',
          adminPassword: 'Amt!pass1',
          mebxPassword: 'Mebx!pass1',
          provisioningCert: made.pfx,
          provisioningCertPwd: made.password,
        },
      },
    })
  })

  it('has another key each time', async () => {
    await rps.call('POST', '/profiles', acm, tenant)

    const keys = [
      (await exported('/profiles/export/site')).body.key,
      (await exported('/profiles/export/site')).body.key,
    ]

    expect(keys[0]).not.toBe(keys[1])
  })

  it('needs a profile and a domain that are there', async () => {
    await rps.call('POST', '/profiles', acm, tenant)

    expect(await exported('/profiles/export/none')).toMatchObject({
      status: 404,
      body: { message: 'AMT profile none Not Found' },
    })
    expect(await exported('/profiles/export/site?domainName=none')).toMatchObject({
      status: 404,
      body: { message: 'Domain profile none Not Found' },
    })
  })
})
