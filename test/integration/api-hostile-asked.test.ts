// SPDX-License-Identifier: Apache-2.0
/** Lists asked for in ways that mean nothing, and paths that lead nowhere: refused in time, by a problem. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { spentMs } from '../support/effort.ts'
import { raw } from '../support/raw-http.ts'
import { enrollWire } from '../support/wire-host.ts'

let test: TestController
let host: string
beforeAll(async () => {
  test = await startTestController()
  host = (await enrollWire(test)).host
})
afterAll(() => test.stop())

describe('hostile lists', () => {
  const P = '/v1/projects/default'
  it.each([
    ['an unknown member', { filter: 'colour = "red"' }],
    ['a way out of a filter', { filter: 'name;drop table' }],
    ['an injection in a filter', { filter: "name = 'x'; drop table kernel_hosts" }],
    ['an injection in an order', { orderBy: 'name;drop table' }],
    ['an order by SQL', { orderBy: '(select 1)' }],
    ['an order by 1,000 members', { orderBy: Array(1_000).fill('name').join(',') }],
    ['an order by members of every object', { orderBy: 'constructor' }],
    ['a filter by members of every object', { filter: '__proto__ = 1' }],
    ['a filter of 3 KB', { filter: 'x'.repeat(3_072) }],
    ['5,000 brackets', { filter: '('.repeat(5_000) }],
    ['2,000 brackets', { filter: '('.repeat(2_000) }],
    ['1,000 times NOT', { filter: 'NOT '.repeat(500) }],
    ['a pattern', { filter: `name.matches('^(a+)+$')` }],
    ['a function', { filter: `matches(name)` }],
    ['text that does not end', { filter: 'name = "x' }],
    ['U+0000', { filter: 'name = "\0"' }],
    ['no page', { pageSize: '0' }],
    ['too large a page', { pageSize: '501' }],
    ['a page of nothing', { pageSize: '' }],
    ['half a page', { pageSize: '1.5' }],
    ['a negative offset', { offset: '-1' }],
    ['an endless offset', { offset: '1e400' }],
    ['a cursor of nobody', { cursor: 'x' }],
    ['a cursor of null', { cursor: 'bnVsbA' }],
    ['a parameter that nobody knows', { color: 'red' }],
    ['a parameter with brackets', { 'filter[a]': 'x' }],
  ])('%s is refused, and quickly', async (_, query) => {
    for (const path of [`${P}/compute/hosts`, `${P}/regions`, `${P}/compute/instances`, `${P}/schedules/single`]) {
      const start = spentMs()
      const answer = await test.call('GET', `${path}?${new URLSearchParams(query)}`)
      expect([path, answer.status]).toEqual([path, 400])
      expect(answer.body).toMatchObject({ code: expect.stringMatching(/^(invalid|.*-invalid|bad-request)$/) })
      expect(spentMs() - start).toBeLessThan(500)
    }
  })

  it('with a parameter twice are refused, and end behind their end', async () => {
    for (const twice of [
      'filter=a&filter=b',
      'pageSize=1&pageSize=2',
      'cursor=a&cursor=b',
      'orderBy=name&orderBy=name',
    ])
      for (const path of ['compute/hosts', 'regions'])
        expect((await test.call('GET', `${P}/${path}?${twice}`)).status).toBe(400)
    const { status, body } = await test.call('GET', `${P}/compute/hosts?offset=1000000000`)
    expect({ status, hosts: body.hosts, hasNext: body.hasNext }).toEqual({ status: 200, hosts: [], hasNext: false })
  })

  it('take a cursor with any place changed as none or as a position, never as a fault', async () => {
    for (const name of ['a', 'b', 'c']) {
      await test.call('POST', `${P}/regions`, { name })
      await test.call('POST', `${P}/compute/hosts`, { name })
    }
    for (const path of ['regions', 'compute/hosts']) {
      const query = `orderBy=name,createdAt%20desc&pageSize=1`
      const { nextCursor } = (await test.call('GET', `${P}/${path}?${query}`)).body
      const [tag, ...position] = JSON.parse(Buffer.from(nextCursor, 'base64url').toString())
      const odd = [null, '', 'x', '\0', -1, 1e300, 1.5, 2 ** 53, true, {}, [], '💥', '\ud800', "'"]
      for (const at of [...position.keys(), -1]) {
        for (const value of odd) {
          const parts = at < 0 ? [value, ...position] : [tag, ...position.with(at, value)]
          const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url')
          const { status } = await test.call('GET', `${P}/${path}?${query}&cursor=${cursor}`)
          expect([path, at, value, status === 200 || status === 400]).toEqual([path, at, value, true])
        }
      }
    }
  })
})

describe('hostile paths', () => {
  const P = '/v1/projects/default'
  const get = (path: string, more = '', method = 'GET') =>
    raw(
      test.url,
      `${method} ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${test.token}\r\n${more}connection: close\r\n\r\n`,
    )

  it.each([
    ['a broken escape', `${P}/regions/%zz`, 400],
    ['bytes that are no text', `${P}/regions/%ff%fe`, 400],
    ['a broken escape for a project', '/v1/projects/%zz/regions', 400],
    ['a broken escape on EIM’s other path', '/edge-infra.orchestrator.apis/v2/regions/%zz?projectName=default', 400],
    ['a broken project in the query', '/edge-infra.orchestrator.apis/v2/regions?projectName=%zz', 400],
    ['a way out in the query', '/edge-infra.orchestrator.apis/v2/regions?projectName=..%2f..%2fv1', 400],
    ['U+0000', `${P}/regions/%00`, 400],
    ['an encoded slash', `${P}/regions/a%2fb`, 404],
    ['an encoded way out', `${P}/regions/..%2f..%2fregions`, 404],
    ['two slashes', `${P}//regions`, 404],
    ['an id in capitals', `${P}/regions/REGION-00000000`, 404],
    ['an id of another kind', `${P}/regions/site-00000000`, 404],
    ['an id of 300 characters', `${P}/regions/${'a'.repeat(300)}`, 414],
  ])('%s is answered %#', async (_, path, status) => {
    const text = await get(path)
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text.toLowerCase()).toContain('content-type: application/problem+json')
    expect(text.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(text).toMatch(/"code":"[a-z-]+"/)
  })

  it.each(['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE', 'QUERY'])('%s is answered and ends', async method => {
    for (const path of [
      `${P}/regions`,
      `${P}/compute/hosts/${host}`,
      '/v1/events',
      '/healthz',
      `${P}/compute/hosts/export`,
    ])
      expect(await get(path, '', method)).toMatch(/^HTTP\/1\.1 (200|400|404|405|501) /)
  })

  it('with 100 cookies is refused', async () => {
    const cookies = Array.from({ length: 100 }, (_, at) => `c${at}=v`).join('; ')
    expect(await get('/v1/me', `cookie: ${cookies}\r\n`)).toMatch(/^HTTP\/1\.1 431 /)
  })

  it('does not take another verb from a header', async () => {
    const { body } = await test.call('POST', `${P}/regions`, { name: 'stays' })
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override'])
      await get(`${P}/regions/${body.resourceId}`, `${name}: DELETE\r\n`)
    expect((await test.call('GET', `${P}/regions/${body.resourceId}`)).status).toBe(200)
  })
})
