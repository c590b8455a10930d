// SPDX-License-Identifier: Apache-2.0
/** People and roles in the words of Keycloak's administration, as far as EIM's command line asks: users, passwords, groups. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { problem as common, formatTime, SEGMENT_PATTERN } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures } from '../../../http/schemas.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { findProject, listProjects } from '../../../kernel/projects.ts'
import type { Db } from '../../../store/store.ts'
import {
  addPerson,
  disablePerson,
  findPerson,
  listPeople,
  type Person,
  personNamed,
  removePerson,
} from '../accounts/accounts.ts'
import { newHash, setPassword } from '../accounts/credential-routes.ts'
import { another } from '../accounts/routes.ts'
import { type AccessParts, record } from '../parts.ts'
import { addBinding, type Binding, checkMayBind, listBindings, removeBinding } from '../roles/bindings.ts'
import { listRoles, roleNamed } from '../roles/roles.ts'
import { Password, PersonName } from '../schema.ts'

const exact = { additionalProperties: false } as const
const Word = Type.String({ maxLength: 200 })
const User = Type.Object({
  id: Type.String(),
  username: Type.String(),
  firstName: Type.Optional(Type.String()),
  enabled: Type.Boolean(),
})
const NewUser = Type.Object(
  {
    username: PersonName,
    firstName: Type.Optional(Word),
    lastName: Type.Optional(Word),
    email: Type.Optional(Type.String({ maxLength: 200, description: 'Passed over: no addresses are kept' })),
    enabled: Type.Optional(Type.Boolean()),
  },
  exact,
)
const Credential = Type.Object(
  { type: Type.Literal('password'), value: Password, temporary: Type.Optional(Type.Boolean()) },
  exact,
)
const Group = Type.Object({ id: Type.String(), name: Type.String(), path: Type.String() })
const OfUser = Type.Object({ user: Type.String({ minLength: 1, maxLength: 100 }) })
const OfMember = Type.Object({ ...OfUser.properties, group: Type.String({ minLength: 1, maxLength: 130 }) })
const Page = {
  first: Type.Optional(Type.Integer({ minimum: 0 })),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
}
const Users = Type.Object({ ...Page, username: Type.Optional(Word), exact: Type.Optional(Type.Boolean()) }, exact)
const READ = { access: 'access.read' } as const
const WRITE = { access: 'access.write' } as const
const ABOUT = { tags: ['keycloak'] } as const

/** Below `/admin/realms/<realm>`. */
export function userRoutes(http: Http, parts: AccessParts, base: string): void {
  readRoutes(http, parts, base)
  writeRoutes(http, parts, base)
  passwordRoute(http, parts, base)
  groupRoutes(http, parts, base)
}

function userOf({ id, name, account, disabled_at: disabled }: Person): Static<typeof User> {
  const username = account?.login ?? name
  return { id, username, ...(name === username ? {} : { firstName: name }), enabled: disabled === null }
}

function readRoutes(http: Http, { kernel }: AccessParts, base: string): void {
  http.get(
    `${base}/users`,
    {
      config: READ,
      schema: {
        ...ABOUT,
        summary: 'List users',
        querystring: Users,
        response: { 200: Type.Array(User), ...failures },
      },
    },
    async ({ query: { first = 0, max = 100, username, exact: whole } }) => {
      const wanted = username?.toLowerCase() ?? ''
      const fits = (name: string): boolean => (whole === true ? name === wanted : name.includes(wanted))
      const users = (await listPeople(kernel.store)).filter(({ account }) => account !== undefined).map(userOf)
      return users.filter(user => username === undefined || fits(user.username)).slice(first, first + max)
    },
  )
  http.get(
    `${base}/users/:user`,
    {
      config: READ,
      schema: { ...ABOUT, summary: 'Read a user', params: OfUser, response: { 200: User, ...failures } },
    },
    async ({ params }) => userOf(await personNamed(kernel.store, params.user)),
  )
}

function writeRoutes(http: Http, parts: AccessParts, base: string): void {
  const { kernel, secrets } = parts
  http.post(
    `${base}/users`,
    {
      config: WRITE,
      schema: { ...ABOUT, summary: 'Add a user', body: NewUser, response: { 201: Type.Null(), ...failures } },
    },
    async (request, reply) => {
      const { username, firstName = '', lastName = '', enabled = true } = request.body
      const full = `${firstName} ${lastName}`.trim()
      const id = await kernel.store.change(async tx => {
        const made = await addPerson(kernel, tx, { name: full === '' ? username : full, login: username })
        if (!enabled) await disablePerson(tx, made, formatTime(kernel.clock.now()))
        await record(kernel, tx, request, { action: 'person.create', target: made, detail: { name: username } })
        return made
      })
      return reply.code(201).header('location', `${request.url}/${id}`).send(null)
    },
  )
  http.delete(
    `${base}/users/:user`,
    {
      config: WRITE,
      schema: { ...ABOUT, summary: 'Forget a user', params: OfUser, response: { 204: Type.Null(), ...failures } },
    },
    async (request, reply) => {
      const person = await another(parts, request, request.params.user)
      await kernel.store.change(async tx => {
        await removePerson(secrets, tx, person.id)
        await record(kernel, tx, request, { action: 'person.delete', target: person.id, detail: { name: person.name } })
      })
      return reply.code(204).send(null)
    },
  )
}

function passwordRoute(http: Http, parts: AccessParts, base: string): void {
  http.put(
    `${base}/users/:user/reset-password`,
    {
      config: WRITE,
      schema: {
        ...ABOUT,
        summary: 'Set the password of a user; all their sessions end',
        params: OfUser,
        body: Credential,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const { value, temporary } = request.body
      if (temporary === true) {
        const message = 'must be false: whoever is to choose their own password gets an invitation'
        throw common('invalid', `/body/temporary ${message}`, { findings: [{ pointer: '/body/temporary', message }] })
      }
      const person = await another(parts, request, request.params.user)
      const hash = await newHash(parts, person, value)
      await parts.kernel.store.change(async tx => {
        await setPassword(parts, tx, { person, hash })
        await record(parts.kernel, tx, request, { action: 'password.set', target: person.id })
      })
      return reply.code(204).send(null)
    },
  )
}

/** A role in the whole installation (`viewer`), or in one project (`line_viewer`): no role has an underscore in its name. */
function groupOf(role: string, project?: string): Static<typeof Group> {
  const name = project === undefined ? role : `${project}_${role}`
  return { id: name, name, path: `/${name}` }
}

async function bindingIn(db: Db, name: string): Promise<{ readonly role: string; readonly project?: string }> {
  const at = name.lastIndexOf('_')
  const project = at < 0 ? undefined : name.slice(0, at)
  const fits = project === undefined || (new RegExp(SEGMENT_PATTERN).test(project) && (await findProject(db, project)))
  const role = (await listRoles(db)).find(each => each.name === name.slice(at + 1))
  if (role === undefined || !fits) throw kernelProblem('not-found', `group ${name.slice(0, 80)}`)
  return { role: role.name, ...(project === undefined ? {} : { project }) }
}

/** Bindings of somebody that a group stands for: neither denials nor those for some hosts. */
async function groupsOf(db: Db, { id }: Person): Promise<readonly Binding[]> {
  const wide = ({ sites, labels }: Binding['scope']): boolean => sites === undefined && labels === undefined
  return (await listBindings(db)).filter(
    ({ principal, effect, scope }) => principal === id && effect === 'allow' && wide(scope),
  )
}

function groupRoutes(http: Http, parts: AccessParts, base: string): void {
  const { kernel } = parts
  const answers = { 200: Type.Array(Group), ...failures }
  http.get(
    `${base}/groups`,
    {
      config: READ,
      schema: {
        ...ABOUT,
        summary: 'List groups: one for each role, and one for each role in each project',
        querystring: Type.Object(Page, exact),
        response: answers,
      },
    },
    async ({ query: { first = 0, max = 100 } }) => {
      const projects = [undefined, ...(await listProjects(kernel.store)).map(({ name }) => name)]
      const roles = await listRoles(kernel.store)
      return projects.flatMap(project => roles.map(({ name }) => groupOf(name, project))).slice(first, first + max)
    },
  )
  http.get(
    `${base}/users/:user/groups`,
    { config: READ, schema: { ...ABOUT, summary: 'List the groups of a user', params: OfUser, response: answers } },
    async ({ params }) => {
      const person = await personNamed(kernel.store, params.user)
      return (await groupsOf(kernel.store, person)).map(({ role, scope }) => groupOf(role, scope.project))
    },
  )
  for (const verb of ['put', 'delete'] as const)
    http[verb](
      `${base}/users/:user/groups/:group`,
      {
        config: WRITE,
        schema: {
          ...ABOUT,
          summary: verb === 'put' ? 'Put a user into a group' : 'Take a user out of a group',
          params: OfMember,
          response: { 204: Type.Null(), ...failures },
        },
      },
      async (request, reply) => {
        await (verb === 'put' ? enter(parts, request) : leave(parts, request))
        return reply.code(204).send(null)
      },
    )
}

type Asked = FastifyRequest<{ Params: Static<typeof OfMember> }>

async function enter({ kernel, sessions }: AccessParts, request: FastifyRequest): Promise<void> {
  const { user, group } = (request as Asked).params // checked by the route's schema
  const by = callerOf(request)
  await kernel.store.change(async tx => {
    const { role, project } = await bindingIn(tx, group)
    const person = await findPerson(tx, user)
    if (person === undefined) throw kernelProblem('not-found', `person ${user.slice(0, 80)}`)
    const { permissions } = await roleNamed(tx, role)
    checkMayBind(by, { project, permissions })
    const present = await groupsOf(tx, person)
    if (present.some(each => each.role === role && each.scope.project === project)) return
    const scope = project === undefined ? {} : { project }
    const { id } = await addBinding(kernel, tx, { fresh: { principal: person.id, role, effect: 'allow', scope }, by })
    await sessions.endAll(tx, person.id)
    const detail = { principal: person.id, role }
    await record(kernel, tx, request, { action: 'binding.create', target: id, project, detail })
  })
}

async function leave({ kernel, sessions }: AccessParts, request: FastifyRequest): Promise<void> {
  const { user, group } = (request as Asked).params // checked by the route's schema
  const by = callerOf(request)
  await kernel.store.change(async tx => {
    const { role, project } = await bindingIn(tx, group)
    const person = await personNamed(tx, user)
    const { permissions } = await roleNamed(tx, role)
    checkMayBind(by, { project, permissions })
    for (const each of await groupsOf(tx, person)) {
      if (each.role !== role || each.scope.project !== project) continue
      await removeBinding(tx, each.id)
      await record(kernel, tx, request, { action: 'binding.delete', target: each.id, project })
    }
    await sessions.endAll(tx, person.id)
  })
}
