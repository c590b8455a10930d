// SPDX-License-Identifier: Apache-2.0
import swagger from '@fastify/swagger'
import Fastify from 'fastify'
import { Value } from 'typebox/value'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KINDS } from '../../controller/modules/oob/records/kinds.ts'
import type { RecordKind } from '../../controller/modules/oob/records/records.ts'
import { rpsRoutes } from '../../controller/modules/oob/records/routes.ts'
import { itemSchema, listSchema, Refusal } from '../../controller/modules/oob/records/schemas.ts'
import { mountToolkit } from '../../controller/modules/oob/toolkit/toolkit.ts'
import { makeProvisioningPfx } from '../support/pfx.ts'
import { startTestRps, type TestRps } from '../support/rps.ts'

const NOW = Date.parse('2026-11-21T04:00:00Z')
let rps: TestRps
beforeEach(async () => {
  rps = await startTestRps()
})
afterEach(() => rps.close())

function examples(): Record<RecordKind, object> {
  const made = makeProvisioningPfx({ now: NOW })
  return {
    domain: {
      profileName: 'd',
      domainSuffix: 'example.com',
      provisioningCert: made.pfx,
      provisioningCertPassword: made.password,
      provisioningCertStorageFormat: 'string',
    },
    cira: {
      configName: 'c',
      mpsServerAddress: 'mps.example.com',
      mpsPort: 4433,
      username: 'admin',
      commonName: 'mps.example.com',
      serverAddressFormat: 201,
      authMethod: 2,
      mpsRootCertificate: 'rootcert',
    },
    ieee8021x: { profileName: 'x', authenticationProtocol: 0, pxeTimeout: 120, wiredInterface: true },
    wireless: { profileName: 'w', authenticationMethod: 4, encryptionMethod: 3, ssid: 's', pskPassphrase: 'P@ssw0rd' },
    proxy: { name: 'p', address: '192.0.2.1', port: 80, networkDnsSuffix: 'example.com' },
    profile: {
      profileName: 'a',
      activation: 'acmactivate',
      generateRandomPassword: true,
      generateRandomMEBxPassword: true,
      dhcpEnabled: true,
      ciraConfigName: 'c',
      ieee8021xProfileName: 'x',
      wifiConfigs: [{ priority: 1, profileName: 'w' }],
      proxyConfigs: [{ priority: 1, name: 'p' }],
      tags: ['t'],
    },
  }
}

describe('the published description', () => {
  it('is true of every kind’s answers', async () => {
    for (const [kind, body] of Object.entries(examples()) as [RecordKind, object][]) {
      const { path } = KINDS[kind]
      const made = await rps.call('POST', `/${path}`, body)
      expect([kind, made.status, made.body]).toEqual([kind, 201, expect.anything()])
      const name = Object.values(body)[0]
      const shown = await rps.call('GET', `/${path}/${name}`)
      const listed = await rps.call('GET', `/${path}?$count=true`)
      const refused = await rps.call('POST', `/${path}`, {})
      const stale = await rps.call('PATCH', `/${path}`, { ...body, version: '0' })

      for (const [schema, answer] of [
        [itemSchema(kind), made.body],
        [itemSchema(kind), shown.body],
        [itemSchema(kind), stale.body],
        [listSchema(kind), listed.body],
        [Refusal, refused.body],
      ] as const)
        expect([kind, [...Value.Errors(schema, answer)]]).toEqual([kind, []])
      expect([kind, stale.status]).toEqual([kind, 409])
      // Nothing beyond what is published.
      expect(Object.keys(shown.body).sort()).toEqual(Object.keys((itemSchema(kind) as any).properties).sort())
    }
  })

  it('lists every route once', async () => {
    const http = Fastify()
    await http.register(swagger, { openapi: { openapi: '3.1.0' } })
    const { kernel, secrets } = rps
    mountToolkit(http, {
      prefixes: ['/api/v1/admin'],
      routes: rpsRoutes({ kernel, secrets, log: kernel.log }),
    })
    await http.ready()

    const { paths = {} } = http.swagger() as { paths?: Record<string, object> }

    expect(Object.keys(paths).sort()).toEqual(
      [
        '/api/v1/admin/',
        '/api/v1/admin/health',
        '/api/v1/admin/profiles/export/{name}',
        '/api/v1/admin/version',
        ...Object.values(KINDS).flatMap(({ path }) => [`/api/v1/admin/${path}`, `/api/v1/admin/${path}/{name}`]),
      ].sort(),
    )
    expect(Object.keys(paths['/api/v1/admin/domains'] ?? {})).toEqual(['get', 'post', 'patch'])
    await http.close()
  })
})
