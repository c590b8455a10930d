// SPDX-License-Identifier: Apache-2.0
/** Where devices of a project dial in, and under which root. */
import { Type } from 'typebox'
import type { Http } from '../../http/http.ts'
import { failures, InProject } from '../../http/schemas.ts'

export type EndpointParts = {
  readonly announced: (project: string) => { readonly host: string; readonly port: number }
  readonly ports: { readonly port: number; readonly legacyPort?: number }
  readonly root: (project: string) => Promise<string>
  /** What somebody should change. */
  readonly warnings: (project: string) => Promise<readonly string[]>
  /** Tunnels that are up, connections on their way, and what was refused since the start. */
  readonly load: () => { readonly tunnels: number; readonly waiting: number; readonly refused: number }
}

export function endpointRoute(http: Http, { announced, ports, root, load, warnings }: EndpointParts): void {
  http.get(
    '/v1/projects/:project/oob/endpoint',
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Where firmware dials in',
        params: InProject,
        response: {
          200: Type.Object({
            address: Type.String(),
            port: Type.Integer(),
            listening: Type.Integer(),
            legacyListening: Type.Optional(Type.Integer()),
            root: Type.String({ description: 'PEM' }),
            warnings: Type.Array(Type.String()),
            tunnels: Type.Integer(),
            waiting: Type.Integer({ description: 'Connections that have not logged in yet' }),
            refused: Type.Integer({ description: 'Connections and logins refused since the start' }),
          }),
          ...failures,
        },
      },
    },
    async ({ params }) => ({
      address: announced(params.project).host,
      port: announced(params.project).port,
      listening: ports.port,
      ...(ports.legacyPort === undefined ? {} : { legacyListening: ports.legacyPort }),
      root: await root(params.project),
      warnings: [...(await warnings(params.project))],
      ...load(),
    }),
  )
}
