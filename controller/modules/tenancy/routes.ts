// SPDX-License-Identifier: Apache-2.0
/** Projects are made, described and deleted here, in EIM's words; reading them needs no module. */
import { type Static, Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { ProjectResource, projectResource } from '../../http/routes/projects.ts'
import { Because, failures, InProject } from '../../http/schemas.ts'
import { INSTALLATION_CHAIN, projectChain } from '../../kernel/audit.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Principal } from '../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../kernel/problems.ts'
import { addProject, describeProject, findProject, getProject, type Project } from '../../kernel/projects.ts'
import type { Tx } from '../../store/store.ts'
import type { Deletions } from './deletion.ts'
import { ownerOf, setOwner } from './orgs.ts'
import { problem } from './problems.ts'
import { checkOverInstallation } from './standing.ts'

export const FIRST_PROJECT = 'default'

export const Description = Type.String({ maxLength: 1_000 })
export const IfExists = Type.Object(
  {
    update_if_exists: Type.Optional(
      Type.Boolean({ description: 'false: refuse when there is one already; true without it' }),
    ),
  },
  { additionalProperties: false },
)
export const Told = Type.Object({ message: Type.String() })

const OrgName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$', description: 'Owner; `default` without it' })
const Body = Type.Object(
  { description: Type.Optional(Description), org: Type.Optional(OrgName) },
  { additionalProperties: false },
)
const Written = Type.Object({ ...ProjectResource.properties, message: Type.String() })

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function tenancyRoutes(http: Http, kernel: Kernel, deletions: Deletions): void {
  http.put(
    '/v1/projects/:project',
    {
      config: { access: 'project.write', anyProject: true },
      schema: {
        tags: ['projects'],
        summary: 'Make a project, or change its description and owner',
        params: InProject,
        querystring: IfExists,
        body: Body,
        response: { 200: Written, ...failures },
      },
    },
    async request => {
      const { project: name } = request.params
      const { update_if_exists: mayUpdate = true } = request.query
      if (UUID.test(name)) throw problem('project-name-refused', name)
      const act = { name, by: callerOf(request), request: request.id, body: request.body }
      if (request.body.org !== undefined) checkOverInstallation(act.by)
      const project = await kernel.store.change(async tx => {
        const known = await findProject(tx, name)
        if (known === undefined) return makeProject(kernel, tx, act)
        if (!mayUpdate) throw problem('project-exists', name)
        return changeProject(kernel, tx, known, act)
      })
      const shown = projectResource(project)
      return { ...shown, message: shown.status.projectStatus.message }
    },
  )
  http.delete(
    '/v1/projects/:project',
    {
      config: { access: 'project.write', anyProject: true },
      schema: {
        tags: ['projects'],
        summary: 'Delete a project with everything in it; it goes on after the answer',
        params: InProject,
        querystring: Because,
        response: { 200: Told, ...failures },
      },
    },
    async request => {
      const { project: name } = request.params
      await kernel.store.change(async tx => {
        const known = await findProject(tx, name)
        if (known === undefined) throw kernelProblem('not-found', `project ${name}`)
        if (name === FIRST_PROJECT) throw problem('project-kept')
        if (known.state === 'deleting') return
        const { reason } = request.query
        await deletions.close(tx, { project: name, by: callerOf(request), request: request.id, reason })
      })
      return { message: `Project ${name} DELETE is in progress` }
    },
  )
}

type Act = {
  readonly name: string
  readonly by: Principal
  readonly request: string
  readonly body: Static<typeof Body>
}

async function makeProject(kernel: Kernel, tx: Tx, { name, by, request, body }: Act): Promise<Project> {
  const { description = '', org } = body
  const project = await addProject(tx, { name, description }, kernel)
  if (org !== undefined) await setOwner(tx, name, org)
  for (const chain of [projectChain(name), INSTALLATION_CHAIN]) {
    await kernel.audit.append(tx, {
      chain,
      principal: by,
      action: 'project.create',
      target: name,
      outcome: 'done',
      request,
      detail: { uuid: project.uuid, description, ...(org === undefined ? {} : { org }) },
    })
  }
  await kernel.events.emit(tx, {
    project: name,
    type: 'project.created',
    subject: name,
    data: { uuid: project.uuid, by: by.name },
  })
  return project
}

/** What is not named stays; nothing is written when nothing changes. */
async function changeProject(kernel: Kernel, tx: Tx, known: Project, act: Act): Promise<Project> {
  const { name, by, request } = act
  if (known.state === 'deleting') throw problem('project-closed', name)
  const before = { description: known.description, org: await ownerOf(tx, name) }
  const after = { description: act.body.description ?? before.description, org: act.body.org ?? before.org }
  if (after.description === before.description && after.org === before.org) return known
  await describeProject(tx, name, after.description)
  if (after.org !== before.org) await setOwner(tx, name, after.org)
  await kernel.audit.append(tx, {
    chain: projectChain(name),
    principal: by,
    action: 'project.change',
    target: name,
    outcome: 'done',
    request,
    detail: { before, after },
  })
  await kernel.events.emit(tx, { project: name, type: 'project.changed', subject: name, data: { by: by.name } })
  return getProject(tx, name)
}
