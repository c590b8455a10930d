// SPDX-License-Identifier: Apache-2.0
/** People: who there is, letting them in and out again, and their invitations. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { formatTime } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { Because, failures } from '../../../http/schemas.ts'
import { decide } from '../../../kernel/access.ts'
import type { Principal } from '../../../kernel/permissions.ts'
import { type AccessParts, record } from '../parts.ts'
import { problem } from '../problems.ts'
import { addBinding, checkMayBind, listBindings } from '../roles/bindings.ts'
import { roleNamed } from '../roles/roles.ts'
import { NewPerson, OfPerson, PersonResource } from '../schema.ts'
import { addPerson, disablePerson, findPerson, listPeople, type Person, personNamed, removePerson } from './accounts.ts'

export function peopleRoutes(http: Http, parts: AccessParts): void {
  listRoute(http, parts)
  createRoute(http, parts)
  standingRoutes(http, parts)
}

function listRoute(http: Http, { kernel }: AccessParts): void {
  http.get(
    '/v1/access/people',
    {
      config: { access: 'signed-in' },
      schema: {
        tags: ['access'],
        summary: 'List people: all of them, or those with a role in projects whose access you may read',
        response: { 200: Type.Object({ people: Type.Array(PersonResource) }), ...failures },
      },
    },
    async request => {
      const by = callerOf(request)
      const people = await listPeople(kernel.store)
      if (decide(by, 'access.read').allowed) return { people: people.map(personOf) }
      const bindings = await listBindings(kernel.store)
      const seen = new Set(
        bindings
          .filter(({ scope: { project } }) => project !== undefined && decide(by, 'access.read', { project }).allowed)
          .map(({ principal }) => principal),
      )
      return { people: people.filter(({ id }) => id === by.id || seen.has(id)).map(personOf) }
    },
  )
}

function createRoute(http: Http, { kernel }: AccessParts): void {
  http.post(
    '/v1/access/people',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Add a person; they set their password with an invitation',
        querystring: Because,
        body: NewPerson,
        response: { 201: PersonResource, ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const { name, role, project } = request.body
      const id = await kernel.store.change(async tx => {
        const made = await addPerson(kernel, tx, { name, login: name })
        await record(kernel, tx, request, { action: 'person.create', target: made, detail: { name } })
        if (role === undefined) return made
        const { permissions } = await roleNamed(tx, role)
        checkMayBind(by, { project, permissions })
        const scope = project === undefined ? {} : { project }
        const binding = await addBinding(kernel, tx, { fresh: { principal: made, role, effect: 'allow', scope }, by })
        await record(kernel, tx, request, {
          action: 'binding.create',
          target: binding.id,
          project,
          detail: { principal: made, role },
        })
        return made
      })
      return reply.code(201).send(personOf(await personNamed(kernel.store, id)))
    },
  )
}

function standingRoutes(http: Http, parts: AccessParts): void {
  const { kernel, sessions, secrets } = parts
  for (const standing of ['disable', 'enable'] as const) {
    http.post(
      `/v1/access/people/:person/${standing}`,
      {
        config: { access: 'access.write' },
        schema: {
          tags: ['access'],
          summary:
            standing === 'disable' ? 'Let somebody in no more; their sessions and tokens end' : 'Let somebody in again',
          params: OfPerson,
          querystring: Because,
          response: { 200: PersonResource, ...failures },
        },
      },
      async request => {
        const person = await another(parts, request, request.params.person)
        await kernel.store.change(async tx => {
          await disablePerson(tx, person.id, standing === 'disable' ? formatTime(kernel.clock.now()) : undefined)
          await sessions.endAll(tx, person.id)
          await record(kernel, tx, request, {
            action: `person.${standing}`,
            target: person.id,
            detail: { name: person.name },
          })
        })
        return personOf(await personNamed(kernel.store, person.id))
      },
    )
  }
  http.delete(
    '/v1/access/people/:person',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Forget somebody, with their tokens, sessions and bindings',
        params: OfPerson,
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const person = await another(parts, request, request.params.person)
      await kernel.store.change(async tx => {
        await removePerson(secrets, tx, person.id)
        await record(kernel, tx, request, { action: 'person.delete', target: person.id, detail: { name: person.name } })
      })
      return reply.code(204).send(null)
    },
  )
}

/** Somebody else, who may do no more than the caller: nobody removes those above them, nor locks themselves out. */
export async function another({ kernel }: AccessParts, request: FastifyRequest, name: string): Promise<Person> {
  const by = callerOf(request)
  const person = await personNamed(kernel.store, name)
  if (person.id === by.id) throw problem('not-yourself')
  const theirs = await kernel.principals.find(person.id, { via: 'question', address: '' })
  const more = [...(theirs?.permissions ?? [])].find(permission => !decide(by, permission).allowed)
  if (more !== undefined) throw problem('more-than-you-have', more, { permission: more })
  return person
}

/** The caller, or somebody they name; `me` is oneself. */
export async function selfOr(parts: AccessParts, by: Principal, name: string): Promise<Person> {
  const { store } = parts.kernel
  if (name === 'me') return personNamed(store, by.id)
  return (await findPerson(store, name)) ?? personNamed(store, name)
}

export function personOf({ account, ...row }: Person) {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    role: row.role,
    ...(account === undefined ? {} : { login: account.login }),
    disabled: row.disabled_at !== null,
    password: (account?.password ?? null) !== null,
    totp: account?.totp === 'on',
    createdAt: row.created_at,
    ...(account === undefined || account.signed_in_at === null ? {} : { signedInAt: account.signed_in_at }),
  }
}
