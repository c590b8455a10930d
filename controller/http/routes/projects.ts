// SPDX-License-Identifier: Apache-2.0
/** Projects as EIM's clients read them; whoever may not enter one does not see it. */
import { type Static, Type } from 'typebox'
import { mayEnter } from '../../kernel/access.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { problem } from '../../kernel/problems.ts'
import { findProject, listProjects, type Project } from '../../kernel/projects.ts'
import { callerOf } from '../guard.ts'
import type { Http } from '../http.ts'
import { failures, InProject } from '../schemas.ts'

/** How far a project or organisation has come, in EIM's words. */
export const TenancyStatus = Type.Object({
  statusIndicator: Type.Enum(['STATUS_INDICATION_IDLE', 'STATUS_INDICATION_IN_PROGRESS']),
  message: Type.String(),
  timeStamp: Type.Integer({ description: 'Unix seconds' }),
  uID: Type.String({ description: 'UUID' }),
})

export const ProjectResource = Type.Object({
  name: Type.String(),
  spec: Type.Object({ description: Type.String() }),
  status: Type.Object({ projectStatus: TenancyStatus }),
})
export type ProjectResource = Static<typeof ProjectResource>

/** Renders a project in EIM's shape; its name is our addition to it. */
export function projectResource({ name, description, uuid, state, progress, createdAt }: Project): ProjectResource {
  const leaving = state === 'deleting'
  return {
    name,
    spec: { description },
    status: {
      projectStatus: {
        statusIndicator: leaving ? 'STATUS_INDICATION_IN_PROGRESS' : 'STATUS_INDICATION_IDLE',
        message: leaving
          ? `Project ${name} DELETE is in progress${progress === '' ? '' : `: ${progress}`}`
          : `Project ${name} CREATE is complete`,
        timeStamp: Math.floor(Date.parse(createdAt) / 1_000),
        uID: uuid,
      },
    },
  }
}

/** There is always at least one project, so these routes need no module. */
export function projectRoutes(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['projects'],
        summary: 'List the projects you may enter',
        response: { 200: Type.Array(ProjectResource), ...failures },
      },
    },
    async request => {
      const caller = callerOf(request)
      const projects = await listProjects(kernel.store)
      return projects.filter(({ name }) => mayEnter(caller, name)).map(projectResource)
    },
  )
  http.get(
    '/v1/projects/:project',
    {
      config: { access: 'signed-in', anyProject: true },
      schema: {
        tags: ['projects'],
        summary: 'One project, also while it is being deleted',
        params: InProject,
        response: { 200: ProjectResource, ...failures },
      },
    },
    async ({ params }) => projectResource(await existing(kernel, params.project)),
  )
  http.get(
    '/v1/projects/:project/status',
    {
      config: { access: 'signed-in', anyProject: true },
      schema: {
        tags: ['projects'],
        summary: 'How far a project has come in being made or deleted',
        params: InProject,
        response: { 200: ProjectResource.properties.status, ...failures },
      },
    },
    async ({ params }) => projectResource(await existing(kernel, params.project)).status,
  )
}

async function existing({ store }: Kernel, name: string): Promise<Project> {
  const project = await findProject(store, name)
  if (project === undefined) throw problem('not-found', `project ${name}`)
  return project
}
