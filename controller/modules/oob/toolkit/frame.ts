// SPDX-License-Identifier: Apache-2.0
/** How every route of the toolkit's interfaces behaves beside its own work: slashes, bodies, limits, other origins, unknown paths. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'

/** Origins whose pages may call, or `*` for every page: requests carry a token, never a cookie. */
export type CorsOrigins = readonly string[]

/** As much as body-parser takes; routes with more to take say so. */
const BODY_LIMIT = 102_400
const METHODS = 'GET,HEAD,PUT,PATCH,POST,DELETE'
/** How long a browser remembers the answer to a preflight request, seconds. */
const PREFLIGHT_S = '600'

/**
 * Clients were written against express: paths may end with a slash, bodies may be empty or say nothing of their type,
 * and programs poll.
 */
export function frameRoutes(child: FastifyInstance): void {
  child.addHook('onRoute', route => {
    route.config = { ...route.config, busy: true }
    route.bodyLimit ??= BODY_LIMIT
    if (isTwin(route) || route.method === 'HEAD' || route.routePath.endsWith('/') || route.routePath === '') return
    child.route({ ...route, url: `${route.routePath}/`, schema: { ...route.schema, hide: true } })
  })
  const parse = child.getDefaultJsonParser('error', 'error')
  child.removeAllContentTypeParsers()
  child.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    const text = String(body)
    if (text.trim() === '') return done(null, undefined)
    const isJson = /\bjson\b/i.test(request.headers['content-type'] ?? '')
    // What is not JSON and does not look like it is no body: the checks then say what is missing.
    if (!isJson && !/^\s*[[{]/.test(text)) return done(null, undefined)
    void parse(request, text, done)
  })
}

/** Further spellings of a route get no further spelling, and our own interface has one. */
function isTwin({ schema, prefix = '' }: RouteOptions & { readonly prefix?: string }): boolean {
  return schema?.hide === true || prefix.startsWith('/v1/')
}

/** Lets pages of these origins read the answers, failures among them (Fetch standard, CORS protocol). */
export function allowOrigins(child: FastifyInstance, origins: CorsOrigins): void {
  if (origins.length === 0) return
  child.addHook('onSend', async (request, reply) => {
    const allowed = allowedOrigin(request, origins)
    if (!origins.includes('*')) reply.header('vary', 'Origin')
    if (allowed === undefined) return
    reply.header('access-control-allow-origin', allowed)
    reply.header('access-control-expose-headers', 'ETag, Retry-After')
    reply.header('cross-origin-resource-policy', 'cross-origin')
  })
}

/** Once for each root of the toolkit's paths: what is asked there and does not exist, and preflight requests. */
export function frameRoots(
  http: FastifyInstance,
  { roots, origins = [] }: { readonly roots: readonly string[]; readonly origins?: CorsOrigins | undefined },
): void {
  for (const prefix of roots) {
    http.register(
      async child => {
        child.setNotFoundHandler((request, reply) => answerUnknown(request, reply))
        allowOrigins(child, origins)
        if (origins.length === 0) return
        child.options('/*', { config: { access: 'public', busy: true }, schema: { hide: true } }, (request, reply) =>
          answerPreflight(request, reply, origins),
        )
      },
      { prefix },
    )
  }
}

function answerUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const message = `Cannot ${request.method} ${request.url.split('?')[0]?.slice(0, 200) ?? ''}`
  return reply.code(404).send({ error: 'Not Found', errorDescription: message, message })
}

function answerPreflight(request: FastifyRequest, reply: FastifyReply, origins: CorsOrigins): FastifyReply {
  if (allowedOrigin(request, origins) !== undefined) {
    reply.header('access-control-allow-methods', METHODS)
    const asked = request.headers['access-control-request-headers']
    if (typeof asked === 'string') reply.header('access-control-allow-headers', asked.slice(0, 500))
    reply.header('access-control-max-age', PREFLIGHT_S)
  }
  return reply.code(204).send()
}

function allowedOrigin(request: FastifyRequest, origins: CorsOrigins): string | undefined {
  if (origins.includes('*')) return '*'
  const { origin } = request.headers
  return origin !== undefined && origins.includes(origin) ? origin : undefined
}
