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
let host: string
/** Ids of things that are there, by the collection they stand in. */
const made: Record<string, string> = {}
let ids: readonly string[]
/** Of what was there and is not any more. */
let gone: string

/** More of it hunts; what is left here notices when something comes undone. */
const RUNS = Number(process.env.DESCRIBED_RUNS ?? 15)

beforeAll(async () => {
  test = await startTestController()
  host = (await enrollWire(test)).host
  for (const [path, , body] of firstObjects(made)) {
    const answer = await test.call('POST', `/v1/projects/default/${path}`, body())
    expect(answer.status, answer.text).toBe(200)
    made[path] = answer.body.resourceId
  }
  const leaving = await test.call('POST', '/v1/projects/default/sites', { name: 'gone' })
  gone = leaving.body.resourceId
  await test.call('DELETE', `/v1/projects/default/sites/${gone}`)
  ids = [...Object.values(made), host, gone]
  const { paths } = (await test.call('GET', '/openapi.json')).body
  operations = Object.entries<any>(paths).flatMap(([path, verbs]) =>
    SKIPPED.some(each => path.includes(each))
      ? []
      : Object.entries<any>(verbs)
          // Second paths of EIM lead to the same routes.
          .filter(([, { deprecated }]) => deprecated !== true)
          .map(([verb, { requestBody, parameters = [] }]) => ({
            verb: verb.toUpperCase(),
            path,
            body: requestBody?.content?.['application/json']?.schema,
            query: parameters.filter((each: any) => each.in === 'query'),
          })),
  )
})
afterAll(() => test.stop())

// These hang on by design, replace the database under the test, take away what the test signs in with or has room for,
// or are other people's API with tests of its own.
const SKIPPED = [
  ...['/v1/events', '/v1/system/restore', '/v1/access/tokens/', '/v1/session', '/quotas'],
  ...['/api/v1', '/device/', '/mps/', '/rps/', '/oob/mps', '/oob/rps'],
]

const CRON = ['*', '0', '29', '30', '31', '2', '4', '7', '59', '29,30,31', '*/5', '5-1']
const SECONDS = [0, -1, 1, 4_102_444_800, 253_402_300_799, 2 ** 31 - 1]

/** Members that refer to things, mostly to something that is there, of whatever kind; and times that there are not. */
function known(): Readonly<Record<string, readonly unknown[]>> {
  const references = [...ids, '', 'site-00000000']
  const names = [
    ...['siteId', 'regionId', 'parentId', 'hostID', 'osID', 'instanceId', 'workloadId', 'targetHostId', 'targetSiteId'],
    ...['targetRegionId', 'localAccountID', 'osUpdatePolicyID', 'targetOsId', 'logsGroupId', 'metricsGroupId'],
    ...['targetInstance', 'targetSite', 'targetRegion', 'resourceId'],
  ]
  return {
    ...Object.fromEntries(names.map(name => [name, references])),
    ...Object.fromEntries(['Minutes', 'Hours', 'DayMonth', 'Month', 'DayWeek'].map(name => [`cron${name}`, CRON])),
    ...{ startSeconds: SECONDS, endSeconds: SECONDS, durationSeconds: [...SECONDS, 86_400] },
    timeZone: ['UTC', 'Africa/Monrovia', 'Australia/Lord_Howe', 'Etc/GMT+12', 'GMT+25', '../etc/passwd', ''],
  }
}

const FIELDS = [
  'name',
  'resourceId',
  'metadata',
  'metadata.a.b',
  'site.region.name',
  'createdAt',
  'hostStatus',
  'toString',
]
const TEXTS = [
  ...[
    '',
    ' ',
    '0',
    '1',
    '20',
    '501',
    '-1',
    '1e9',
    '1.5',
    '9007199254740993',
    'NaN',
    '%',
    '\0',
    '💥',
    '__proto__',
    ',',
    "'",
  ],
  ...FIELDS,
  ...FIELDS.flatMap(name =>
    ['= "x"', '!= ""', '> 5', ': *', '< "2026-01-01T00:00:00Z"'].map(more => `${name} ${more}`),
  ),
  ...FIELDS.flatMap(name => [`${name} desc`, `has(${name})`, `NOT (${name} = 1) OR x`]),
  ...['W10', 'bnVsbA', 'WyJ4IixudWxsXQ', '2026-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', 'name,'.repeat(60)],
]

function request(operation: Operation) {
  const query = fc.record(
    Object.fromEntries(
      operation.query.map(({ name, schema }) => [name, fc.oneof(valid(schema).map(String), fc.constantFrom(...TEXTS))]),
    ),
    { requiredKeys: [] },
  )
  const body = operation.body === undefined ? fc.constant(undefined) : valid(operation.body, known())
  const names = fc.array(fc.option(fc.constantFrom(...ids, ...TEXTS), { freq: 4, nil: undefined }), {
    minLength: 3,
    maxLength: 3,
  })
  return fc.record({ query, body, names })
}

type Sent = {
  readonly query: Readonly<Record<string, string | undefined>>
  readonly body: unknown
  /** In place of the ids that fit. */
  readonly names: readonly (string | undefined)[]
}

async function send({ verb, path }: Operation, { query, body, names }: Sent) {
  const segments = path.split('/')
  const filled = segments.map((segment, at) => {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1]
    if (name === undefined) return segment
    if (name === 'project' || name === 'projectName') return 'default'
    const odd = names[at % names.length]
    return encodeURIComponent(odd ?? (name === 'host' ? host : fitting(segments.slice(0, at))))
  })
  const text = new URLSearchParams(query as Record<string, string>).toString().replace(/%EF%BF%BD/g, 'x')
  return test.call(verb, `${filled.join('/')}${text === '' ? '' : `?${text}`}`, verb === 'GET' ? undefined : body)
}

/** Behind `…/regions` comes the id of a region. */
function fitting(folder: readonly string[]): string {
  const collection = Object.keys(made).find(each => folder.join('/').endsWith(`/${each.replace('/register', '')}`))
  return (collection === undefined ? undefined : made[collection]) ?? ids[0] ?? ''
}

describe('every described operation', () => {
  it('answers what the description allows with a status below 500', { timeout: 3_600_000 }, async () => {
    expect(operations.length).toBeGreaterThan(150)
    // Deleting comes last, so that the others find something.
    for (const operation of operations.filter(each => each.verb !== 'DELETE')) {
      await fc.assert(
        fc.asyncProperty(request(operation), async sent => expectSound(operation, sent)),
        { numRuns: RUNS },
      )
    }
  })

  it('answers the same with one place changed no worse', { timeout: 3_600_000 }, async () => {
    for (const operation of operations.filter(each => each.body !== undefined)) {
      const sent = request(operation).chain(whole => mutated(whole.body).map(body => ({ ...whole, body })))
      await fc.assert(
        fc.asyncProperty(sent, async each => expectSound(operation, each)),
        { numRuns: 2 * RUNS },
      )
    }
  })

  it('is still as readable as before, and then goes in any order', { timeout: 600_000 }, async () => {
    for (const path of Object.keys(made)) {
      const folder = `/v1/projects/default/${path.replace('/register', '')}`
      const { status, text } = await test.call('GET', `${folder}?pageSize=500`)
      expect(status, `${folder} ${text.slice(0, 300)}`).toBe(200)
    }
    for (const operation of operations.filter(each => each.verb === 'DELETE')) {
      await fc.assert(
        fc.asyncProperty(request(operation), async sent => expectSound(operation, sent)),
        { numRuns: RUNS },
      )
    }
  })
})

async function expectSound(operation: Operation, sent: Sent): Promise<void> {
  const answer = await send(operation, sent)
  const told = `${operation.verb} ${operation.path} ${JSON.stringify(sent)} ${answer.status} ${answer.text.slice(0, 300)}`
  expect(answer.status, told).toBeLessThan(500)
  if (answer.status < 400) return
  expect(answer.body, told).toMatchObject({ status: answer.status, code: expect.any(String) })
  expect(answer.text, told).not.toMatch(/\bat .*\.[jt]s:\d+|SQLITE|node_modules|SELECT /)
}
