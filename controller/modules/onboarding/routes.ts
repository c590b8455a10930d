// SPDX-License-Identifier: Apache-2.0
/** The routes of machines that enroll, and of the join tokens they bring. */
import { Type } from 'typebox'
import {
  EnrollAnswer,
  EnrollRequest,
  formatTime,
  HOUR,
  LeaveAnswer,
  NonceAnswer,
  PollRequest,
  RenewAnswer,
  RenewRequest,
  TimeAnswer,
  TimeRequest,
  TrustBundle,
} from '../../../plugins/contract/index.ts'
import { formatToken } from '../../../provisioning/enroll/token.ts'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { peerCertificateOf } from '../../http/listeners.ts'
import { problem as httpProblem } from '../../http/problems.ts'
import { failures as failureSchemas, InProject, UlidText } from '../../http/schemas.ts'
import { projectChain } from '../../kernel/audit.ts'
import { getHost } from '../../kernel/hosts.ts'
import { refuseLeaving } from '../../kernel/lifecycle.ts'
import { checkFields } from '../../kernel/patching.ts'
import { leave } from './leave.ts'
import { lobbyRoutes } from './lobby-routes.ts'
import { renew } from './renew.ts'
import { type EnrollParts, enroll, poll } from './requests.ts'
import { isCidr } from './rules.ts'
import { MadeToken, NewToken, OfToken, TokenResource } from './schema.ts'
import { createJoinToken, listJoinTokens, revokeJoinToken } from './tokens.ts'

export type RouteParts = EnrollParts & { readonly attemptsPerMinute: number }

export function onboardingRoutes(http: Http, parts: RouteParts): void {
  machineRoutes(http, parts)
  renewRoutes(http, parts)
  tokenRoutes(http, parts)
  lobbyRoutes(http, parts)
}

function machineRoutes(http: Http, parts: RouteParts): void {
  const { kernel, authority, nonces, failures } = parts
  const config = { access: 'public', rateLimit: { max: parts.attemptsPerMinute, timeWindow: '1 minute' } } as const
  http.get(
    '/enroll/v1/trust',
    {
      config,
      schema: { tags: ['enrollment'], summary: 'What hosts trust', response: { 200: TrustBundle, ...failureSchemas } },
    },
    async () => authority.trust(),
  )
  http.get(
    '/enroll/v1/nonce',
    {
      config,
      schema: {
        tags: ['enrollment'],
        summary: 'A nonce, good once',
        response: { 200: NonceAnswer, ...failureSchemas },
      },
    },
    async () => ({ nonce: nonces.make() }),
  )
  http.post(
    '/enroll/v1/time',
    {
      config,
      schema: {
        tags: ['enrollment'],
        summary: 'The time, signed',
        body: TimeRequest,
        response: { 200: TimeAnswer, ...failureSchemas },
      },
    },
    async ({ body }) => {
      const head = { nonce: body.nonce, now: formatTime(kernel.clock.now()) }
      return { head, kid: kernel.signer.kid, sig: kernel.signer.sign('time', head) }
    },
  )
  const checkFailures = (address: string): void => {
    if (failures.tooMany(address)) throw httpProblem('too-many-requests', 'too many failed attempts from this address')
  }
  http.post(
    '/enroll/v1/requests',
    {
      config: { ...config, canWait: true },
      schema: {
        tags: ['enrollment'],
        summary: 'Ask to come in',
        body: EnrollRequest,
        response: { 201: EnrollAnswer, 202: EnrollAnswer, ...failureSchemas },
      },
    },
    async ({ body, ip }, reply) => {
      checkFailures(ip)
      const answer = await enroll(parts, body, ip)
      return reply.code(answer.status === 'enrolled' ? 201 : 202).send(answer)
    },
  )
  http.post(
    '/enroll/v1/requests/:request',
    {
      config: { ...config, canWait: true },
      schema: {
        tags: ['enrollment'],
        summary: 'Ask again',
        params: Type.Object({ request: UlidText }),
        body: PollRequest,
        response: { 201: EnrollAnswer, 202: EnrollAnswer, ...failureSchemas },
      },
    },
    async ({ params, body, ip }, reply) => {
      checkFailures(ip)
      const answer = await poll(parts, params.request, { secret: body.secret, address: ip })
      return reply.code(answer.status === 'enrolled' ? 201 : 202).send(answer)
    },
  )
}

function renewRoutes(http: Http, parts: RouteParts): void {
  const config = { access: 'public', rateLimit: { max: parts.attemptsPerMinute, timeWindow: '1 minute' } } as const
  for (const kind of ['renew', 'rejoin'] as const) {
    http.post(
      `/enroll/v1/${kind}`,
      {
        config,
        schema: {
          tags: ['enrollment'],
          summary: `A new certificate (${kind}), against the present one`,
          body: RenewRequest,
          response: { 200: RenewAnswer, ...failureSchemas },
        },
      },
      async ({ body, ip, raw }) =>
        renew(parts, { presented: peerCertificateOf(raw), csr: body.csr, kind, address: ip }),
    )
  }
  http.post(
    '/enroll/v1/leave',
    {
      config,
      schema: {
        tags: ['enrollment'],
        summary: 'Be no host any more, against the present certificate',
        body: Type.Object({}, { additionalProperties: false }),
        response: { 200: LeaveAnswer, ...failureSchemas },
      },
    },
    async ({ ip, raw }) => leave(parts, { presented: peerCertificateOf(raw), address: ip }),
  )
}

function tokenRoutes(http: Http, { kernel, authority }: RouteParts): void {
  const url = '/v1/projects/:project/enrollment/tokens'
  http.get(
    url,
    {
      config: { access: 'token.read' },
      schema: {
        tags: ['enrollment'],
        summary: 'List join tokens',
        params: InProject,
        response: { 200: Type.Object({ tokens: Type.Array(TokenResource) }), ...failureSchemas },
      },
    },
    async ({ params }) => ({
      tokens: (await listJoinTokens(kernel.store, params.project)).map(token => ({
        ...token,
        labels: [...token.labels],
      })),
    }),
  )
  http.post(
    url,
    {
      config: { access: 'token.write' },
      schema: {
        tags: ['enrollment'],
        summary: 'Make a join token',
        params: InProject,
        body: NewToken,
        response: { 201: MadeToken, ...failureSchemas },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const by = callerOf(request)
      if (body.cidr !== undefined && !isCidr(body.cidr))
        throw httpProblem('bad-request', '/body/cidr is an address range such as 10.1.0.0/16')
      const site = body.siteId === '' ? undefined : body.siteId
      const { token, id, secret } = await kernel.store.change(async tx => {
        if (body.host !== undefined) refuseLeaving(await getHost(tx, params.project, body.host))
        if (site !== undefined) await checkFields(kernel, tx, params.project, { siteId: site })
        const made = await createJoinToken(kernel, tx, params.project, {
          uses: body.uses ?? 1,
          expiresInMs: body.expiresInMs ?? HOUR,
          labels: (body.labels ?? []).map(({ key, value }) => ({ key, value })),
          needsApproval: body.needsApproval ?? false,
          serial: body.serial,
          cidr: body.cidr,
          host: body.host,
          site,
          note: body.note ?? '',
          by: by.id,
        })
        const { uses, expiresAt } = made.token
        await kernel.events.emit(tx, {
          project: params.project,
          type: 'token.created',
          subject: made.id,
          data: { by: by.name, uses, expiresAt },
        })
        await kernel.audit.append(tx, {
          chain: projectChain(params.project),
          principal: by,
          action: 'join-token.create',
          target: made.id,
          outcome: 'done',
          request: request.id,
          detail: { uses, expiresAt },
        })
        return made
      })
      return reply.code(201).send({
        id,
        token: formatToken({ id, secret, root: authority.rootFingerprint }),
        expiresAt: token.expiresAt,
        url: authority.url(),
      })
    },
  )
  http.delete(
    `${url}/:token`,
    {
      config: { access: 'token.write' },
      schema: {
        tags: ['enrollment'],
        summary: 'Revoke a join token',
        params: OfToken,
        response: { 204: Type.Null(), ...failureSchemas },
      },
    },
    async (request, reply) => {
      const { project, token } = request.params
      await kernel.store.change(async tx => {
        await revokeJoinToken(tx, project, token, kernel.clock.now())
        await kernel.events.emit(tx, {
          project,
          type: 'token.revoked',
          subject: token,
          data: { by: callerOf(request).name },
        })
        await kernel.audit.append(tx, {
          chain: projectChain(project),
          principal: callerOf(request),
          action: 'join-token.revoke',
          target: token,
          outcome: 'done',
          request: request.id,
        })
      })
      return reply.code(204).send(null)
    },
  )
}
