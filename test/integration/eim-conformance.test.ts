// SPDX-License-Identifier: Apache-2.0
/** The whole of EIM's northbound specification against ours: every path, verb, parameter, member and enum. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { enums, membersOf, misfits, type Operation, operations, schemas } from '../support/eim.ts'
import { firstObjects } from '../support/eim-objects.ts'

type Schema = {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly items?: Schema
}
type Described = {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

let controller: TestController
let paths: Readonly<Record<string, Readonly<Record<string, Described>>>>

beforeAll(async () => {
  controller = await startTestController()
  paths = (await controller.call('GET', '/openapi.json')).body.paths
})
afterAll(() => controller.stop())

/** The operation as our own description tells it; EIM's native paths are aliases and are tried live. */
const ours = ({ path, verb }: Operation): Described | undefined => paths[path]?.[verb.toLowerCase()]
const inProjects = operations.filter(({ path }) => path.startsWith('/v1/'))

describe('the description of our API', () => {
  it('has every path and verb of the specification, spelled as there', () => {
    const missing = inProjects.filter(operation => ours(operation) === undefined)

    expect(missing.map(({ verb, path }) => `${verb} ${path}`)).toEqual([])
    expect(inProjects.length).toBeGreaterThan(140)
  })

  it('takes every query parameter', () => {
    const missing = inProjects.flatMap(operation => {
      const names = new Set(ours(operation)?.parameters?.flatMap(each => (each.in === 'query' ? [each.name] : [])))
      return operation.query
        .filter(name => !names.has(name))
        .map(name => `${operation.verb} ${operation.path} ?${name}`)
    })

    expect(missing).toEqual([])
  })

  it('takes every member of every body, and requires none that the specification does not', () => {
    const findings = inProjects.flatMap(operation => {
      if (operation.body === undefined) return []
      const schema = bodyOf(operation)
      const say = (what: string) => `${operation.verb} ${operation.path}: ${what}`
      const taken = Object.keys(schema.properties ?? {})
      const members = Object.keys(membersOf(operation.body))
      const required = schemas[operation.body]?.required ?? []
      return [
        ...members.filter(name => !taken.includes(name)).map(name => say(`does not take ${name}`)),
        // A partial update requires nothing, whatever the specification's generator wrote.
        ...(schema.required ?? []).filter(name => !required.includes(name)).map(name => say(`requires ${name}`)),
      ]
    })

    expect(findings).toEqual([])
  })

  it('takes every value of every enum', () => {
    const findings = inProjects.flatMap(operation => {
      if (operation.body === undefined) return []
      const { properties = {} } = bodyOf(operation)
      return Object.entries(membersOf(operation.body)).flatMap(([name, { type }]) => {
        const wanted = enums[type]
        const schema = properties[name]
        if (wanted === undefined || schema === undefined) return []
        const taken = valuesOf(schema)
        // A member that is ignored may be described by anything that takes a text.
        if (taken.length === 0) return []
        return wanted.filter(value => !taken.includes(value)).map(value => `${operation.path} ${name}: ${value}`)
      })
    })

    expect([...new Set(findings)]).toEqual([])
  })
})

function bodyOf(operation: Operation): Schema {
  return ours(operation)?.requestBody?.content['application/json']?.schema ?? {}
}

function valuesOf({ enum: values, const: only, anyOf = [] }: Schema): readonly unknown[] {
  if (values !== undefined) return values
  return only !== undefined ? [only] : anyOf.flatMap(valuesOf)
}

const IDS: Readonly<Record<string, string>> = { regionId: 'region-00000000', projectName: 'default' }

describe('every operation of the specification', () => {
  it.each(operations.map(operation => [`${operation.verb} ${operation.path}`, operation] as const))(
    '%s is answered by a route of ours',
    async (_, { verb, path, query }) => {
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => IDS[name] ?? idFor(path))
      const project = query.includes('projectName') ? '?projectName=default' : ''
      const body = verb === 'GET' || verb === 'DELETE' ? undefined : {}
      const { status, body: answer } = await controller.call(verb, `${url}${project}`, body)

      expect(answer?.code, JSON.stringify(answer)).not.toBe('route-unknown')
      expect(status).toBeLessThan(500)
      expect([401, 403, 405]).not.toContain(status)
    },
  )
})

const PREFIXES: Readonly<Record<string, string>> = {
  hosts: 'host',
  instances: 'inst',
  os: 'os',
  operating_systems: 'os',
  regions: 'region',
  sites: 'site',
  single: 'singlesche',
  repeated: 'repeatedsche',
  customConfigs: 'customconfig',
  localAccounts: 'localaccount',
  providers: 'provider',
  workloads: 'workload',
  workload_members: 'workloadmember',
  os_update_policy: 'osupdatepolicy',
  'os-update-policies': 'osupdatepolicy',
  os_update_run: 'osupdaterun',
  'os-update-runs': 'osupdaterun',
  loggroups: 'telemetrygroup',
  metricgroups: 'telemetrygroup',
}

/** An id of the right kind that nothing has. */
function idFor(path: string): string {
  const before = path.split('/{resourceId}')[0]?.split('/') ?? []
  const kind = before.at(-1) ?? ''
  if (before.at(-2) === 'profiles') return 'telemetryprofile-00000000'
  if (before.at(-2) === 'groups') return 'telemetrygroup-00000000'
  return `${PREFIXES[kind] ?? kind}-00000000`
}

describe('a client made from the specification', () => {
  const base = '/v1/projects/default'
  const made: Record<string, string> = {}

  const firsts = firstObjects(made)

  it.each(firsts)('makes and reads back %s', async (path, schema, body) => {
    const created = await controller.call('POST', `${base}/${path}`, body())
    expect(created.status, created.text).toBe(200)
    expect(misfits(schema, created.body)).toEqual([])
    made[path] = created.body.resourceId
    const read = await controller.call('GET', `${base}/${path.replace('/register', '')}/${created.body.resourceId}`)

    expect(read.status).toBe(200)
    expect(misfits(schema, read.body)).toEqual([])
    // What clients read they send back whole; nothing in it may be refused.
    const put = operations.find(each => each.verb === 'PATCH' && each.path.endsWith(`${path}/{resourceId}`))
    if (put === undefined) return
    const back = await controller.call('PATCH', `${base}/${path}/${created.body.resourceId}`, read.body)
    expect(back.status, back.text).toBe(200)
  })

  it('lists each of them in the shape it knows', async () => {
    const lists = inProjects.filter(({ verb, answer }) => verb === 'GET' && answer?.startsWith('List'))
    for (const { path, answer = '' } of lists) {
      const url = path.replace('{projectName}', 'default').replace('{regionId}', made.regions ?? '')
      const { status, body } = await controller.call('GET', url)

      expect(status, url).toBe(200)
      expect(misfits(answer, body), url).toEqual([])
    }
    expect(lists.length).toBeGreaterThan(25)
  })

  it('deletes them in the opposite order and is answered with an empty object', async () => {
    for (const [path] of [...firsts].reverse()) {
      const url = `${base}/${path.replace('/register', '')}/${made[path]}`
      const { status, body, text } = await controller.call('DELETE', url)

      expect(status, `${url} ${text}`).toBe(200)
      expect(body).toEqual({})
      expect((await controller.call('GET', url)).status, url).toBe(404)
    }
  })
})
