// SPDX-License-Identifier: Apache-2.0
/** Requests that our own description allows, and the same with one place changed: never a 500, at any route. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type JsonSchema, mutated, valid } from '../support/arbitrary.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { firstObjects } from '../support/eim-objects.ts'
import { enrollWire } from '../support/wire-host.ts'

type Operation = {
  readonly verb: string
  readonly path: string
  readonly body: JsonSchema | undefined
  readonly query: readonly { readonly name: string; readonly schema: JsonSchema }[]
}

let test: TestController
let operations: readonly Operation[]
let ids: readonly string[]
let host: string

beforeAll(async () => {
  test = await startTestController()
  host = (await enrollWire(test)).host
  const made: Record<string, string> = {}
  for (const [path, , body] of firstObjects(made)) {
    const answer = await test.call('POST', `/v1/projects/default/${path}`, body())
    made[path] = answer.body.resourceId
  }
  ids = [...Object.values(made), host]
  const { paths } = (await test.call('GET', '/openapi.json')).body
  operations = Object.entries<any>(paths).flatMap(([path, verbs]) =>
    SKIPPED.some(each => path.includes(each))
      ? []
      : Object.entries<any>(verbs).map(([verb, { requestBody, parameters = [] }]) => ({
          verb: verb.toUpperCase(),
          path,
          body: requestBody?.content?.['application/json']?.schema,
          query: parameters.filter((each: any) => each.in === 'query'),
        })),
  )
})
afterAll(() => test.stop())

// These hang on by design, replace the database under the test, take away what the test signs in with, or are other
// people's API with tests of its own.
const SKIPPED = [
  '/v1/events',
  '/v1/system/restore',
  '/v1/access/tokens/',
  '/v1/session',
  '/api/v1',
  '/oob/mps',
  '/oob/rps',
]

/** Members that refer to things: mostly to something that is there, of whatever kind. */
function known(): Readonly<Record<string, readonly unknown[]>> {
  const references = [...ids, '', 'site-00000000']
  return Object.fromEntries(
    ['siteId', 'regionId', 'parentId', 'hostID', 'osID', 'instanceId', 'workloadId', 'targetHostId', 'targetSiteId']
      .concat(['targetRegionId', 'localAccountID', 'osUpdatePolicyID', 'targetOsId', 'logsGroupId', 'metricsGroupId'])
      .concat(['targetInstance', 'targetSite', 'targetRegion'])
      .map(name => [name, references]),
  )
}

function request(operation: Operation) {
  const query = fc.record(Object.fromEntries(operation.query.map(each => [each.name, valid(each.schema)])), {
    requiredKeys: [],
  })
  const body = operation.body === undefined ? fc.constant(undefined) : valid(operation.body, known())
  const names = fc.array(fc.constantFrom(...ids), { minLength: 3, maxLength: 3 })
  return fc.record({ query, body, names })
}

type Sent = { readonly query: object; readonly body: unknown; readonly names: readonly string[] }

async function send({ verb, path }: Operation, { query, body, names }: Sent) {
  let at = 0
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    if (name === 'project' || name === 'projectName') return 'default'
    if (name === 'host') return host
    const fitting = ids.find(id => id.startsWith(prefixOf(path)))
    return encodeURIComponent(at++ === 0 ? (fitting ?? names[0] ?? '') : (names[at] ?? ''))
  })
  const text = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString()
  return test.call(verb, `${filled}${text === '' ? '' : `?${text}`}`, verb === 'GET' ? undefined : body)
}

/** `…/regions/{resourceId}` is about regions; the guess need not be right. */
function prefixOf(path: string): string {
  const noun = path.split('/{')[1]?.includes('/') === true ? path.split('/').at(-2) : path.split('/').at(-2)
  return (noun ?? '').replace(/s$/, '').slice(0, 4)
}

describe('every described operation', () => {
  it('answers what the description allows with a status below 500', async () => {
    expect(operations.length).toBeGreaterThan(100)
    // Deleting comes last, so that the others find something.
    const order = [...operations].sort((a, b) => Number(a.verb === 'DELETE') - Number(b.verb === 'DELETE'))
    for (const operation of order) {
      await fc.assert(
        fc.asyncProperty(request(operation), async sent => expectSound(operation, sent)),
        { numRuns: 6 },
      )
    }
  }, 120_000)

  it('answers the same with one place changed no worse', async () => {
    for (const operation of operations.filter(each => each.body !== undefined)) {
      const sent = request(operation).chain(whole => mutated(whole.body).map(body => ({ ...whole, body })))
      await fc.assert(
        fc.asyncProperty(sent, async each => expectSound(operation, each)),
        { numRuns: 12 },
      )
    }
  }, 120_000)
})

async function expectSound(operation: Operation, sent: Sent): Promise<void> {
  const answer = await send(operation, sent)
  const told = `${operation.verb} ${operation.path} ${JSON.stringify(sent)} ${answer.status} ${answer.text.slice(0, 300)}`
  expect(answer.status, told).toBeLessThan(500)
  if (answer.status >= 400) expect(answer.body, told).toMatchObject({ status: answer.status, code: expect.any(String) })
}
