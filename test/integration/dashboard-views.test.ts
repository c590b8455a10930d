// SPDX-License-Identifier: Apache-2.0
/** Views that people keep: whose they are, how many there may be, and what becomes of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController, until } from '../support/controller.ts'
import { person, type TestPerson } from '../support/people.ts'

let test: TestController
const people = new Map<string, TestPerson>()

beforeAll(async () => {
  test = await startTestController()
  for (const name of ['plant', 'other']) await test.call('PUT', `/v1/projects/${name}`, {})
  people.set('olga', await person(test, 'olga', { role: 'operator' }))
  people.set('vera', await person(test, 'vera', { role: 'viewer' }))
  people.set('nora', await person(test, 'nora'))
})
afterAll(() => test.stop())

const as = (name: string, method: string, path: string, body?: unknown) => people.get(name)!.call(method, path, body)

const VIEWS = '/v1/projects/plant/views'
const save = (name: string, view: object) => as(name, 'POST', VIEWS, { page: 'hosts', query: 'q=line%3A4', ...view })
const namesOf = async (name: string, path = VIEWS) =>
  (await as(name, 'GET', path)).body.views.map((view: { name: string }) => view.name)

describe('a private view', () => {
  it('is there for its maker alone', async () => {
    const { status, body } = await save('olga', { name: 'mine' })

    expect({ status, ...body }).toMatchObject({
      status: 200,
      name: 'mine',
      shared: false,
      by: 'olga',
      query: 'q=line%3A4',
    })
    expect(await namesOf('olga')).toEqual(['mine'])
    expect(await namesOf('vera')).toEqual([])
    expect((await as('vera', 'DELETE', `${VIEWS}/${body.id}`)).status).toBe(404)
  })

  it('is replaced by one of the same name', async () => {
    const first = (await save('vera', { name: 'late', query: 'q=a' })).body
    const second = (await save('vera', { name: 'late', query: 'q=b' })).body

    expect(second.id).toBe(first.id)
    const views = (await as('vera', 'GET', `${VIEWS}?page=hosts`)).body.views
    expect(views.map((view: { query: string }) => view.query)).toEqual(['q=b'])
    expect(await namesOf('vera', `${VIEWS}?page=sites`)).toEqual([])
    expect((await as('vera', 'DELETE', `${VIEWS}/${first.id}`)).status).toBe(200)
    expect(await namesOf('vera')).toEqual([])
  })

  it('stays out of the audit, which is about what others see', async () => {
    await save('olga', { name: 'quiet' })
    const { body } = await test.call('GET', '/v1/audit?chain=project:plant&limit=500')

    expect(JSON.stringify(body)).not.toContain('quiet')
  })

  it('is one of at most a hundred', async () => {
    for (let at = 0; at < 100; at++) expect((await save('vera', { name: `view ${at}` })).status).toBe(200)

    const { status, body } = await save('vera', { name: 'one more' })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'too-many-views' })
    expect((await save('vera', { name: 'view 7', query: 'q=c' })).status).toBe(200)
  })
})

describe('a shared view', () => {
  it('is there for everybody in the project, is audited and told', async () => {
    const { status, body } = await save('olga', { name: 'dark ones', shared: true, query: 'q=reachability%3Aoffline' })

    expect(status).toBe(200)
    expect(await namesOf('vera')).toContain('dark ones')
    expect(await namesOf('olga', '/v1/projects/other/views')).not.toContain('dark ones')
    const audit = (await test.call('GET', '/v1/audit?chain=project:plant&limit=500')).body
    expect(JSON.stringify(audit)).toContain('view.create')
    const events = (await test.call('GET', '/v1/projects/plant/events?newest=true&type=view')).body
    expect(JSON.stringify(events)).toContain(body.id)
  })

  it('is made and removed by those who may label hosts, and by nobody else', async () => {
    const { body } = await save('olga', { name: 'ours', shared: true })

    expect((await save('vera', { name: 'theirs', shared: true })).status).toBe(403)
    expect((await as('vera', 'DELETE', `${VIEWS}/${body.id}`)).status).toBe(403)
    expect((await as('olga', 'DELETE', `${VIEWS}/${body.id}`)).status).toBe(200)
    expect(await namesOf('vera')).not.toContain('ours')
  })

  it('may have the name of a private one beside it', async () => {
    await save('olga', { name: 'twice' })
    await save('olga', { name: 'twice', shared: true })

    expect((await namesOf('olga')).filter((name: string) => name === 'twice')).toHaveLength(2)
  })
})

describe('views', () => {
  it.each([
    { name: '' },
    { name: '   ' },
    { name: 'a\u0000b' },
    { name: 'x'.repeat(61) },
    { name: 'ok', query: 'x'.repeat(2_001) },
    { name: 'ok', page: '../x' },
    { name: 'ok', more: 1 },
  ])('are refused when they are %j', async view => {
    const { status } = await save('olga', view)

    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('are nothing to who is not in the project', async () => {
    expect((await as('nora', 'GET', VIEWS)).status).toBe(404)
    expect((await save('nora', { name: 'x' })).status).toBe(404)
  })

  it('go with their project', async () => {
    await test.call('PUT', '/v1/projects/gone', {})
    const made = await as('olga', 'POST', '/v1/projects/gone/views', {
      name: 'a',
      page: 'hosts',
      query: '',
      shared: true,
    })
    expect(made.status, JSON.stringify(made.body)).toBe(200)
    await test.call('DELETE', '/v1/projects/gone')
    await until(
      () => test.call('GET', '/v1/projects/gone'),
      answer => answer.status === 404,
    )
    await test.call('PUT', '/v1/projects/gone', {})

    expect(await namesOf('olga', '/v1/projects/gone/views')).toEqual([])
  })
})
