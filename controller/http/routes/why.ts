// SPDX-License-Identifier: Apache-2.0
/** Why a host is not what it should be, in the words that page and command line show too. */
import { Type } from 'typebox'
import type { Kernel } from '../../kernel/kernel.ts'
import { explainHost } from '../../why/why.ts'
import type { Http } from '../http.ts'
import { failures, HostIdText, OfHost, SectionName, Time } from '../schemas.ts'

const BlockerResource = Type.Object({
  code: Type.String({ description: 'Stable, kebab-case' }),
  rank: Type.Integer({ description: 'Lower ones must be mended first' }),
  title: Type.String(),
  evidence: Type.Record(Type.String(), Type.Unknown()),
  since: Type.Optional(Time),
  next: Type.String({ description: 'What to do about it' }),
  command: Type.Optional(Type.String({ description: 'The equivalent command line' })),
  section: Type.Optional(Type.String()),
})

const WhyResource = Type.Object({
  host: Type.Object({ resourceId: HostIdText, name: Type.String() }),
  settled: Type.Boolean(),
  blockers: Type.Array(BlockerResource),
  sections: Type.Array(
    Type.Object({
      section: Type.String(),
      status: Type.String(),
      desired: Type.Integer(),
      reported: Type.Integer(),
      at: Time,
    }),
  ),
})

export function whyRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/compute/hosts/:host/why',
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['hosts'],
        summary: 'Say what keeps a host from its desired state',
        params: OfHost,
        querystring: Type.Object({ section: Type.Optional(SectionName) }, { additionalProperties: false }),
        response: { 200: WhyResource, ...failures },
      },
    },
    async ({ params: { project, host: id }, query: { section } }) => {
      const { host, settled, blockers, sections } = await explainHost(kernel, { project, id, section })
      return {
        host: { resourceId: host.id, name: host.name },
        settled,
        blockers: [...blockers],
        sections: [...sections],
      }
    },
  )
}
