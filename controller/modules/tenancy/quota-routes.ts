// SPDX-License-Identifier: Apache-2.0
/** How much a project may hold: read by everybody in it, set by whoever runs the installation. */
import { type Static, Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { Because, failures, InProject } from '../../http/schemas.ts'
import { projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { QUOTAS, type Quotas, quotasOf, setQuotas } from '../../kernel/quotas.ts'
import type { Db } from '../../store/store.ts'
import { checkOverInstallation } from './standing.ts'

const most = (description: string) => Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000_000, description }))
const QuotaMembers = Type.Object(
  {
    hosts: most(QUOTAS.hosts),
    joinTokens: most(QUOTAS.joinTokens),
    queuedCommands: most(QUOTAS.queuedCommands),
    regions: most(QUOTAS.regions),
    sites: most(QUOTAS.sites),
  },
  { additionalProperties: false, description: 'What is not named has no limit' },
)
const QuotaResource = Type.Object({ quotas: QuotaMembers })

export function quotaRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/quotas',
    {
      config: { access: 'project.read' },
      schema: {
        tags: ['projects'],
        summary: 'How much the project may hold',
        params: InProject,
        response: { 200: QuotaResource, ...failures },
      },
    },
    async ({ params }) => shown(kernel.store, params.project),
  )
  http.put(
    '/v1/projects/:project/quotas',
    {
      config: { access: 'project.write' },
      schema: {
        tags: ['projects'],
        summary: 'Set how much the project may hold; what is not named has no limit',
        params: InProject,
        querystring: Because,
        body: QuotaMembers,
        response: { 200: QuotaResource, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const by = callerOf(request)
      checkOverInstallation(by)
      return kernel.store.change(async tx => {
        const before = await quotasOf(tx, project)
        await setQuotas(tx, project, limitsIn(request.body))
        const after = await quotasOf(tx, project)
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: by,
          action: 'project.quotas',
          target: project,
          outcome: 'done',
          request: request.id,
          ...(request.query.reason === undefined ? {} : { reason: request.query.reason }),
          detail: { before: { ...before }, after: { ...after } },
        })
        await kernel.events.emit(tx, {
          project,
          type: 'project.changed',
          subject: project,
          data: { by: by.name, quotas: { ...after } },
        })
        return { quotas: { ...after } }
      })
    },
  )
}

function limitsIn(body: Static<typeof QuotaMembers>): Quotas {
  return Object.fromEntries(Object.entries(body).filter(([, most]) => most !== undefined))
}

async function shown(db: Db, project: string): Promise<Static<typeof QuotaResource>> {
  return { quotas: { ...(await quotasOf(db, project)) } }
}
