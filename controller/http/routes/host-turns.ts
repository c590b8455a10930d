// SPDX-License-Identifier: Apache-2.0
/** Turns in a host's life: registered, let in, invalidated, released from quarantine. */
import type { FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { type Json, problem } from '../../../plugins/contract/index.ts'
import { projectChain } from '../../kernel/audit.ts'
import { changeHost, getHost, type Host } from '../../kernel/hosts.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import {
  approveHost,
  refuseLeaving,
  refuseTwin,
  registerHost,
  releaseHost,
  revokeHost,
} from '../../kernel/lifecycle.ts'
import { applyFields } from '../../kernel/patching.ts'
import type { Tx } from '../../store/store.ts'
import { callerOf } from '../guard.ts'
import { Note, refuseTwins, SiteId, Uuid } from '../host-bodies.ts'
import { HostResource, hostResource } from '../hosts.ts'
import type { Http } from '../http.ts'
import { once } from '../idempotency.ts'
import { dropNulls } from '../nulls.ts'
import { problem as httpProblem } from '../problems.ts'
import { failures, InProject, Metadata, OfHost } from '../schemas.ts'

export function hostTurnRoutes(http: Http, kernel: Kernel): void {
  registerRoutes(http, kernel)
  onboardRoute(http, kernel)
  standingRoutes(http, kernel)
}

const Register = Type.Object(
  {
    name: Type.Optional(Type.String({ maxLength: 20, pattern: '^[a-zA-Z0-9_./: -]*$' })),
    serialNumber: Type.Optional(Type.String({ pattern: '^([A-Za-z0-9]{5,20})?$' })),
    uuid: Type.Optional(Uuid),
    autoOnboard: Type.Optional(Type.Boolean({ description: 'Let its machine in as soon as it comes' })),
    enableVpro: Type.Optional(Type.Boolean({ description: 'Have its AMT activated' })),
    userLvmSize: Type.Optional(Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'GB' })),
    siteId: Type.Optional(SiteId),
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false },
)
type Register = Static<typeof Register>

const OfRegistration = Type.Object(
  { resourceId: Type.Optional(Type.String({ maxLength: 80, description: 'Passed over' })) },
  { additionalProperties: false },
)

function registerRoutes(http: Http, kernel: Kernel): void {
  http.post(
    '/v1/projects/:project/compute/hosts/register',
    {
      config: { access: 'host.admit' },
      preValidation: dropNulls,
      schema: {
        tags: ['hosts'],
        summary: 'Register a host by serial number or UUID before its machine comes',
        params: InProject,
        querystring: OfRegistration,
        body: Register,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { project } = request.params
      const { body: made } = await once(kernel, request, async tx => {
        const { id } = await register(kernel, tx, { project, wish: request.body, request })
        return { status: 200, body: { id } }
      })
      // A repeated request is answered with what the host is now.
      return hostResource(kernel, await getHost(kernel.store, project, made.id))
    },
  )
  http.patch(
    '/v1/projects/:project/compute/hosts/:host/register',
    {
      config: { access: 'host.admit' },
      preValidation: dropNulls,
      schema: {
        tags: ['hosts'],
        summary: 'Change the registration of a host',
        params: OfHost,
        body: Register,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { project, host: id } = request.params
      await kernel.store.change(async tx =>
        changeRegistration(kernel, tx, { host: await getHost(tx, project, id), wish: request.body, request }),
      )
      return hostResource(kernel, await getHost(kernel.store, project, id))
    },
  )
}

type Registering = { readonly project: string; readonly wish: Register; readonly request: FastifyRequest }

async function register(kernel: Kernel, tx: Tx, { project, wish, request }: Registering): Promise<Host> {
  const { uuid, serial } = keysOf(wish)
  if (uuid === undefined && serial === undefined)
    throw problem('invalid', '/body a serial number or a UUID is needed', {
      findings: [{ pointer: '/body', message: 'a serialNumber or a uuid is needed' }],
    })
  const labels = wish.metadata ?? []
  refuseTwins(labels)
  const by = callerOf(request)
  const fields: Record<string, Json> = {
    ...(wish.siteId === undefined || wish.siteId === '' ? {} : { siteId: wish.siteId }),
    ...(wish.enableVpro === true ? { desiredAmtState: 'AMT_STATE_PROVISIONED' } : {}),
  }
  return registerHost(kernel, tx, {
    project,
    name: wish.name ?? '',
    uuid,
    serial,
    labels: labels.map(({ key, value }) => ({ key, value })),
    autoOnboard: wish.autoOnboard === true,
    userLvmSize: wish.userLvmSize,
    vpro: wish.enableVpro,
    by,
    request: request.id,
    complete: host => applyFields(kernel, tx, { host, fields, by }),
  })
}

function keysOf({ uuid, serialNumber }: Register) {
  return {
    uuid: uuid === undefined || uuid === '' ? undefined : uuid.toLowerCase(),
    serial: serialNumber === undefined || serialNumber === '' ? undefined : serialNumber,
  }
}

type Changing = { readonly host: Host; readonly wish: Register; readonly request: FastifyRequest }

async function changeRegistration(kernel: Kernel, tx: Tx, { host, wish, request }: Changing): Promise<void> {
  const { project, id } = host
  const by = callerOf(request)
  const { name, autoOnboard, enableVpro, userLvmSize, metadata, siteId } = wish
  refuseLeaving(host)
  refuseTwins(metadata ?? [])
  const awaited = host.state === 'registered'
  await changeHost(tx, host, {
    name: name === '' ? undefined : name,
    labels: metadata?.map(({ key, value }) => ({ key, value })),
    userLvmSize,
    vpro: enableVpro,
    ...(await newKeys(tx, host, wish)),
    ...(awaited && autoOnboard === false ? { desired: 'registered' as const } : {}),
    clock: kernel.clock,
  })
  if (awaited && autoOnboard === true) await approveHost(kernel, tx, { project, id, by, request: request.id })
  await applyFields(kernel, tx, {
    host,
    fields: {
      ...(siteId === undefined ? {} : { siteId }),
      ...(enableVpro === true ? { desiredAmtState: 'AMT_STATE_PROVISIONED' } : {}),
      // Without it nothing was ordered, and nothing needs to be taken back.
      ...(enableVpro === false && host.vpro ? { desiredAmtState: 'AMT_STATE_UNPROVISIONED' } : {}),
    },
    by,
  })
  await kernel.events.emit(tx, { project, type: 'host.changed', subject: id, data: { by: by.name } })
  await kernel.audit.append(tx, {
    chain: projectChain(project),
    principal: by,
    action: 'host.register.change',
    target: id,
    outcome: 'done',
    request: request.id,
    detail: JSON.parse(JSON.stringify(wish)),
  })
}

/** A mistyped key may be mended until a machine has come; afterwards the machine itself says what they are. */
async function newKeys(tx: Tx, host: Host, wish: Register): Promise<{ facts?: Host['facts'] }> {
  const { uuid = host.uuid, serial = host.serial } = keysOf(wish)
  if (uuid === host.uuid && serial?.toLowerCase() === host.serial?.toLowerCase()) return {}
  if (host.state !== 'registered')
    throw httpProblem('keys-fixed', `${host.id} is the machine ${host.serial ?? host.uuid}`)
  await refuseTwin(tx, host.project, {
    ...(uuid === host.uuid ? {} : { uuid }),
    ...(serial === host.serial ? {} : { serial }),
  })
  const facts = { ...host.facts, ...(uuid === undefined ? {} : { uuid }), ...(serial === undefined ? {} : { serial }) }
  return { facts }
}

const Nothing = Type.Union([Type.Null(), Type.Object({}, { additionalProperties: true })])

function onboardRoute(http: Http, kernel: Kernel): void {
  http.patch(
    '/v1/projects/:project/compute/hosts/:host/onboard',
    {
      config: { access: 'host.admit' },
      schema: {
        tags: ['hosts'],
        summary: 'Let the machine of a registered host in',
        params: OfHost,
        body: Nothing,
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const { project, host: id } = request.params
      const act = { project, id, by: callerOf(request), request: request.id }
      await kernel.store.change(tx => approveHost(kernel, tx, act))
      return {}
    },
  )
}

const Why = Type.Object({ note: Type.String({ minLength: 1, maxLength: 500 }) }, { additionalProperties: false })
const WhyOrNot = Type.Union([
  Type.Null(),
  Type.Object({ note: Type.Optional(Type.String({ maxLength: 512 })) }, { additionalProperties: false }),
])

function standingRoutes(http: Http, kernel: Kernel): void {
  http.put(
    '/v1/projects/:project/compute/hosts/:host/invalidate',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Revoke a host: its certificates are refused from now on',
        params: OfHost,
        querystring: Type.Object({ note: Type.Optional(Note) }, { additionalProperties: false }),
        body: WhyOrNot,
        response: { 200: Type.Object({}), ...failures },
      },
    },
    async request => {
      const { project, host: id } = request.params
      const reason = request.body?.note ?? request.query.note
      await revokeHost(kernel, {
        project,
        id,
        by: callerOf(request),
        request: request.id,
        ...(reason === undefined || reason === '' ? {} : { reason }),
      })
      return {}
    },
  )
  http.put(
    '/v1/projects/:project/compute/hosts/:host/release',
    {
      config: { access: 'host.destroy' },
      schema: {
        tags: ['hosts'],
        summary: 'Let a quarantined host back in',
        params: OfHost,
        body: Why,
        response: { 200: HostResource, ...failures },
      },
    },
    async request => {
      const { project, host: id } = request.params
      const reason = request.body.note
      await releaseHost(kernel, { project, id, by: callerOf(request), request: request.id, reason })
      return hostResource(kernel, await getHost(kernel.store, project, id))
    },
  )
}
