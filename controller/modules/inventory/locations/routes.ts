// SPDX-License-Identifier: Apache-2.0
/** The route that shows regions and sites as one tree. */
import { Type } from 'typebox'
import type { Http } from '../../../http/http.ts'
import { failures, InProject } from '../../../http/schemas.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { MAX_NODES, nodesOf } from './nodes.ts'
import { Name } from './schemas.ts'

const LocationQuery = Type.Object(
  {
    name: Type.Optional(Name),
    showSites: Type.Optional(Type.Boolean()),
    showRegions: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

const Locations = Type.Object({
  nodes: Type.Array(
    Type.Object({
      resourceId: Type.String(),
      parentId: Type.String(),
      name: Type.String(),
      type: Type.Enum(['RESOURCE_KIND_UNSPECIFIED', 'RESOURCE_KIND_REGION', 'RESOURCE_KIND_SITE']),
    }),
  ),
  totalElements: Type.Integer({ description: 'Nodes of the whole answer' }),
  outputElements: Type.Integer({
    description: `Nodes in this answer: at most ${MAX_NODES} regions and ${MAX_NODES} sites`,
  }),
})

/** With neither of the two `show` parameters both kinds are searched; what stands above a match is always there. */
export function locationRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/locations',
    {
      config: { access: 'inventory.read' },
      schema: {
        tags: ['regions'],
        summary: 'Show regions and sites as a tree',
        params: InProject,
        querystring: LocationQuery,
        response: { 200: Locations, ...failures },
      },
    },
    async ({ params, query }) => {
      const { name = '', showSites = false, showRegions = false } = query
      const both = !showSites && !showRegions
      const wanted = { name, sites: showSites || both, regions: showRegions || both }
      const { nodes, total } = await nodesOf(kernel.store, params.project, wanted)
      return { nodes: [...nodes], totalElements: total, outputElements: nodes.length }
    },
  )
}
