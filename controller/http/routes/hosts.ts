// SPDX-License-Identifier: Apache-2.0
/** Hosts: list, count, read; and the routes that change them. */
import { Type } from 'typebox'
import { lastCertificate } from '../../kernel/certificates.ts'
import { getHost } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { AsOf, hostAsOf } from '../as-of.ts'
import { tagOf } from '../host-tag.ts'
import { HostResource, hostResource } from '../hosts.ts'
import type { Http } from '../http.ts'
import { failures, OfHost } from '../schemas.ts'
import { hostChangeRoutes } from './host-changes.ts'
import { hostListRoutes } from './host-list.ts'
import { hostTurnRoutes } from './host-turns.ts'

export function hostRoutes(http: Http, kernel: Kernel): void {
  hostListRoutes(http, kernel)
  readRoutes(http, kernel)
  hostChangeRoutes(http, kernel)
  hostTurnRoutes(http, kernel)
}

function readRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/compute/hosts/:host',
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['hosts'],
        summary: 'Read a host, as it is or as it was',
        params: OfHost,
        querystring: Type.Object({ asOf: Type.Optional(AsOf) }, { additionalProperties: false }),
        response: { 200: HostResource, ...failures },
      },
    },
    async ({ params, query }, reply) => {
      if (query.asOf !== undefined) return hostAsOf(kernel, params, query.asOf)
      const host = await getHost(kernel.store, params.project, params.host)
      reply.header('etag', tagOf(kernel, host))
      const certificate = await lastCertificate(kernel.store, params.project, host.id)
      return {
        ...(await hostResource(kernel, host)),
        ...(certificate === undefined
          ? {}
          : { certificate: { expiresAt: certificate.not_after, state: certificate.state } }),
      }
    },
  )
}
