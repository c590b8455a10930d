// SPDX-License-Identifier: Apache-2.0
/** Wrong input at every route: a problem with a code and a next step, never a stack, never a 500. */
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../controller/system/clock.ts'
import { startTestController, type TestController } from '../support/controller.ts'
import { raw } from '../support/raw-http.ts'
import { enrollWire } from '../support/wire-host.ts'

let test: TestController
let host: string
/** Two requests that take their time, in head and in body; they are looked at last. */
let slow: readonly Promise<Ended>[]
beforeAll(async () => {
  test = await startTestController()
  host = (await enrollWire(test)).host
  slow = [
    dripping(`POST /v1/projects/default/regions HTTP/1.1\r\n${TYPED}content-length: 9999\r\n${signed()}\r\n`),
    dripping(`GET /healthz HTTP/1.1\r\n${signed()}x: `),
  ]
})
afterAll(() => test.stop())

const TYPED = 'content-type: application/json\r\n'
const signed = (): string => `host: localhost\r\nauthorization: Bearer ${test.token}\r\n`
type Ended = { readonly text: string; readonly tookMs: number }

/** Goes on with ten bytes a second for as long as the server lets it. */
function dripping(begin: string): Promise<Ended> {
  const { hostname, port } = new URL(test.url)
  return new Promise(resolve => {
    const socket = connect({ host: hostname, port: Number(port) })
    const start = performance.now()
    let text = ''
    socket.write(begin)
    const drip = setInterval(() => socket.write('x'.repeat(10)), 1_000)
    socket.on('data', part => {
      text += part
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearInterval(drip)
      resolve({ text, tookMs: performance.now() - start })
    })
  })
}

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${test.url}/v1/projects/default/enrollment/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${test.token}`, 'content-type': 'application/json', ...headers },
    body,
  })

describe('hostile JSON', () => {
  it.each([
    ['a body cut short', '{"a":', 400, 'invalid-json'],
    ['an empty body', '', 400, 'invalid-json'],
    ['__proto__', '{"__proto__":{"x":1}}', 400, 'invalid-json'],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}', 400, 'invalid-json'],
    ['an unknown member', '{"colour":"red"}', 400, 'invalid'],
    ['text for a number', '{"uses":"1"}', 400, 'invalid'],
    ['a number for text', '{"note":1}', 400, 'invalid'],
    ['an infinite number', '{"uses":1e400}', 400, 'invalid'],
    ['a number past 2^53', '{"uses":9007199254740993}', 400, 'invalid'],
    ['a negative zero', '{"uses":-0}', 400, 'invalid'],
    ['half a character', '{"note":"a\\ud800b"}', 400, 'invalid'],
    ['the character U+0000', '{"note":"a\\u0000b"}', 400, 'invalid'],
    ['half a character in a name', '{"\\udfff":1}', 400, 'invalid'],
    ['20,000 brackets', `{"labels":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'invalid'],
    [
      'too many labels',
      JSON.stringify({ labels: Array.from({ length: 101 }, (_, at) => ({ key: `k${at}`, value: '' })) }),
      400,
      'invalid',
    ],
    ['a label key of 64 characters', JSON.stringify({ labels: [{ key: 'k'.repeat(64), value: '' }] }), 400, 'invalid'],
    ['an array where an object belongs', '[]', 400, 'invalid'],
    ['null', 'null', 400, 'invalid'],
    ['more than 64 KB', JSON.stringify({ note: 'x'.repeat(70_000) }), 413, 'body-too-large'],
  ])('%s is answered %#', async (_, body, status, code) => {
    const answer = await post(body)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(await answer.json()).toMatchObject({ status, code })
    expect(({} as any).x).toBeUndefined()
  })

  it('of another media type is refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect((await post('{}', { 'content-type': type })).status).toBe(415)
    }
  })

  it('in a coding is refused, also when the header is not true', async () => {
    for (const body of [gzipSync('{}'), '{}']) {
      const answer = await fetch(`${test.url}/v1/projects/default/regions`, {
        method: 'POST',
        headers: {
          ...{ authorization: `Bearer ${test.token}`, 'content-type': 'application/json' },
          'content-encoding': 'gzip',
        },
        body,
      })
      expect([answer.status, await answer.json()]).toMatchObject([415, { code: 'unsupported-media-type' }])
    }
  })

  it('is the same for what the schema leaves open: read-only members, and content of any shape', async () => {
    const path = `/v1/projects/default/compute/hosts/${host}`
    for (const odd of ['"\\ud800"', '"\\u0000"', '-0', '9007199254740993', '1e400', '{"\\ud800":1}', deep]) {
      for (const [method, url, body] of [
        ['PATCH', path, `{"note":"x","provider":{"a":[${odd}]}}`],
        ['PUT', `${path}/sections/os/desired`, `{"content":{"a":[${odd}]}}`],
        ['POST', `${path}/commands`, `{"section":"power","name":"reboot","input":{"a":[${odd}]}}`],
      ] as const) {
        const answer = await sent(method, url, { body, headers: { 'idempotency-key': 'odd' } })
        expect([method, odd.slice(0, 20), answer.status]).toEqual([method, odd.slice(0, 20), 400])
        expect(answer.body).toMatchObject({ code: 'invalid' })
      }
    }
  })

  it('has labels within EIM’s limits', async () => {
    const labels = (...items: { key: string; value: string }[]) => ({ metadata: items })
    const many = Array.from({ length: 101 }, (_, at) => ({ key: `k${at}`, value: 'v' }))
    for (const [path, body] of [
      ['/compute/hosts/register', { name: 'h', serialNumber: 'LABEL001' }],
      ['/regions', { name: 'r' }],
      ['/sites', { name: 's' }],
    ] as const) {
      const post = (metadata: object) => test.call('POST', `/v1/projects/default${path}`, { ...body, ...metadata })
      for (const wrong of [
        labels({ key: 'k'.repeat(64), value: '' }),
        labels({ key: 'k', value: 'v'.repeat(257) }),
        labels({ key: 'k', value: 'v'.repeat(64) }),
        labels({ key: '', value: '' }),
        labels({ key: 'K', value: '' }),
        labels({ key: `${'p'.repeat(254)}/k`, value: '' }),
        labels({ key: 'k', value: '1' }, { key: 'k', value: '2' }),
        labels(...many),
      ])
        expect([path, (await post(wrong)).status]).toEqual([path, 400])
      const most = labels({ key: `${'p'.repeat(252)}/${'k'.repeat(63)}`, value: 'v'.repeat(63) }, ...many.slice(2))
      expect(await post(most)).toMatchObject({ status: 200, body: most })
    }
  })

  it('names the place of each fault by a pointer', async () => {
    const body = await (await post('{"uses":0,"expiresInMs":1}')).json()
    expect((body as any).fields.findings.map((each: any) => each.pointer)).toEqual(['/body/uses', '/body/expiresInMs'])
  })
})

const deep = '['.repeat(5_000) + ']'.repeat(5_000)

/** A body as it is written here. */
async function sent(method: string, path: string, { body, headers = {} }: { body?: string; headers?: object }) {
  const answer = await fetch(`${test.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${test.token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return { status: answer.status, body: await answer.json() }
}

describe('hostile HTTP', () => {
  it('with two lengths is closed', async () => {
    const text = await raw(
      test.url,
      'POST /v1/setup HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    )
    expect(text).toMatch(/^HTTP\/1\.1 400/)
  })

  it('with huge headers is refused', async () => {
    expect(await raw(test.url, `GET /healthz HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431/,
    )
  })

  it('with a path of 100 KB is refused', async () => {
    expect(await raw(test.url, `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 4(14|31)/,
    )
  })

  it('under another name is misdirected', async () => {
    const text = await raw(test.url, 'GET /healthz HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n')
    expect(text).toMatch(/^HTTP\/1\.1 421/)
    expect(text).toContain('unknown-host-name')
  })

  it('pays no heed to a forwarded address', async () => {
    await fetch(`${test.url}/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6' },
      body: '{"secret":"x","name":"eve"}',
    })
    await test.call(
      'PATCH',
      `/v1/projects/default/compute/hosts/${host}`,
      { note: 'n' },
      { 'x-forwarded-for': '6.6.6.6' },
    )
    expect(JSON.stringify((await test.call('GET', '/v1/audit')).body)).not.toContain('6.6.6.6')
  })

  it('in a burst gets 429 with Retry-After, and others are served', async () => {
    const strict = await startTestController({ config: { http: { requestsPerMinute: { person: 50, address: 20 } } } })
    const answers = await Promise.all(Array.from({ length: 200 }, () => strict.call('GET', '/v1/me')))
    const limited = answers.filter(answer => answer.status === 429)
    expect(limited.length).toBeGreaterThan(100)
    expect(Number(limited[0]!.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limited[0]!.body.code).toBe('too-many-requests')
    expect((await fetch(`${strict.url}/healthz`)).status).toBe(200)
    await strict.stop()
  })
})

describe('credentials', () => {
  it.each([
    ['none', {}],
    ['a made-up token', { authorization: 'Bearer muster_pat_nothing' }],
    ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['an empty one', { authorization: 'Bearer ' }],
    ['a very long one', { authorization: `Bearer muster_pat_${'x'.repeat(8_000)}` }],
  ])('%s is not signed in', async (_, headers) => {
    const answer = await fetch(`${test.url}/v1/me`, { headers })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ code: 'not-signed-in' })
  })

  it('a token is none once its time is over', async () => {
    let later = 0
    const clock = { ...realClock, now: () => realClock.now() + later }
    const strange = await startTestController({ clock })
    const { body } = await strange.call('POST', '/v1/access/tokens', {
      ...{ name: 'brief', role: 'viewer', expiresInMs: 3_600_000 },
    })
    const status = async (): Promise<number> =>
      (await fetch(`${strange.url}/v1/me`, { headers: { authorization: `Bearer ${body.token}` } })).status

    expect(await status()).toBe(200)
    later = 3_600_001
    expect(await status()).toBe(401)
    await strange.stop()
  })

  it('a one-time link works once', async () => {
    const secret = (await test.controller.setupLink()).split('#')[1]
    const use = () =>
      fetch(`${test.url}/v1/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret, name: 'anna' }),
      })
    const both = await Promise.all([use(), use()])
    expect(both.map(answer => answer.status).sort()).toEqual([201, 401])
  })

  it('a viewer may look and not touch', async () => {
    const { body } = await test.call('POST', '/v1/access/tokens', {
      name: 'wall screen',
      role: 'viewer',
      expiresInMs: 3_600_000,
    })
    const as = (method: string, path: string, sent?: unknown) =>
      fetch(`${test.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${body.token}`,
          ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      })
    expect((await as('GET', `/v1/projects/default/compute/hosts/${host}`)).status).toBe(200)
    for (const [method, path, sent] of [
      ['PATCH', `/v1/projects/default/compute/hosts/${host}`, { name: 'x' }],
      ['DELETE', `/v1/projects/default/compute/hosts/${host}`],
      ['POST', `/v1/projects/default/compute/hosts/${host}/commands`, { section: 'power', name: 'reboot' }],
      ['PUT', `/v1/projects/default/compute/hosts/${host}/sections/os/desired`, { content: {} }],
      ['GET', '/v1/audit'],
      ['GET', '/v1/system/backup'],
      ['POST', '/v1/access/tokens', { name: 'x', role: 'admin', expiresInMs: 3_600_000 }],
    ] as const) {
      const answer = await as(method, path, sent)
      expect([method, path, answer.status]).toEqual([method, path, 403])
    }
  })
})

type Operation = { method: string; path: string; body: any; query: any[] }

describe('every route', () => {
  const operations = async (): Promise<Operation[]> => {
    const { paths } = (await test.call('GET', '/openapi.json')).body
    // Second paths of EIM lead to the same routes.
    const first = (operation: any): boolean => operation.deprecated !== true
    return Object.entries<any>(paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods)
        .filter(([, operation]) => first(operation))
        .map(([method, operation]) => ({
          method: method.toUpperCase(),
          path: path
            .replace('{projectName}', '{project}')
            .replace('compute/hosts/{resourceId}', 'compute/hosts/{host}'),
          body: operation.requestBody?.content?.['application/json']?.schema,
          query: (operation.parameters ?? []).filter((each: any) => each.in === 'query'),
        })),
    )
  }
  /** These fail in the form that clients of MPS and RPS know. */
  const isToolkit = (path: string): boolean =>
    /^\/(api|mps|rps|device)\//.test(path) || /^\/v1\/projects\/\{project\}\/oob\/(mps|rps)\//.test(path)
  // These hang on by design, or replace the database under the test.
  const skipped = new Set(['/v1/events', '/v1/system/restore'])

  it('answers anything with a status below 500 and, where it refuses, a problem with a code', async () => {
    const all = (await operations()).filter(each => !skipped.has(each.path))
    expect(all.length).toBeGreaterThan(30)
    const texts = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom(
        host,
        'default',
        'host-00000000',
        '01ARZ3NDEKTSV4RRFFQ69G5FAV',
        '../..',
        '%00',
        '%',
        "';drop table kernel_hosts;--",
        'power',
        '💥',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.infiniteStream(texts),
        fc.option(fc.jsonValue(), { nil: undefined }),
        async (operation, stream, json) => {
          const next = () => stream.next().value as string
          // A client walks these before it asks (RFC 3986 §5.2.4), and then asks for another route.
          const segment = () => encodeURIComponent(next()).replace(/^\.{1,2}$/, 'dots')
          const path = operation.path.replace(/\{\w+\}/g, name =>
            name === '{project}' && Math.random() < 0.8
              ? 'default'
              : name === '{host}' && Math.random() < 0.5
                ? host
                : segment(),
          )
          const query = operation.query.map(each => `${each.name}=${encodeURIComponent(next())}`).join('&')
          const body = operation.body === undefined || operation.method === 'GET' ? undefined : json
          const answer = await test.call(operation.method, `${path}${query === '' ? '' : `?${query}`}`, body)
          expect([operation.method, path, answer.status, answer.text.slice(0, 300)]).toSatisfy(
            ([, , status]: any) => status < 500,
          )
          if (answer.status >= 400) {
            if (isToolkit(operation.path))
              expect(answer.text, `${operation.method} ${path}`).toMatch(/^$|"(error|errors|Body|version)":/)
            else
              expect(answer.body).toMatchObject({
                status: answer.status,
                code: expect.any(String),
                title: expect.any(String),
              })
            expect(answer.text).not.toMatch(/\bat .*\.[jt]s:\d+|SQLITE|node_modules|SELECT /)
          }
        },
      ),
      { numRuns: 600 },
    )
  }, 60_000)

  it('answers a valid body with one member changed the same way', async () => {
    const all = (await operations()).filter(each => each.body?.properties !== undefined && !skipped.has(each.path))
    for (const operation of all) {
      for (const member of Object.keys(operation.body.properties)) {
        for (const value of [null, -1, 1e308, '', 'x'.repeat(5_000), [], {}, [[[[]]]], true, { __x: 1 }]) {
          const path = operation.path
            .replaceAll('{project}', 'default')
            .replaceAll('{host}', host)
            .replace(/\{\w+\}/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV')
          const answer = await test.call(operation.method, path, { [member]: value })
          expect([operation.method, path, member, answer.status < 500]).toEqual([operation.method, path, member, true])
        }
      }
    }
  }, 120_000)

  it('says who may call it', async () => {
    const { paths } = (await test.call('GET', '/openapi.json')).body
    const open = Object.entries<any>(paths).flatMap(([path, methods]) =>
      Object.entries<any>(methods).flatMap(([method, operation]) =>
        operation['x-permission'] === undefined ? [`${method} ${path}`] : [],
      ),
    )
    const toolkit = [
      ...['/api/v1', '/mps/api/v1'].flatMap(each => [
        `get ${each}/health`,
        `get ${each}/version`,
        `post ${each}/authorize`,
      ]),
      'post /mps/login/api/v1/authorize',
      ...['/api/v1/admin', '/rps/api/v1/admin'].flatMap(each => [`get ${each}/health`, `get ${each}/version`]),
    ]
    expect(open.filter(each => isToolkit(each.split(' ')[1] ?? '')).sort()).toEqual(toolkit.sort())
    expect(open.filter(each => !isToolkit(each.split(' ')[1] ?? '')).sort()).toEqual([
      'get /enroll/v1/nonce',
      'get /enroll/v1/trust',
      'get /healthz',
      'get /readyz',
      'get /v1/session/oidc/{provider}/callback',
      'get /v1/session/oidc/{provider}/start',
      'post /enroll/v1/leave',
      'post /enroll/v1/rejoin',
      'post /enroll/v1/renew',
      'post /enroll/v1/requests',
      'post /enroll/v1/requests/{request}',
      'post /enroll/v1/time',
      'post /v1/access/invites',
      'post /v1/session',
      'post /v1/setup',
    ])
  })
})

describe('a request that takes its time', () => {
  it('is given thirty seconds for all of it, and ten for its head', { timeout: 60_000 }, async () => {
    const [body, head] = await Promise.all(slow)
    expect(head?.text).toMatch(/^(HTTP\/1\.1 408 |$)/)
    expect(head?.tookMs).toBeLessThan(15_000)
    expect(body?.text).toMatch(/^(HTTP\/1\.1 (408|400) |$)/)
    expect(body?.tookMs).toBeLessThan(36_000)
    expect((await test.call('GET', '/v1/me')).status).toBe(200)
  })
})
