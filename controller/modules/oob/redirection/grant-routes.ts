// SPDX-License-Identifier: Apache-2.0
/** Asking for a redirection session: what will hold for it beforehand, and the token that opens one, with its reason. */
import { Type } from 'typebox'
import { formatTime, MINUTE } from '../../../../plugins/contract/index.ts'
import { callerOf } from '../../../http/guard.ts'
import type { Http } from '../../../http/http.ts'
import { failures, InProject, ProjectName, Time } from '../../../http/schemas.ts'
import { projectChain } from '../../../kernel/audit.ts'
import { problem as kernelProblem } from '../../../kernel/problems.ts'
import { problem as oobProblem } from '../problems.ts'
import { problem } from './problems.ts'
import { RELAY_PATHS, type RelayRouteParts, wantsConsent } from './relay-route.ts'
import { isRecorded } from './session.ts'
import { SOL_PATH } from './sol.ts'

const OfDevice = Type.Object({
  project: ProjectName,
  guid: Type.String({ pattern: '^[0-9A-Fa-f-]{36}$', description: 'GUID of the device' }),
})
const Rules = Type.Object({
  idleMinutes: Type.Integer({ description: 'A session in which nobody does anything ends after so long' }),
  maxMinutes: Type.Integer({ description: 'Every session of KVM or SOL ends after so long' }),
  recordsSol: Type.Boolean(),
  recordsKvm: Type.Boolean(),
  recordsInput: Type.Boolean({ description: 'Whether what people type is recorded too, passwords among it' }),
  checksConsent: Type.Boolean(),
})
const Order = Type.Object(
  {
    mode: Type.Enum(['kvm', 'sol']),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_440, description: 'The session ends after so long' })),
  },
  { additionalProperties: false },
)
const Grant = Type.Object({
  token: Type.String({ description: 'Opens one session, as sub-protocol of the WebSocket, within five minutes' }),
  path: Type.String({ description: 'Where the WebSocket is opened' }),
  minutes: Type.Integer({ description: 'How long the session may last' }),
  idleMinutes: Type.Integer(),
  recorded: Type.Boolean(),
  at: Time,
})

export function grantRoutes(http: Http, parts: RelayRouteParts): void {
  const { rules } = parts
  http.get(
    '/v1/projects/:project/oob/redirection-rules',
    {
      config: { access: 'host.read', narrows: true },
      schema: {
        tags: ['out-of-band'],
        summary: 'What holds for redirection sessions: limits, recording, consent',
        params: InProject,
        response: { 200: Rules, ...failures },
      },
    },
    async ({ params }) => ({
      idleMinutes: rules.idleMs / MINUTE,
      maxMinutes: rules.maxMs / MINUTE,
      recordsSol: rules.recordSol,
      recordsKvm: rules.recordKvm,
      recordsInput: rules.inputOfProjects.has(params.project),
      checksConsent: rules.checkConsent,
    }),
  )
  orderRoute(http, parts)
}

function orderRoute(http: Http, parts: RelayRouteParts): void {
  const { kernel, rules, tokens, devices } = parts
  http.post(
    '/v1/projects/:project/oob/devices/:guid/redirections',
    {
      config: { access: 'host.access' },
      schema: {
        tags: ['out-of-band'],
        summary: 'Ask for the token that opens one redirection session, and write down why',
        params: OfDevice,
        body: Order,
        response: { 201: Grant, ...failures },
      },
    },
    async (request, reply) => {
      const { project } = request.params
      const { mode, reason, minutes } = request.body
      const guid = request.params.guid.toLowerCase()
      if ((await devices.find(kernel.store, project, guid)) === undefined)
        throw kernelProblem('not-found', `device ${guid}`)
      await refuseEarly(parts, { project, guid, mode })
      const principal = callerOf(request)
      const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      const token = await tokens.redirection({ principal, bearer, project, guid, mode, minutes })
      await kernel.store.change(tx =>
        kernel.audit.append(tx, {
          chain: projectChain(project),
          principal,
          action: 'redirection.authorize',
          target: guid,
          outcome: 'done',
          request: request.id,
          ...(reason === undefined ? {} : { reason }),
          detail: { mode, ...(minutes === undefined ? {} : { minutes }) },
        }),
      )
      const kind = mode === 'sol' ? 'terminal' : 'relay'
      const longest = Math.round(rules.maxMs / MINUTE)
      return reply.code(201).send({
        token,
        path: mode === 'sol' ? SOL_PATH : RELAY_PATHS[0],
        minutes: Math.min(minutes ?? longest, longest),
        idleMinutes: Math.round(rules.idleMs / MINUTE),
        recorded: isRecorded(rules, { mode, kind }),
        at: formatTime(kernel.clock.now()),
      })
    },
  )
}

type Asked = { readonly project: string; readonly guid: string; readonly mode: 'kvm' | 'sol' }

/** A browser is not told why a WebSocket was refused, so what would refuse it is looked at here. */
async function refuseEarly(parts: RelayRouteParts, { project, guid, mode }: Asked): Promise<void> {
  const reach = await parts.reaches.reach(project, guid)
  parts.consent.allow(guid)
  if (parts.rules.checkConsent && (await wantsConsent(reach, mode))) throw oobProblem('amt-consent-needed', guid)
  const taken = parts.live.of(guid).find(each => each.mode === mode)
  if (taken !== undefined) throw problem('redirection-busy', `${taken.by} has ${mode} of ${guid}`)
}
