// SPDX-License-Identifier: Apache-2.0
/** Two projects, every route: whoever is everything in one finds nothing of the other, by any door. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAudit, INSTALLATION_CHAIN, projectChain } from '../../controller/kernel/audit.ts'
import { ROLES } from '../../controller/kernel/permissions.ts'
import { addProject } from '../../controller/kernel/projects.ts'
import { type Answer, startTestController, type TestController, until } from '../support/controller.ts'
import { firstObjects } from '../support/eim-objects.ts'
import { kernelStore, surroundings, testSigner } from '../support/kernel.ts'
import {
  type Administrators,
  administratorsOf,
  callAs,
  type Ground,
  ghostOf,
  groundOf,
  rowsOf,
} from '../support/projects.ts'
import { enrollWire, openWire } from '../support/wire-host.ts'

const NATIVE = '/edge-infra.orchestrator.apis/v2/'
/** No project has this name. */
const NOWHERE = 'gamma'
const NOWHERE_UUID = '00000000-0000-4000-8000-000000000000'

type Route = { readonly method: string; readonly template: string }

let test: TestController
let alpha: Ground
let beta: Ground
let tokens: Administrators
let others: Administrators
let routes: readonly Route[]

beforeAll(async () => {
  test = await startTestController()
  alpha = await groundOf(test, 'alpha')
  beta = await groundOf(test, 'beta')
  tokens = await administratorsOf(test, 'alpha')
  others = await administratorsOf(test, 'beta')
  const { paths } = (await test.call('GET', '/openapi.json')).body
  routes = Object.entries(paths).flatMap(([template, item]) =>
    Object.keys(item as object).map(verb => ({ method: verb.toUpperCase(), template })),
  )
  await until(
    async () => (await test.call('GET', `/v1/projects/beta/compute/hosts/${beta.identity.host}`)).body,
    host => host.presence.online === false,
  )
}, 120_000)
afterAll(() => test?.stop())

const isOfProject = ({ template }: Route): boolean =>
  /^\/v1\/projects\/\{/.test(template) || template.startsWith(NATIVE)

/** The id that stands in a place of a path. */
function idFor(template: string, name: string, ids: Ground['ids']): string {
  if (name !== 'resourceId') return ids[name] ?? '01JD2Z9B3Q8V5K7M4N6P0R2S4T'
  const folder = template
    .slice(0, template.indexOf('/{resourceId}'))
    .replace(/^\/v1\/projects\/\{projectName\}\//, '')
    .replace(NATIVE, '')
  const ours: Record<string, string> = {
    hosts: 'compute/hosts',
    instances: 'compute/instances',
    operating_systems: 'compute/os',
    'compute/operating_systems': 'compute/os',
    os_update_policy: 'os-update-policies',
    'telemetry/groups/logs': 'telemetry/loggroups',
    'telemetry/groups/metrics': 'telemetry/metricgroups',
    'regions/{regionId}/sites': 'sites',
  }
  const plain = folder.replace(/^compute\/(workloads|schedules)/, '$1')
  return ids[ours[plain] ?? plain] ?? 'osupdaterun-00000000'
}

/** A path with a project and ids put in; native ones name the project in the query. */
function filled({ template }: Route, project: string, ids: Ground['ids']): string {
  const path = template.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    name === 'projectName' || name === 'project' ? project : encodeURIComponent(idFor(template, name, ids)),
  )
  return template.startsWith(NATIVE) ? `${path}?projectName=${project}` : path
}

const ghosts = (ids: Ground['ids']): Ground['ids'] =>
  Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, ghostOf(id)]))

/** What somebody sees of an answer, with what they asked for taken out of it. */
function seen({ status, text, headers }: Answer, names: readonly string[]): unknown {
  const plain = names.reduce((rest, name) => rest.replaceAll(name, '*'), text)
  const told = [...headers.keys()].filter(name => !name.startsWith('x-ratelimit-')).sort()
  return { status, plain, told }
}

async function inTurn<T>(work: readonly T[], act: (each: T) => Promise<void>): Promise<void> {
  const rest = [...work]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) await act(next)
    }),
  )
}

const withBody = (method: string): { body?: object } => (method === 'GET' || method === 'DELETE' ? {} : { body: {} })

describe('what is in another project', () => {
  let before: Awaited<ReturnType<typeof rowsOf>>
  beforeAll(async () => {
    before = await rowsOf(test, 'beta')
    expect(Object.values(before).filter(rows => rows.length > 0).length).toBeGreaterThan(15)
  })

  it.each(['person', 'lent'] as const)('is not there on its own paths, for the token of a %s', async who => {
    const asked = routes.filter(isOfProject)
    expect(asked.length).toBeGreaterThan(400)
    const findings: unknown[] = []
    await inTurn(asked, async route => {
      const { method } = route
      const ask = (project: string): Promise<Answer> =>
        callAs(test, tokens[who], { method, path: filled(route, project, beta.ids), ...withBody(method) })
      const [theirs, none] = [await ask('beta'), await ask(NOWHERE)]
      const [one, other] = [seen(theirs, ['beta']), seen(none, [NOWHERE])]
      if (theirs.status !== 404 || JSON.stringify(one) !== JSON.stringify(other))
        findings.push({ method, template: route.template, one, other })
    })

    expect(findings).toEqual([])
  })

  it('is not there by the UUID of its project either', async () => {
    const findings: unknown[] = []
    await inTurn(
      routes.filter(({ template }) => template.startsWith(NATIVE)),
      async route => {
        const { method } = route
        const path = filled(route, '', beta.ids).replace('?projectName=', '')
        const ask = (activeprojectid: string): Promise<Answer> =>
          callAs(test, tokens.person, { method, path, headers: { activeprojectid }, ...withBody(method) })
        const [theirs, none] = [await ask(beta.uuid), await ask(NOWHERE_UUID)]
        const [one, other] = [seen(theirs, [beta.uuid, 'beta']), seen(none, [NOWHERE_UUID])]
        if (theirs.status !== 404 || JSON.stringify(one) !== JSON.stringify(other))
          findings.push({ method, template: route.template, one, other })
      },
    )

    expect(findings).toEqual([])
  })

  it('is not there by the tenant header of the toolkit’s paths', async () => {
    const toolkit = /^\/((mps\/|rps\/|mps\/login\/)?api\/v1|device)\//
    const asked = routes.filter(
      ({ template }) => toolkit.test(template) && !/\/(authorize|health|version)$/.test(template),
    )
    expect(asked.length).toBeGreaterThan(150)
    const findings: unknown[] = []
    await inTurn(asked, async route => {
      const { method } = route
      const path = filled(route, '', beta.ids)
      const ask = (tenant: string): Promise<Answer> =>
        callAs(test, tokens.person, { method, path, headers: { 'x-tenant-id': tenant }, ...withBody(method) })
      const [theirs, none] = [await ask('beta'), await ask(NOWHERE)]
      const [one, other] = [seen(theirs, ['beta']), seen(none, [NOWHERE])]
      if (theirs.status !== 404 || JSON.stringify(one) !== JSON.stringify(other))
        findings.push({ method, template: route.template, one, other })
    })

    expect(findings).toEqual([])
  })

  it('is not there by its ids on one’s own paths', async () => {
    const ghost = ghosts(beta.ids)
    const findings: unknown[] = []
    const asked = routes
      .filter(isOfProject)
      .filter(route => filled(route, 'alpha', beta.ids) !== filled(route, 'alpha', ghost))
    expect(asked.length).toBeGreaterThan(200)
    await inTurn(asked, async route => {
      const { method } = route
      for (const body of bodiesFor(route)) {
        const ask = (ids: Ground['ids']): Promise<Answer> =>
          callAs(test, tokens.person, { method, path: filled(route, 'alpha', ids), ...body })
        const [theirs, none] = [await ask(beta.ids), await ask(ghost)]
        const [one, other] = [seen(theirs, Object.values(beta.ids)), seen(none, Object.values(ghost))]
        if (JSON.stringify(one) !== JSON.stringify(other))
          findings.push({ method, template: route.template, one, other })
      }
    })

    expect(findings).toEqual([])
  })

  it('has people, bindings and tokens that are not there either', async () => {
    const asked = routes.filter(({ template }) => /^\/v1\/access\/.*\{(person|binding|token)\}/.test(template))
    expect(asked.length).toBeGreaterThan(5)
    const ghost = ghosts(others.ids)
    const findings: unknown[] = []
    for (const route of asked) {
      const { method } = route
      const ask = (ids: Ground['ids']): Promise<Answer> =>
        callAs(test, tokens.person, { method, path: filled(route, '', ids), ...withBody(method) })
      const [theirs, none] = [await ask(others.ids), await ask(ghost)]
      const [one, other] = [seen(theirs, Object.values(others.ids)), seen(none, Object.values(ghost))]
      if (theirs.status < 400 || JSON.stringify(one) !== JSON.stringify(other))
        findings.push({ method, template: route.template, one, other })
    }

    expect(findings).toEqual([])
  })

  it('cannot be referred to', async () => {
    const ghost = ghosts(beta.ids)
    const findings: unknown[] = []
    for (const [path, , body] of firstObjects(alpha.ids)) {
      const own = body()
      for (const [member, value] of Object.entries(own)) {
        const kind = Object.entries(alpha.ids).find(([, id]) => id === value)?.[0]
        if (kind === undefined) continue
        const ask = (id: string): Promise<Answer> =>
          callAs(test, tokens.person, {
            method: 'POST',
            path: `/v1/projects/alpha/${path}`,
            body: { ...own, [member]: id },
          })
        const [theirs, none] = [await ask(beta.ids[kind]!), await ask(ghost[kind]!)]
        const [one, other] = [seen(theirs, [beta.ids[kind]!]), seen(none, [ghost[kind]!])]
        if (theirs.status < 400 || JSON.stringify(one) !== JSON.stringify(other))
          findings.push({ path, member, one, other })
      }
    }

    expect(findings).toEqual([])
  })

  it('is in no list, count, search or text that one may read', async () => {
    const secrets = [...Object.values(beta.ids), ...Object.values(others.ids), beta.uuid, 'beta']
    const findings: unknown[] = []
    const lists = routes.filter(({ method, template }) => method === 'GET' && template !== '/v1/events')
    await inTurn(lists, async route => {
      const path = filled(route, 'alpha', alpha.ids)
      const answer = await callAs(test, tokens.person, { method: 'GET', path })
      const found = secrets.filter(secret => answer.text.includes(secret))
      if (found.length > 0) findings.push({ path, found })
    })

    expect(findings).toEqual([])
    const search = await callAs(test, tokens.person, {
      method: 'GET',
      path: '/v1/projects/alpha/compute/hosts?filter=serialNumber%3D%22SN-beta%22',
    })
    expect(search.body).toMatchObject({ hosts: [], totalElements: 0 })
    const summary = await callAs(test, tokens.person, {
      method: 'GET',
      path: '/v1/projects/alpha/compute/hosts/summary',
    })
    const own = await callAs(test, tokens.person, { method: 'GET', path: '/v1/projects/alpha/compute/hosts' })
    expect(summary.body.total).toBe(own.body.totalElements)
  })

  it('is in no list of projects, organisations, bindings or audit', async () => {
    const get = (path: string): Promise<Answer> => callAs(test, tokens.person, { method: 'GET', path })
    expect((await get('/v1/projects')).body.map(({ name }: { name: string }) => name)).toEqual(['alpha'])
    expect((await get('/v1/audit?project=alpha')).body.chains).toEqual(['project:alpha'])
    for (const path of ['/v1/audit', '/v1/audit/export']) {
      const theirs = await get(`${path}?project=beta`)
      expect(seen(theirs, ['beta'])).toEqual(seen(await get(`${path}?project=${NOWHERE}`), [NOWHERE]))
      expect(theirs.status).toBe(404)
      expect((await get(`${path}?chain=project:beta`)).status).toBe(404)
      expect((await get(`${path}?chain=installation`)).status).toBe(403)
      expect((await get(`${path}?chain=project:alpha&custody=true`)).status).toBe(403)
    }
    expect((await get('/v1/system')).status).toBe(403)
    expect((await get('/v1/events?project=beta')).status).toBe(404)
  })

  it('is out of reach of its hosts, whatever they publish or listen to', async () => {
    const kinds = ['presence', 'result', 'reported/os', 'stream/x/up', 'command/power', 'desired/os', 'receipt']
    const join = await test.call('POST', '/v1/projects/alpha/enrollment/tokens', { uses: kinds.length })
    for (const kind of kinds) {
      const talker = await openWire(test, await enrollWire(test, { serial: `SN-${kind}` }, join.body.token))
      await talker.birth()
      const topic = `muster/1/beta/${beta.identity.host}/${kind}`
      talker.client.publish(topic, JSON.stringify({ state: 'online' }), { qos: 0 })
      const granted = await talker.client.subscribeAsync(topic, { qos: 1 }).then(
        grants => grants.map(({ qos }) => qos),
        () => [128],
      )
      expect([kind, ...granted]).toEqual([kind, 128])
      await talker.end()
    }
  })

  it('is as it was', async () => {
    expect(await rowsOf(test, 'beta')).toEqual(before)
  })

  function bodiesFor({ method, template }: Route): readonly { body?: object }[] {
    if (method === 'GET' || method === 'DELETE') return [{}]
    const folder = template.replace(/^\/v1\/projects\/\{projectName\}\//, '').replace(/\/\{resourceId\}$/, '')
    const known = firstObjects(alpha.ids).find(([path]) => path === folder)?.[2]()
    return known === undefined ? [{ body: {} }] : [{ body: {} }, { body: known }]
  }
})

describe('the stream of events', () => {
  it('tells of one’s own project and of no other', async () => {
    const ending = new AbortController()
    const response = await fetch(`${test.url}/v1/events`, {
      headers: { authorization: `Bearer ${tokens.person}` },
      signal: ending.signal,
    })
    const rename = (project: string, host: string): Promise<Answer> =>
      test.call('PATCH', `/v1/projects/${project}/compute/hosts/${host}`, { name: `renamed-in-${project}` })
    await rename('beta', beta.identity.host)
    await rename('alpha', alpha.identity.host)
    let text = ''
    for await (const part of response.body!) {
      text += Buffer.from(part).toString('utf8')
      if (text.includes(alpha.identity.host)) break
    }
    ending.abort()

    expect(text).toContain('host.changed')
    expect(text).not.toContain(beta.identity.host)
    expect(text).not.toContain('beta')
  })
})

describe('the audit', () => {
  it('takes no entry of somebody who may not enter the project, and so no change of theirs', async () => {
    const store = await kernelStore()
    const around = surroundings()
    const refused: string[] = []
    const audit = createAudit(store, testSigner(), { ...around, refused: code => void refused.push(code) })
    await store.change(async tx => {
      for (const name of ['alpha', 'beta']) await addProject(tx, { name, description: '' }, around)
    })
    const permissions = new Set(ROLES.admin)
    const grant = { id: 'b', role: 'admin', effect: 'allow', permissions, scope: { project: 'alpha' } } as const
    const somebody = { id: 'person-1', kind: 'person', name: 'a', role: 'none', via: 'token' } as const
    const entry = (project: string) => ({
      chain: projectChain(project),
      principal: { ...somebody, permissions: new Set<never>(), grants: [grant] },
      action: 'host.change',
      target: 'host-1',
      outcome: 'done' as const,
    })

    await store.change(tx => audit.append(tx, entry('alpha')))
    const attempt = store.change(async tx => {
      await tx
        .of<{ kernel_quotas: { project: string; quota: string; most: number } }>('beta')
        .insert('kernel_quotas', { quota: 'hosts', most: 0 })
        .execute()
      await audit.append(tx, entry('beta'))
    })

    await expect(attempt).rejects.toMatchObject({ code: 'not-found', status: 404 })
    expect(await audit.list('project:beta', 0, 10)).toEqual([])
    expect(refused).toEqual(['isolation-breach'])
    const told = await until(
      () => audit.list(INSTALLATION_CHAIN, 0, 10),
      entries => entries.length > 0,
    )
    expect(told).toMatchObject([{ action: 'isolation.breach', outcome: 'refused', detail: { chain: 'project:beta' } }])
    await store.close()
  })
})
