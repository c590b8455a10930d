// SPDX-License-Identifier: Apache-2.0
/** RPS's administrative interface on a real store, called without a socket. */
import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify'
import { createAudit } from '../../controller/kernel/audit.ts'
import type { Kernel } from '../../controller/kernel/kernel.ts'
import { PERMISSIONS, type Principal } from '../../controller/kernel/permissions.ts'
import type { KernelTables } from '../../controller/kernel/tables/tables.ts'
import { rpsFailure } from '../../controller/modules/oob/records/answers.ts'
import { rpsRoutes } from '../../controller/modules/oob/records/routes.ts'
import { recordMigrations } from '../../controller/modules/oob/records/tables.ts'
import { mountToolkit } from '../../controller/modules/oob/toolkit/toolkit.ts'
import { masterKey } from '../../controller/secrets/seal.ts'
import type { Secrets } from '../../controller/secrets/secrets.ts'
import { createSecrets, secretMigrations } from '../../controller/secrets/store.ts'
import { kernelStore, surroundings, testSigner } from './kernel.ts'

export type RpsAnswer = {
  readonly status: number
  readonly body: any
  readonly headers: LightMyRequestResponse['headers']
}

export interface TestRps {
  readonly kernel: Kernel
  readonly secrets: Secrets
  readonly http: FastifyInstance
  /** Under `/api/v1/admin`. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<RpsAnswer>
  close(): Promise<void>
}

const TESTER: Principal = {
  id: 'p-1',
  kind: 'person',
  name: 'tester',
  role: 'admin',
  via: 'token',
  permissions: new Set(PERMISSIONS),
}

/** Projects beside `default`, and a file for the database if it must be looked into. */
export async function startTestRps({
  projects = [],
  file = ':memory:',
}: {
  projects?: string[]
  file?: string
} = {}): Promise<TestRps> {
  const around = surroundings()
  const store = await kernelStore(file)
  await store.migrate('secrets', secretMigrations)
  await store.migrate('oob', recordMigrations)
  for (const name of ['default', ...projects])
    await store
      .installation<KernelTables>()
      .insertInto('kernel_projects')
      .values({ name, created_at: '2026-11-21T04:00:00Z' })
      .onConflict(clash => clash.column('name').doNothing())
      .execute()
  const audit = createAudit(store, testSigner(), around)
  const kernel = { ...around, store, audit } as unknown as Kernel
  const secrets = createSecrets({ ...around, master: masterKey(randomBytes(32)) })
  const http = Fastify()
  http.decorateRequest('principal', undefined)
  http.addHook('onRequest', async request => {
    request.principal = TESTER
  })
  mountToolkit(http, {
    prefixes: ['/api/v1/admin', '/rps/api/v1/admin', '/v1/projects/:project/oob/rps'],
    routes: rpsRoutes({ kernel, secrets, log: around.log }),
    failure: rpsFailure,
  })
  await http.ready()
  return {
    kernel,
    secrets,
    http,
    call: async (method, path, body, headers = {}) => {
      const answer = await http.inject({
        method: method as 'GET',
        url: path.startsWith('/v1/') || path.startsWith('/rps/') ? path : `/api/v1/admin${path}`,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      })
      return {
        status: answer.statusCode,
        body: answer.body === '' ? undefined : JSON.parse(answer.body),
        headers: answer.headers,
      }
    },
    close: async () => {
      await http.close()
      await store.close()
    },
  }
}
