// SPDX-License-Identifier: Apache-2.0
/** Views that people keep: their own, and those that a project shares. */
import { type Static, Type } from 'typebox'
import { callerOf, requirePermission } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject, ProjectName, Time, UlidText } from '../../http/schemas.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Permission } from '../../kernel/permissions.ts'
import type { ViewRow } from './tables.ts'
import { getView, isShared, listViews, removeView, saveView } from './views.ts'

const Page = Type.String({ pattern: '^[a-z][a-z-]{0,39}$', description: 'The page it is a view of, such as hosts' })
const Name = Type.String({
  minLength: 1,
  maxLength: 60,
  pattern: '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$',
})
const Query = Type.String({
  maxLength: 2_000,
  description: "What stands behind the question mark of the page's address",
})

const NewView = Type.Object(
  {
    name: Name,
    page: Page,
    query: Query,
    shared: Type.Optional(
      Type.Boolean({ description: 'With everybody in the project; for its maker alone otherwise' }),
    ),
  },
  { additionalProperties: false },
)

const ViewResource = Type.Object({
  id: UlidText,
  name: Type.String(),
  page: Type.String(),
  query: Type.String(),
  shared: Type.Boolean(),
  by: Type.String({ description: 'Who wrote it last' }),
  timestamps: Type.Object({ createdAt: Time, updatedAt: Time }),
})

/** Whoever gives hosts labels may give their lists names; for the whole project, as both are seen by all. */
export const SHARING: Permission = 'host.label'

const tags = ['views']
/** Somebody who sees some hosts of a project has views of these. */
const config = { access: 'host.read', narrows: true } as const

export function viewRoutes(http: Http, kernel: Kernel): void {
  listRoute(http, kernel)
  writeRoutes(http, kernel)
}

function listRoute(http: Http, kernel: Kernel): void {
  http.get(
    '/v1/projects/:project/views',
    {
      config,
      schema: {
        tags,
        summary: 'List the views of a project, and your own',
        params: InProject,
        querystring: Type.Object({ page: Type.Optional(Page) }, { additionalProperties: false }),
        response: { 200: Type.Object({ views: Type.Array(ViewResource) }), ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const rows = await listViews(kernel.store, { project, person: callerOf(request).id, page: request.query.page })
      return { views: rows.map(resource) }
    },
  )
}

function writeRoutes(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/projects/:project/views',
    {
      config,
      schema: {
        tags,
        summary: 'Keep a view; one of the same name is replaced',
        params: InProject,
        body: NewView,
        response: { 200: ViewResource, ...failures },
      },
    },
    async request => {
      const { shared = false, name, ...view } = request.body
      const by = callerOf(request)
      if (shared) requirePermission(by, SHARING)
      const { project } = request.params
      return resource(
        await saveView(kernel, { project, shared, name: name.trim(), ...view }, { by, request: request.id }),
      )
    },
  )
  http.delete(
    '/v1/projects/:project/views/:view',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a view',
        params: Type.Object({ project: ProjectName, view: UlidText }),
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const { project, view: id } = request.params
      const row = await getView(kernel.store, { project, person: by.id, id })
      if (isShared(row)) requirePermission(by, SHARING)
      await removeView(kernel, row, { by, request: request.id })
      return {}
    },
  )
}

function resource(row: ViewRow): Static<typeof ViewResource> {
  const { id, name, page, query, by_name: by, created_at: createdAt, updated_at: updatedAt } = row
  return { id, name, page, query, shared: isShared(row), by, timestamps: { createdAt, updatedAt } }
}
