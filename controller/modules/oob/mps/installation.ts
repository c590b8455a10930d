// SPDX-License-Identifier: Apache-2.0
/** What is not about one device: the certificate devices trust, health, version. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import type { MpsParts } from './parts.ts'
import { type Answer, declare } from './route.ts'

/** The version of MPS whose interface this is; clients look at it to know what they may call. */
const INTERFACE_VERSION = '2.34.1'

export function installationRoutes(http: Http, parts: MpsParts): void {
  declare(http, parts, {
    method: 'GET',
    path: '/ciracert',
    access: 'host.read',
    summary: 'Read the root certificate devices trust for their tunnel',
    exception: 'Exception during MPS Root Certificate download',
    schema: { response: { 200: Type.String() } },
    answer: async ({ project }) => ({
      body: await parts.ciraRoot(project),
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    }),
  })
  declare(http, parts, {
    method: 'GET',
    path: '/health',
    access: 'public',
    summary: 'Tell whether the database and the secrets are there',
    exception: 'Health Check Failed',
    answer: () => health(parts),
  })
  declare(http, parts, {
    method: 'GET',
    path: '/version',
    access: 'public',
    summary: 'Read the version of this interface',
    exception: 'Exception during version request',
    answer: async () => ({ body: { serviceVersion: INTERFACE_VERSION } }),
  })
  declare(http, parts, {
    method: 'GET',
    path: '/server/features',
    access: 'signed-in',
    summary: 'Tell whether devices may dial in (as Console has it)',
    exception: 'Exception during server features request',
    answer: async () => ({ body: { ciraEnabled: true } }),
  })
}

const CANARY = { project: '', kind: 'health', owner: '' }

async function health({ kernel, devices, secrets }: MpsParts): Promise<Answer> {
  const works = async (act: () => Promise<unknown>): Promise<boolean> =>
    act().then(
      () => true,
      () => false,
    )
  const db = await works(() => devices.counts(kernel.store, 'default'))
  const secretStore = await works(() => secrets.active(kernel.store, CANARY))
  return {
    status: db && secretStore ? 200 : 503,
    body: {
      db: { name: 'SQLITE', status: db ? 'OK' : 'ERROR' },
      secretStore: {
        name: 'MUSTER',
        status: secretStore
          ? {
              initialized: true,
              sealed: false,
              standby: false,
              server_time_utc: Math.floor(kernel.clock.now() / 1_000),
            }
          : 'ERROR',
      },
    },
  }
}
