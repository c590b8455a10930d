// SPDX-License-Identifier: Apache-2.0
/** Organisations in EIM's words. */
import { type Static, Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { TenancyStatus } from '../../http/routes/projects.ts'
import { Because, failures } from '../../http/schemas.ts'
import { may, mayEnter } from '../../kernel/access.ts'
import { INSTALLATION_CHAIN } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import { listProjects } from '../../kernel/projects.ts'
import type { Tx } from '../../store/store.ts'
import { describeOrg, ensureOrg, FIRST_ORG, findOrg, listOrgs, type Org, owners, removeOrg } from './orgs.ts'
import { problem } from './problems.ts'
import { Description, IfExists, Told } from './routes.ts'

const OfOrg = Type.Object({
  org: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$', description: 'Name of the organisation' }),
})
const OrgResource = Type.Object({
  name: Type.String(),
  spec: Type.Object({ description: Type.String() }),
  status: Type.Object({ orgStatus: TenancyStatus }),
})
const Body = Type.Object({ description: Type.Optional(Description) }, { additionalProperties: false })
const Written = Type.Object({ ...OrgResource.properties, message: Type.String() })

function orgResource({ name, uuid, description, createdAt }: Org): Static<typeof OrgResource> {
  return {
    name,
    spec: { description },
    status: {
      orgStatus: {
        statusIndicator: 'STATUS_INDICATION_IDLE',
        message: `Org ${name} CREATE is complete`,
        timeStamp: Math.floor(Date.parse(createdAt) / 1_000),
        uID: uuid,
      },
    },
  }
}

export function orgRoutes(http: Http, kernel: Kernel): void {
  readRoutes(http, kernel)
  http.put(
    '/v1/orgs/:org',
    {
      config: { access: 'project.write' },
      schema: {
        tags: ['projects'],
        summary: 'Make an organisation, or change its description',
        params: OfOrg,
        querystring: IfExists,
        body: Body,
        response: { 200: Written, ...failures },
      },
    },
    async request => {
      const { org: name } = request.params
      const by = callerOf(request)
      const { update_if_exists: mayUpdate = true } = request.query
      const { description } = request.body
      const org = await kernel.store.change(async tx => {
        const known = await findOrg(tx, name)
        if (known !== undefined && !mayUpdate) throw problem('org-exists', name)
        if (known === undefined) await ensureOrg(tx, { name, description: description ?? '' }, kernel)
        if (known !== undefined && description !== undefined) await describeOrg(tx, name, description)
        const action = known === undefined ? 'org.create' : 'org.change'
        await record(kernel, tx, { by, name, action, request: request.id })
        return findOrg(tx, name)
      })
      if (org === undefined) throw new TypeError('an organisation was not there after it was made')
      const shown = orgResource(org)
      return { ...shown, message: shown.status.orgStatus.message }
    },
  )
  http.delete(
    '/v1/orgs/:org',
    {
      config: { access: 'project.write' },
      schema: {
        tags: ['projects'],
        summary: 'Delete an organisation that owns no project',
        params: OfOrg,
        querystring: Because,
        response: { 200: Told, ...failures },
      },
    },
    async request => {
      const { org: name } = request.params
      await kernel.store.change(async tx => {
        await removeOrg(tx, name)
        const { reason } = request.query
        await record(kernel, tx, { by: callerOf(request), name, action: 'org.delete', request: request.id, reason })
      })
      return { message: `Org ${name} DELETE is complete` }
    },
  )
}

function readRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/orgs',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['projects'],
        summary: 'List the organisations of the projects you may enter',
        response: { 200: Type.Array(OrgResource), ...failures },
      },
    },
    async request => (await visible(kernel, callerOf(request))).map(orgResource),
  )
  http.get(
    '/v1/orgs/:org',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['projects'],
        summary: 'One organisation',
        params: OfOrg,
        response: { 200: OrgResource, ...failures },
      },
    },
    async request => {
      const { org: name } = request.params
      const org = (await visible(kernel, callerOf(request))).find(each => each.name === name)
      if (org === undefined) throw kernelProblem('not-found', `organisation ${name}`)
      return orgResource(org)
    },
  )
}

/** Those who may make projects anywhere see all; everybody else those that own a project they may enter. */
async function visible({ store }: Kernel, caller: Principal): Promise<readonly Org[]> {
  const all = await listOrgs(store)
  if (may(caller, 'project.write')) return all
  const owned = await owners(store)
  const entered = (await listProjects(store)).filter(({ name }) => mayEnter(caller, name))
  const names = new Set(entered.map(({ name }) => owned.get(name) ?? FIRST_ORG))
  return all.filter(({ name }) => names.has(name))
}

type Act = {
  readonly by: Principal
  readonly name: string
  readonly action: string
  readonly request: string
  readonly reason?: string | undefined
}

async function record({ audit }: Kernel, tx: Tx, { by, name, action, request, reason }: Act): Promise<void> {
  const entry = { principal: by, action, target: name, request, reason }
  await audit.append(tx, { chain: INSTALLATION_CHAIN, outcome: 'done', ...entry })
}
