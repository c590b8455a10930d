// SPDX-License-Identifier: Apache-2.0
/** The API: one fastify instance with its guards, its routes and its description, served by any number of listeners. */
import type { IncomingMessage } from 'node:http'
import swagger from '@fastify/swagger'
import { type FastifyBaseLogger, fastify } from 'fastify'
import type { TSchema } from 'typebox'
import { newUlid } from '../../plugins/contract/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { AnyLive } from '../kernel/module.ts'
import { problem as kernelProblem } from '../kernel/problems.ts'
import { findProject, projectNames } from '../kernel/projects.ts'
import { withEimPaths } from './eim-description.ts'
import { landing, type Refusal } from './eim-paths.ts'
import { installErrors, sendFailure } from './errors.ts'
import { installGuard } from './guard.ts'
import { type Http, typed } from './http.ts'
import { type HttpLimits, installLimits } from './limits.ts'
import { problem } from './problems.ts'
import { accessRoutes } from './routes/access.ts'
import { auditRoutes } from './routes/audit.ts'
import { commandRoutes } from './routes/commands.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { hostRoutes } from './routes/hosts.ts'
import { orchestratorRoute } from './routes/orchestrator.ts'
import { projectRoutes } from './routes/projects.ts'
import { sectionRoutes } from './routes/sections.ts'
import { type SystemActs, systemRoutes } from './routes/system.ts'
import { webRoutes } from './routes/web.ts'
import { whyRoutes } from './routes/why.ts'
import { validatorCompiler } from './validate.ts'

export type HttpParts = {
  readonly kernel: Kernel
  readonly modules: readonly AnyLive[]
  readonly acts: SystemActs
  readonly names: ReadonlySet<string>
  readonly limits: HttpLimits
  readonly log: FastifyBaseLogger
}

/** Builds the API without listening; `http.routing` then handles the requests of any server. */
export async function createHttp({ kernel, modules, acts, names, limits, log }: HttpParts): Promise<Http> {
  const addresses = await createAddresses(kernel)
  const http = typed(
    fastify({
      rewriteUrl: addresses.rewrite,
      // Paths the router cannot read come to no route, and so not to the handlers of errors either.
      frameworkErrors: (thrown, request, reply) => sendFailure(thrown, request, reply.headers(SECURITY_HEADERS)),
      loggerInstance: log,
      bodyLimit: 65_536,
      trustProxy: false,
      return503OnClosing: true,
      genReqId: () => newUlid(kernel.clock.now(), kernel.random),
      routerOptions: { maxParamLength: 200 },
    }),
  )
  http.removeContentTypeParser('text/plain')
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(() => JSON.stringify)
  const pages = modules.find(live => live.pages !== undefined)?.pages
  installErrors(http, pages)
  installBounds(http)
  await describe(http, acts.version)
  installGuard(http, kernel, {
    names,
    authenticate: modules.flatMap(({ authenticate }) => (authenticate === undefined ? [] : [authenticate])),
  })
  await installLimits(http, limits, kernel.clock)
  installHeaders(http)
  installProjects(http, kernel, addresses)
  hostRoutes(http, kernel)
  whyRoutes(http, kernel)
  sectionRoutes(http, kernel)
  commandRoutes(http, kernel)
  eventRoutes(http, kernel)
  auditRoutes(http, kernel)
  accessRoutes(http, kernel)
  systemRoutes(http, kernel, acts)
  orchestratorRoute(http, acts)
  projectRoutes(http, kernel)
  healthRoutes(http, kernel, {
    version: acts.version,
    measures: modules.flatMap(({ measures = [] }) => measures),
    expositions: modules.flatMap(({ exposition }) => (exposition === undefined ? [] : [exposition])),
  })
  if (pages === undefined) webRoutes(http)
  for (const live of modules) live.routes?.(http)
  http.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    withEimPaths(http.swagger()),
  )
  await http.ready()
  return http
}

async function describe(http: Http, version: string): Promise<void> {
  await http.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Muster', version, description: 'Edge fleet management' },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
    transform: ({ schema, url, route }) => {
      const access = route.config?.access
      const secured = access === 'public' ? {} : { security: [{ bearer: [] }], 'x-permission': access }
      return { schema: { ...(schema as TSchema), ...secured } as never, url } // swagger adds what it does not know as it is
    },
  })
}

const MAX_COOKIES = 60

/** Refuses headers by which a request is not what it seems, or is made to cost. */
function installBounds(http: Http): void {
  http.addHook('onRequest', async ({ headers }) => {
    const { 'content-encoding': coding = 'identity', cookie = '' } = headers
    // Nothing here unpacks, and taking packed bytes as they are would store what nobody sent (RFC 9110 §8.4).
    if (coding.toLowerCase() !== 'identity')
      throw problem('unsupported-media-type', `content-encoding ${coding.slice(0, 40)}`)
    if (cookie.split(';', MAX_COOKIES + 1).length > MAX_COOKIES)
      throw problem('too-many-cookies', `more than ${MAX_COOKIES}`)
  })
}

type Addresses = {
  /** Leads EIM's paths to ours, before anything routes, guards, logs or records the request. */
  rewrite(request: { readonly url?: string | undefined }): string
  /** Why a request was not led anywhere. */
  refusal(request: IncomingMessage): Refusal | undefined
}

async function createAddresses(kernel: Kernel): Promise<Addresses> {
  const { nameOf } = await projectNames(kernel)
  const refused = new WeakMap<object, Refusal>()
  return {
    rewrite: request => {
      const { url = '/', headers } = request as IncomingMessage // fastify hands on Node's own request
      const { activeprojectid: active } = headers
      const landed = landing({ url, activeProject: typeof active === 'string' ? active : undefined, nameOf })
      if ('url' in landed) return landed.url
      refused.set(request, landed.refused)
      return url
    },
    refusal: request => refused.get(request),
  }
}

/** A project that does not exist, or is being deleted, answers like everything else that does not. */
function installProjects(http: Http, kernel: Kernel, addresses: Addresses): void {
  http.addHook('onRequest', async request => {
    const refusal = addresses.refusal(request.raw)
    if (refusal !== undefined) throw problem(refusal)
  })
  http.addHook('preValidation', async request => {
    const { project } = (request.params ?? {}) as { project?: string } // path parameters are texts
    const body = request.body as { projectName?: unknown } | null | undefined // only looked at, never trusted
    if (project === undefined || typeof body !== 'object' || body === null || !('projectName' in body)) return
    if (body.projectName !== project) throw problem('project-disagrees')
    delete body.projectName
  })
  http.addHook('preHandler', async request => {
    const { anyProject, place } = request.routeOptions.config
    if (anyProject === true) return
    const { project: inPath } = (request.params ?? {}) as { project?: string } // checked by the route's schema
    const there = inPath === undefined ? await place?.(request) : { project: inPath }
    if (there === undefined) return
    const project = await findProject(kernel.store, there.project)
    if (project?.state !== 'active')
      throw there.absent ?? kernelProblem('not-found', `project ${there.project.slice(0, 80)}`)
  })
}

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
} as const

function installHeaders(http: Http): void {
  http.addHook('onSend', async (request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!reply.hasHeader(name)) reply.header(name, value)
    }
    reply.header('x-request-id', request.id)
    const socket = request.raw.socket
    if ('encrypted' in socket) reply.header('strict-transport-security', 'max-age=31536000')
  })
}
