// SPDX-License-Identifier: Apache-2.0
/** The API: one fastify instance with its guards, its routes and its description, served by any number of listeners. */
import swagger from '@fastify/swagger'
import { type FastifyBaseLogger, fastify } from 'fastify'
import type { TSchema } from 'typebox'
import { newUlid } from '../../plugins/contract/index.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { AnyLive } from '../kernel/module.ts'
import { problem } from '../kernel/problems.ts'
import type { KernelTables } from '../kernel/tables/tables.ts'
import { installErrors } from './errors.ts'
import { installGuard } from './guard.ts'
import { type Http, typed } from './http.ts'
import { type HttpLimits, installLimits } from './limits.ts'
import { accessRoutes } from './routes/access.ts'
import { auditRoutes } from './routes/audit.ts'
import { commandRoutes } from './routes/commands.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { hostRoutes } from './routes/hosts.ts'
import { sectionRoutes } from './routes/sections.ts'
import { type SystemActs, systemRoutes } from './routes/system.ts'
import { webRoutes } from './routes/web.ts'
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
  const http = typed(
    fastify({
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
  installErrors(http)
  await describe(http, acts.version)
  installGuard(http, kernel, {
    names,
    authenticate: modules.flatMap(({ authenticate }) => (authenticate === undefined ? [] : [authenticate])),
  })
  await installLimits(http, limits)
  installHeaders(http)
  installProjects(http, kernel)
  hostRoutes(
    http,
    kernel,
    modules.flatMap(({ patch }) => (patch === undefined ? [] : [patch])),
  )
  sectionRoutes(http, kernel)
  commandRoutes(http, kernel)
  eventRoutes(http, kernel)
  auditRoutes(http, kernel)
  accessRoutes(http, kernel)
  systemRoutes(http, kernel, acts)
  healthRoutes(http, kernel, { version: acts.version, measures: modules.flatMap(({ measures = [] }) => measures) })
  webRoutes(http)
  for (const live of modules) live.routes?.(http)
  http.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => http.swagger())
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

/** A project that does not exist answers like everything else that does not. */
function installProjects(http: Http, kernel: Kernel): void {
  http.addHook('preHandler', async request => {
    const { project } = (request.params ?? {}) as { project?: string } // path parameters, checked by the route's schema
    if (project === undefined) return
    const row = await kernel.store
      .installation<KernelTables>()
      .selectFrom('kernel_projects')
      .select('name')
      .where('name', '=', project)
      .executeTakeFirst()
    if (row === undefined) throw problem('not-found', `project ${project}`)
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
