// SPDX-License-Identifier: Apache-2.0
/** Providers, local accounts and custom configurations through the API. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestController, type TestController } from '../support/controller.ts'
import { type InProject, inProject } from '../support/inventory.ts'

let test: TestController
let here: InProject
let there: InProject

beforeAll(async () => {
  test = await startTestController()
  here = await inProject(test, 'here')
  there = await inProject(test, 'there')
})
afterAll(() => test.stop())

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f'
const provider = { name: 'bare', providerKind: 'PROVIDER_KIND_BAREMETAL', apiEndpoint: 'https://none' }
const account = { username: 'operator', sshKey: `${ED25519} operator@here` }
const cloudInit = { name: 'base', config: '#cloud-config\npackages: [jq]\n' }

const KINDS = [
  ['/providers', provider, 'providers', 'provider', 'providerID'],
  ['/localAccounts', account, 'localAccounts', 'localaccount', 'localAccountID'],
  ['/customConfigs', cloudInit, 'customConfigs', 'customconfig', undefined],
] as const

describe.each(KINDS)('%s', (path, body, plural, prefix, alias) => {
  it('makes, lists, reads and removes, and has no way to change', async () => {
    const created = await here.made(path, body)
    const url = `${path}/${created.resourceId}`

    expect(created).toMatchObject(body)
    expect(created.resourceId).toMatch(new RegExp(`^${prefix}-[0-9a-f]{8}$`))
    if (alias !== undefined) expect(created[alias]).toBe(created.resourceId)
    expect((await here.get(url)).body).toEqual(created)
    expect((await here.get(path)).body).toEqual({ [plural]: [created], totalElements: 1, hasNext: false })
    for (const verb of ['PUT', 'PATCH']) expect((await here.call(verb, url, body)).status).toBe(404)
    expect(await here.call('DELETE', url)).toMatchObject({ status: 200, body: {} })
    expect((await here.get(url)).status).toBe(404)
    expect((await here.call('DELETE', url)).status).toBe(404)
  })

  it('refuses a second of the same name with the key and the id of the first, in one project only', async () => {
    const first = await here.made(path, body)

    const second = await here.call('POST', path, body)
    const elsewhere = await there.made(path, body)

    expect(second).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect(second.body.fields).toMatchObject({ resourceId: first.resourceId })
    expect(second.body.detail).toContain(path === '/localAccounts' ? 'username operator' : 'name ba')
    expect((await here.get(`${path}/${elsewhere.resourceId}`)).status).toBe(404)
    expect((await here.call('DELETE', `${path}/${elsewhere.resourceId}`)).status).toBe(404)
    expect((await here.get(path)).text).not.toContain(elsewhere.resourceId)
  })

  it('makes one of two that are sent at once', async () => {
    const fresh = path === '/localAccounts' ? { ...body, username: 'racer' } : { ...body, name: 'racer' }

    const answers = await Promise.all([1, 2, 3].map(() => here.call('POST', path, fresh)))

    expect(answers.map(each => each.status).sort()).toEqual([200, 409, 409])
  })

  it('refuses what is missing, unknown or of another type', async () => {
    for (const name of Object.keys(body)) {
      const { [name]: _, ...rest } = body as Record<string, unknown>
      expect(await here.call('POST', path, rest), name).toMatchObject({ status: 400, body: { code: 'invalid' } })
      expect(await here.call('POST', path, { ...body, [name]: 7 }), name).toMatchObject({ status: 400 })
    }
    expect((await here.call('POST', path, { ...body, colour: 'red' })).status).toBe(400)
    expect((await here.call('POST', path, [])).status).toBe(400)
  })
})

describe('credentials of a provider', () => {
  it('are never shown again: not in an answer, the audit, an event or the database', async () => {
    const secret = 'correct-horse-battery-staple'
    const created = await here.made('/providers', {
      ...provider,
      name: 'sealed',
      apiCredentials: [secret, 'second-secret'],
    })
    const places = [
      JSON.stringify(created),
      (await here.get('/providers')).text,
      (await here.get(`/providers/${created.resourceId}`)).text,
      (await test.call('GET', '/v1/audit?chain=project:here&limit=1000')).text,
      readFileSync(join(test.dir, 'controller.db')).toString('latin1'),
      readFileSync(join(test.dir, 'controller.db-wal')).toString('latin1'),
    ]

    expect(places.join('\n')).toContain('sealed')
    for (const place of places) expect(place).not.toContain(secret)
    expect(created).not.toHaveProperty('apiCredentials')
  })

  it('are not needed: without a store for secrets the provider is kept and they are dropped', async () => {
    const alone = await startTestController({ config: { modules: { inventory: {} } } })
    try {
      const base = '/v1/projects/default/providers'
      const created = await alone.call('POST', base, { ...provider, apiCredentials: ['dropped-secret'] })
      expect(created.status, created.text).toBe(200)
      expect(readFileSync(join(alone.dir, 'controller.db-wal')).toString('latin1')).not.toContain('dropped-secret')
      expect((await alone.call('DELETE', `${base}/${created.body.resourceId}`)).status).toBe(200)
    } finally {
      await alone.stop()
    }
  })

  it('are refused when they are too many or too long', async () => {
    for (const apiCredentials of [Array(101).fill('x'), ['x'.repeat(501)], 'x']) {
      expect((await here.call('POST', '/providers', { ...provider, name: 'n', apiCredentials })).status).toBe(400)
    }
  })
})

describe('a local account', () => {
  it.each([
    ['rsa', `ssh-rsa ${'A'.repeat(100)}`, 'ssh-rsa is not taken'],
    ['a key cut short', ED25519.slice(0, -4), 'cut off'],
    ['another type inside', ED25519.replace('ssh-ed25519', 'ecdsa-sha2-nistp521'), 'another type inside'],
  ])('with %s is refused', async (_, sshKey, words) => {
    const { status, body } = await here.call('POST', '/localAccounts', { username: 'x', sshKey })

    expect(status).toBe(400)
    expect(body.detail).toContain(words)
    expect(body.fields.findings[0].pointer).toBe('/body/sshKey')
  })

  it.each(['Operator', '9lives', 'a_b', 'x'.repeat(33), ''])('named %j is refused', async username => {
    expect((await here.call('POST', '/localAccounts', { ...account, username })).status).toBe(400)
  })
})

describe('a custom config', () => {
  const filled = (length: number) => `#cloud-config\na: ${'x'.repeat(length - 18)}\n`

  it('has at most 16,384 characters', async () => {
    expect(filled(16_384)).toHaveLength(16_384)
    await here.made('/customConfigs', { name: 'full', config: filled(16_384) })

    const { status, body } = await here.call('POST', '/customConfigs', { name: 'over', config: filled(16_385) })

    expect(status).toBe(400)
    expect(body.detail).toBe('config: it has 16385 characters; at most 16384 are taken')
  })

  it.each([
    ['billion laughs', '#cloud-config\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n', 'line 3'],
    ['a program', '#cloud-config\na: !!js/function "function(){}"\n', 'line 2'],
    ['a key twice', '#cloud-config\na: 1\na: 2\n', 'line 3'],
    ['tabs', '#cloud-config\na:\n\tb: 1\n', 'line 3'],
    ['no first line', 'a: 1\n', 'line 1'],
  ])('with %s is refused with the line', async (_, config, line) => {
    const { status, body } = await here.call('POST', '/customConfigs', { name: 'bad', config })

    expect(status).toBe(400)
    expect(body.detail).toContain(line)
  })

  it('is not repeated in the audit', async () => {
    const config = '#cloud-config\nchpasswd: {list: "root:hunter2-hunter2"}\n'
    await here.made('/customConfigs', { name: 'quiet', config })

    const { text } = await test.call('GET', '/v1/audit?chain=project:here&limit=1000')

    expect(text).toContain('customConfig.create')
    expect(text).not.toContain('hunter2-hunter2')
  })
})
