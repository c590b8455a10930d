// SPDX-License-Identifier: Apache-2.0
/** The routes of people who let waiting machines in, or not. */
import { Type } from 'typebox'
import { callerOf } from '../../http/guard.ts'
import type { Http } from '../../http/http.ts'
import { failures, InProject } from '../../http/schemas.ts'
import { checkFields } from '../../kernel/patching.ts'
import { decide } from './decide.ts'
import { listWaiting } from './lobby.ts'
import type { EnrollParts } from './requests.ts'
import { Accept, OfRequest, Refuse, RequestResource } from './schema.ts'

export function lobbyRoutes(http: Http, parts: EnrollParts): void {
  const { kernel } = parts
  const url = '/v1/projects/:project/enrollment/requests'
  http.get(
    url,
    {
      config: { access: 'host.read' },
      schema: {
        tags: ['enrollment'],
        summary: 'Machines that wait for approval',
        params: InProject,
        response: { 200: Type.Object({ requests: Type.Array(RequestResource) }), ...failures },
      },
    },
    async ({ params }) => ({
      requests: (await listWaiting(kernel.store, params.project)).map(row => ({
        id: row.id as never, // a ULID we made
        at: row.created_at,
        address: row.address,
        facts: JSON.parse(row.facts) as unknown,
        why: row.why,
        fingerprint: row.key,
        agent: row.agent,
        ...(row.reclaims === null ? {} : { reclaims: row.reclaims }),
        ...(row.token === null ? {} : { token: row.token }),
        waitsFor: row.waits,
      })),
    }),
  )
  http.post(
    `${url}/:request/accept`,
    {
      config: { access: 'host.admit' },
      schema: {
        tags: ['enrollment'],
        summary: 'Let a machine in',
        params: OfRequest,
        body: Accept,
        response: { 200: Type.Object({ host: Type.String() }), ...failures },
      },
    },
    async request => {
      const { params, body } = request
      const labels = (body.metadata ?? []).map(({ key, value }) => ({ key, value }))
      const { host = '' } = await decide(parts, {
        project: params.project,
        id: params.request,
        by: callerOf(request),
        accept: true,
        name: body.name ?? '',
        labels,
        site: await siteOf(parts, params.project, body.siteId),
      })
      return { host }
    },
  )
  http.post(
    `${url}/:request/reject`,
    {
      config: { access: 'host.admit' },
      schema: {
        tags: ['enrollment'],
        summary: 'Refuse a machine',
        params: OfRequest,
        body: Refuse,
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const { params, body } = request
      await decide(parts, {
        project: params.project,
        id: params.request,
        by: callerOf(request),
        accept: false,
        reason: body.reason,
      })
      return {}
    },
  )
}

/** A site that is there, if one was given. */
async function siteOf(
  { kernel }: EnrollParts,
  project: string,
  given: string | undefined,
): Promise<string | undefined> {
  if (given === undefined || given === '') return undefined
  await checkFields(kernel, kernel.store, project, { siteId: given })
  return given
}
