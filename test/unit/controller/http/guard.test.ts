// SPDX-License-Identifier: Apache-2.0
/** The guard over routes: those that declare nothing stop the start, and places are asked for where paths do not say. */
import { fastify } from 'fastify'
import { describe, expect, it } from 'vitest'
import { callerOf, installGuard, requirePermission } from '../../../../controller/http/guard.ts'
import { typed } from '../../../../controller/http/http.ts'
import type { Kernel } from '../../../../controller/kernel/kernel.ts'
import { type Grant, type Permission, type Principal, ROLES } from '../../../../controller/kernel/permissions.ts'
import { asProblem } from '../../../../plugins/contract/index.ts'

const viewerOf = (project: string, more: Partial<Grant> = {}): Principal => ({
  ...{ id: 'p', kind: 'person', name: 'p', role: 'none', via: 'test', permissions: new Set<Permission>() },
  grants: [
    { id: 'b', role: 'viewer', effect: 'allow', permissions: new Set(ROLES.viewer), scope: { project }, ...more },
  ],
})

function guarded(principal: Principal) {
  const http = typed(fastify())
  http.setErrorHandler((thrown, _, reply) => {
    const { status, code } = asProblem(thrown)
    void reply.code(status).send({ code })
  })
  const kernel = { principals: { recognise: async () => principal } } as unknown as Kernel // all that the guard asks of it here
  installGuard(http, kernel, { names: new Set(['localhost']), authenticate: [] })
  return http
}
const ask = async (http: ReturnType<typeof guarded>, url: string) => {
  const { statusCode, body } = await http.inject({ url, headers: { host: 'localhost', authorization: 'Bearer x' } })
  return [statusCode, body]
}

describe('a route', () => {
  it('that does not say who may call it stops the start', () => {
    const http = guarded(viewerOf('berlin'))

    expect(() => http.get('/v1/open', async () => 'open')).toThrow('GET /v1/open does not say who may call it')
  })

  it('of no project asks for what holds in the installation', async () => {
    const http = guarded(viewerOf('berlin'))
    http.get('/v1/all', { config: { access: 'host.read' } }, async () => 'all')

    expect(await ask(http, '/v1/all')).toEqual([403, '{"code":"not-allowed"}'])
  })

  it('may say by itself which project it acts in, and is decided there', async () => {
    const http = guarded(viewerOf('berlin'))
    const place = async ({ headers }: { headers: Record<string, unknown> }) => ({
      project: String(headers['x-tenant-id'] ?? 'berlin'),
    })
    http.get('/by-header', { config: { access: 'host.read', place } }, async request => callerOf(request).at?.project)

    expect(await ask(http, '/by-header')).toEqual([200, 'berlin'])
    const other = await http.inject({
      url: '/by-header',
      headers: { host: 'localhost', authorization: 'Bearer x', 'x-tenant-id': 'lyon' },
    })
    expect(other.statusCode).toBe(404)
  })

  it('decides what its handler asks beyond it in the same place', async () => {
    const http = guarded(viewerOf('berlin', { role: 'operator', permissions: new Set(ROLES.operator) }))
    http.get('/v1/projects/:project/act', { config: { access: 'host.read' } }, async request => {
      requirePermission(callerOf(request), 'host.operate')
      requirePermission(callerOf(request), 'host.destroy')
    })

    expect(await ask(http, '/v1/projects/berlin/act')).toEqual([403, '{"code":"not-allowed"}'])
    expect(await ask(http, '/v1/projects/lyon/act')).toEqual([404, '{"code":"not-found"}'])
  })

  it('that lists the whole project is closed to people with a part of it, unless it narrows', async () => {
    const part = viewerOf('berlin', { scope: { project: 'berlin', hosts: { labels: [{ key: 'line', value: '4' }] } } })
    const http = guarded(part)
    http.get('/v1/projects/:project/whole', { config: { access: 'host.read' } }, async () => 'whole')
    http.get('/v1/projects/:project/part', { config: { access: 'host.read', narrows: true } }, async () => 'part')

    expect(await ask(http, '/v1/projects/berlin/whole')).toEqual([403, '{"code":"not-allowed"}'])
    expect(await ask(http, '/v1/projects/berlin/part')).toEqual([200, 'part'])
    expect(await ask(http, '/v1/projects/lyon/part')).toEqual([404, '{"code":"not-found"}'])
  })
})
