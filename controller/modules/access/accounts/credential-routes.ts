// SPDX-License-Identifier: Apache-2.0
/** Passwords, invitations to set one, and the second factor. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DAY, formatTime } from '../../../../plugins/contract/index.ts'
import { callerOf, requirePermission } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { Because, failures } from '../../../http/schemas.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import type { Tx } from '../../../store/store.ts'
import { type AccessParts, record } from '../parts.ts'
import { problem } from '../problems.ts'
import { Code, Invitation, OfPerson, Password } from '../schema.ts'
import type { AccessTables, AccountRow } from '../tables.ts'
import { accountBy, changeAccount, ensureAccount, type Person, personNamed } from './accounts.ts'
import type { Backoff } from './backoff.ts'
import { weakness } from './common.ts'
import { another, selfOr } from './routes.ts'
import { beginTotp, confirmTotp, dropTotp } from './second-factor.ts'

type Parts = AccessParts & { readonly backoff: Backoff }

const INVITED_MS = 3 * DAY
const exact = { additionalProperties: false } as const

export function credentialRoutes(http: Http, parts: Parts): void {
  passwordRoute(http, parts)
  inviteRoutes(http, parts)
  totpRoutes(http, parts)
}

/** The limit that sign-ins have too, for whoever could guess a password here. */
function limited(parts: AccessParts) {
  return { max: parts.config.signIn?.perMinute ?? 20, timeWindow: '1 minute' }
}

function passwordRoute(http: Http, parts: Parts): void {
  const { kernel } = parts
  http.put(
    '/v1/access/people/:person/password',
    {
      config: { access: 'signed-in', rateLimit: limited(parts) },
      schema: {
        tags: ['access'],
        summary: 'Set your password; all your sessions end. Somebody else gets an invitation instead',
        params: OfPerson,
        body: Type.Object({ password: Password, current: Type.Optional(Password) }, exact),
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const by = callerOf(request)
      const person = await selfOr(parts, by, request.params.person)
      if (person.id !== by.id) throw kernelProblem('not-allowed', 'somebody else gets an invitation')
      const { password, current } = request.body
      // Who has none yet shows with all their rights that this is not some lesser token of theirs.
      if (person.account?.password === undefined || person.account.password === null)
        requirePermission(by, 'access.write')
      else await proveSelf(parts, person.account, current ?? '')
      const hash = await newHash(parts, person, password)
      await kernel.store.change(async tx => {
        await setPassword(parts, tx, { person, hash })
        await record(kernel, tx, request, { action: 'password.change', target: person.id })
      })
      return reply.code(204).send(null)
    },
  )
}

async function proveSelf({ passwords, backoff }: Parts, account: AccountRow, password: string): Promise<void> {
  const waitMs = backoff.waitMs(account.login)
  if (waitMs > 0) throw problem('sign-in-waits')
  if (await passwords.verify(account.password ?? undefined, password)) return backoff.succeeded(account.login)
  backoff.failed(account.login)
  // Not 401: the caller is signed in, and clients would throw that away.
  throw kernelProblem('not-allowed', 'the present password is another')
}

/** Throws `password-weak`. */
export async function newHash(
  { passwords }: AccessParts,
  { name, account }: Person,
  password: string,
): Promise<string> {
  const weak = weakness(password, [name, account?.login ?? '', 'muster'])
  if (weak !== undefined) throw problem('password-weak', weak)
  return passwords.hash(password)
}

/** Ends all sessions of whose password it is. */
export async function setPassword(
  { sessions }: AccessParts,
  tx: Tx,
  { person, hash }: { person: Person; hash: string },
) {
  await ensureAccount(tx, person.id, person.name)
  await changeAccount(tx, person.id, { password: hash })
  await sessions.endAll(tx, person.id)
}

function inviteRoutes(http: Http, parts: Parts): void {
  const { kernel } = parts
  const rows = (tx: Tx) => tx.installation<AccessTables>()
  http.post(
    '/v1/access/people/:person/invite',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'A one-time link with which somebody sets their password; earlier ones are good no more',
        params: OfPerson,
        response: { 201: Invitation, ...failures },
      },
    },
    async (request, reply) => {
      const person = await another(parts, request, request.params.person)
      const secret = Buffer.from(kernel.random(24)).toString('base64url')
      const expiresAt = formatTime(kernel.clock.now() + INVITED_MS)
      await kernel.store.change(async tx => {
        await ensureAccount(tx, person.id, person.name)
        await rows(tx).deleteFrom('access_invites').where('principal', '=', person.id).execute()
        await rows(tx)
          .insertInto('access_invites')
          .values({ digest: kernel.digest(secret), principal: person.id, expires_at: expiresAt, used_at: null })
          .execute()
        await record(kernel, tx, request, { action: 'person.invite', target: person.id, detail: { name: person.name } })
      })
      const link = `${request.protocol}://${request.headers.host ?? ''}/invite#${secret}`
      return reply.code(201).send({ secret, link, expiresAt })
    },
  )
  http.post(
    '/v1/access/invites',
    {
      config: { access: 'public', rateLimit: limited(parts) },
      schema: {
        tags: ['access'],
        summary: 'Use an invitation: set your password, then sign in with it',
        body: Type.Object({ secret: Type.String({ minLength: 1, maxLength: 100 }), password: Password }, exact),
        response: { 200: Type.Object({ login: Type.String() }), ...failures },
      },
    },
    async request => ({ login: await useInvite(parts, request, request.body) }),
  )
}

async function useInvite(
  parts: Parts,
  request: FastifyRequest,
  { secret, password }: { secret: string; password: string },
): Promise<string> {
  const { kernel } = parts
  const digest = kernel.digest(secret)
  const invite = await kernel.store
    .installation<AccessTables>()
    .selectFrom('access_invites')
    .selectAll()
    .where('digest', '=', digest)
    .executeTakeFirst()
  if (invite === undefined || invite.used_at !== null || Date.parse(invite.expires_at) <= kernel.clock.now())
    throw problem('invite-refused')
  const principal = await kernel.principals.find(invite.principal, { via: 'invite', address: request.ip })
  if (principal === undefined) throw problem('invite-refused')
  const person = await personNamed(kernel.store, invite.principal)
  const hash = await newHash(parts, person, password)
  return kernel.store.change(async tx => {
    const used = await tx
      .installation<AccessTables>()
      .updateTable('access_invites')
      .set({ used_at: formatTime(kernel.clock.now()) })
      .where('digest', '=', digest)
      .where('used_at', 'is', null)
      .executeTakeFirst()
    if (used.numUpdatedRows !== 1n) throw problem('invite-refused')
    await setPassword(parts, tx, { person, hash })
    await record(kernel, tx, request, { action: 'password.set', target: person.id, by: principal })
    return (await ensureAccount(tx, person.id, person.name)).login
  })
}

function totpRoutes(http: Http, parts: Parts): void {
  const { kernel } = parts
  const mine = async (request: FastifyRequest): Promise<AccountRow> => {
    const account = await accountBy(kernel.store, 'principal', callerOf(request).id)
    if (account === undefined || account.password === null) throw kernelProblem('conflict', 'set a password first')
    return account
  }
  http.post(
    '/v1/access/totp',
    {
      config: { access: 'signed-in', rateLimit: limited(parts) },
      schema: {
        tags: ['access'],
        summary: 'Begin with a second factor: a secret for your authenticator',
        body: Type.Object({ password: Password }, exact),
        response: { 201: Type.Object({ secret: Type.String(), uri: Type.String() }), ...failures },
      },
    },
    async (request, reply) => {
      const account = await mine(request)
      await proveSelf(parts, account, request.body.password)
      return reply.code(201).send(await kernel.store.change(tx => beginTotp(parts, tx, account)))
    },
  )
  http.post(
    '/v1/access/totp/confirm',
    {
      config: { access: 'signed-in', rateLimit: limited(parts) },
      schema: {
        tags: ['access'],
        summary: 'Put the second factor in force; recovery codes are shown once',
        body: Type.Object({ code: Code }, exact),
        response: { 200: Type.Object({ recoveryCodes: Type.Array(Type.String()) }), ...failures },
      },
    },
    async request => {
      const account = await mine(request)
      const codes = await kernel.store.change(async tx => {
        const made = await confirmTotp(parts, tx, { account, code: request.body.code })
        await record(kernel, tx, request, { action: 'totp.enable', target: account.principal })
        return made
      })
      return { recoveryCodes: [...codes] }
    },
  )
  http.delete(
    '/v1/access/people/:person/totp',
    {
      config: { access: 'access.write' },
      schema: {
        tags: ['access'],
        summary: 'Take away the second factor of somebody who lost it; their sessions end',
        params: OfPerson,
        querystring: Because,
        response: { 204: Type.Null(), ...failures },
      },
    },
    async (request, reply) => {
      const person = await another(parts, request, request.params.person)
      await kernel.store.change(async tx => {
        await dropTotp(parts, tx, person.id)
        await parts.sessions.endAll(tx, person.id)
        await record(kernel, tx, request, { action: 'totp.remove', target: person.id })
      })
      return reply.code(204).send(null)
    },
  )
}
