// SPDX-License-Identifier: Apache-2.0
/** Who has which role where, and why somebody may or may not do something. */
import { type Static, Type } from 'typebox'
import { HOST_ID_PATTERN, SEGMENT_PATTERN } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { problem as httpProblem } from '../../../http/problems.ts'
import { Because, failures } from '../../../http/schemas.ts'
import { decide, mayEnter, type Place } from '../../../kernel/access.ts'
import { getHost } from '../../../kernel/hosts.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { getProject } from '../../../kernel/projects.ts'
import type { Tx } from '../../../store/store.ts'
import { findPerson } from '../accounts/accounts.ts'
import { type AccessParts, record } from '../parts.ts'
import { BindingResource, Explained, NewBinding, OfBinding, PermissionName } from '../schema.ts'
import {
  addBinding,
  type Binding,
  checkMayBind,
  type NewBinding as FreshBinding,
  findBinding,
  listBindings,
  removeBinding,
} from './bindings.ts'
import { explain } from './explain.ts'
import { findRole, roleNamed } from './roles.ts'

export function bindingRoutes(http: Http, parts: AccessParts): void {
  listRoute(http, parts)
  createRoute(http, parts)
  removeRoute(http, parts)
  explainRoute(http, parts)
}

/** Bindings of the installation are for those who may read it as a whole; those of a project for its own. */
function mayRead(by: Principal, { scope: { project } }: Pick<Binding, 'scope'>): boolean {
  if (decide(by, 'access.read').allowed) return true
  return project !== undefined && decide(by, 'access.read', { project }).allowed
}

function listRoute(http: Http, { kernel }: AccessParts): void {
  http.get(
    '/v1/access/bindings',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'List the bindings that you may read, your own among them',
        querystring: Type.Object(
          {
            project: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
            principal: Type.Optional(Type.String({ maxLength: 200 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ bindings: Type.Array(BindingResource) }), ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const { project, principal } = request.query
      const all = await listBindings(kernel.store, project)
      const wanted =
        principal === undefined ? undefined : ((await findPerson(kernel.store, principal))?.id ?? principal)
      const shown = all
        .filter(binding => binding.principal === by.id || mayRead(by, binding))
        .filter(binding => wanted === undefined || binding.principal === wanted || binding.group === wanted)
      return { bindings: shown as never } // only what may be changed differs in type
    },
  )
}

function createRoute(http: Http, parts: AccessParts): void {
  const { kernel } = parts
  http.post(
    '/v1/access/bindings',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary:
          'Give a role to a person or a group, or deny it them: in the installation, a project, or for some hosts',
        querystring: Because,
        body: NewBinding,
        response: { 201: BindingResource, ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const { body } = request
      const project = body.scope?.project
      if (project !== undefined && !mayEnter(by, project)) throw kernelProblem('not-found', `project ${project}`)
      checkMayBind(by, { project, permissions: [] })
      const binding = await kernel.store.change(async tx => {
        if (project !== undefined) await getProject(tx, project)
        const { permissions } = await roleNamed(tx, body.role)
        checkMayBind(by, { project, permissions })
        const made = await addBinding(kernel, tx, { fresh: await freshOf(tx, body), by })
        await endSessions(parts, tx, made)
        const { role, effect, principal, group, scope } = made
        const whom = group === undefined ? { principal: principal ?? '' } : { group }
        const detail = { role, effect, ...whom, scope: JSON.parse(JSON.stringify(scope)) }
        await record(kernel, tx, request, { action: 'binding.create', target: made.id, project, detail })
        return made
      })
      return reply.code(201).send(binding as never) // as above
    },
  )
}

async function freshOf(tx: Tx, body: Static<typeof NewBinding>): Promise<FreshBinding> {
  const { principal, group, role, effect = 'allow', scope = {} } = body
  if ((principal === undefined) === (group === undefined))
    throw kernelProblem('conflict', 'name either a principal or a group')
  const common = { role, effect, scope: scope as FreshBinding['scope'] } // absent members stay absent
  if (group !== undefined) return { group, ...common }
  const person = await findPerson(tx, principal ?? '')
  if (person === undefined) throw kernelProblem('not-found', `person ${(principal ?? '').slice(0, 80)}`)
  return { principal: person.id, ...common }
}

/** What somebody may do has changed: what they hold in their hands is asked for anew. */
async function endSessions({ sessions }: AccessParts, tx: Tx, { principal, group }: Binding): Promise<void> {
  if (principal !== undefined) await sessions.endAll(tx, principal)
  if (group !== undefined) await sessions.endOfGroup(tx, group)
}

function removeRoute(http: Http, parts: AccessParts): void {
  const { kernel } = parts
  http.delete(
    '/v1/access/bindings/:binding',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Remove a binding',
        params: OfBinding,
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      await kernel.store.change(async tx => {
        const binding = await findBinding(tx, request.params.binding)
        if (binding === undefined || !mayRead(by, binding))
          throw kernelProblem('not-found', `binding ${request.params.binding}`)
        const { project } = binding.scope
        const role = await findRole(tx, binding.role)
        checkMayBind(by, { project, permissions: role?.permissions ?? [] })
        await removeBinding(tx, binding.id)
        await endSessions(parts, tx, binding)
        const whom = binding.group ?? binding.principal ?? ''
        await record(kernel, tx, request, {
          action: 'binding.delete',
          target: binding.id,
          project,
          detail: { role: binding.role, whom },
        })
      })
      return reply.code(204).send(null)
    },
  )
}

const Question = Type.Object(
  {
    principal: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    permission: PermissionName,
    project: Type.Optional(Type.String({ pattern: SEGMENT_PATTERN })),
    host: Type.Optional(Type.String({ pattern: HOST_ID_PATTERN })),
  },
  { additionalProperties: false },
)

function explainRoute(http: Http, { kernel }: AccessParts): void {
  http.get(
    '/v1/access/explain',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'Why somebody may do something, or what is missing; about oneself anybody may ask',
        querystring: Question,
        response: { 200: Explained, ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const { permission, project, host } = request.query
      const person = await askedAbout(kernel, by, request.query)
      if (project !== undefined && !mayEnter(by, project)) throw kernelProblem('not-found', `project ${project}`)
      if (host !== undefined && project === undefined) throw httpProblem('bad-request', `name the project of ${host}`)
      const place = await placeOf(kernel, { project, host })
      const sees = (grant: Pick<Binding, 'scope'>): boolean => person.id === by.id || mayRead(by, grant)
      const named = [
        ...(host === undefined ? [] : [`for ${host}`]),
        project === undefined ? 'everywhere' : `in project ${project}`,
      ]
      const bindings = await listBindings(kernel.store)
      const { reasons, ...rest } = explain(person, bindings, { permission, place, named: named.join(' '), sees })
      return { principal: person.id, permission, ...rest, reasons: [...reasons] }
    },
  )
}

async function askedAbout(
  kernel: AccessParts['kernel'],
  by: Principal,
  { principal, project }: Static<typeof Question>,
): Promise<Principal> {
  if (principal === undefined || principal === by.id || principal === 'me') return by
  const found = await findPerson(kernel.store, principal)
  if (found?.id === by.id) return by
  const absent = kernelProblem('not-found', `person ${principal}`)
  if (!mayRead(by, { scope: project === undefined ? {} : { project } })) throw absent
  const known =
    found === undefined ? undefined : await kernel.principals.find(found.id, { via: 'question', address: '' })
  if (known === undefined) throw absent
  return known
}

async function placeOf(
  kernel: AccessParts['kernel'],
  { project, host }: { project?: string | undefined; host?: string | undefined },
): Promise<Place> {
  if (project === undefined) return {}
  await getProject(kernel.store, project)
  if (host === undefined) return { project }
  const { site, labels } = await getHost(kernel.store, project, host)
  return { project, host: { site, labels } }
}
