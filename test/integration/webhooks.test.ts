// SPDX-License-Identifier: Apache-2.0
/** Webhooks against a real receiver that fails, hangs, redirects and comes back. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_MODULES } from '../../controller/config.ts'
import { startTestController, type TestController, until } from '../support/controller.ts'

type Letter = { readonly headers: IncomingMessage['headers']; readonly body: string; readonly path: string }

let test: TestController
let receiver: Server
let answer: (letter: Letter, response: ServerResponse) => void
let received: Letter[] = []
let url: string

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      const letter = { headers: request.headers, body, path: request.url ?? '' }
      received.push(letter)
      answer(letter, response)
    })
  })
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  test = await startTestController({
    config: {
      modules: {
        ...DEFAULT_MODULES,
        webhooks: { timeoutSeconds: 0.4, firstRetrySeconds: 0.05, longestRetrySeconds: 0.2, disableAfterDays: 0.00008 },
      },
    },
  })
})
afterAll(async () => {
  await test.stop()
  receiver.closeAllConnections()
  await new Promise(resolve => receiver.close(resolve))
})
beforeEach(() => {
  received = []
  answer = (_, response) => response.writeHead(204).end()
})

const base = '/v1/projects/default/webhooks'

async function create(more: object = {}) {
  const { status, body } = await test.call('POST', base, { url, types: ['token'], ...more })
  expect(status).toBe(200)
  return body
}
const remove = (id: string) => test.call('DELETE', `${base}/${id}`)
const deliveries = async (id: string, state = ''): Promise<any[]> =>
  (await test.call('GET', `${base}/${id}/deliveries?${state}`)).body.deliveries
const told = (type: string) => received.filter(({ body }) => JSON.parse(body).event.type === type)

/** As the documented scheme says, from nothing but the secret, the header and the body. */
function verify(secret: string, { headers, body }: Letter): boolean {
  const [stamp = '', ...signatures] = String(headers['muster-signature']).split(',')
  const t = stamp.replace(/^t=/, '')
  if (Math.abs(Date.now() / 1_000 - Number(t)) > 300) return false
  const wanted = createHmac('sha256', secret).update(`${t}.${body}`).digest()
  return signatures.some(each => timingSafeEqual(Buffer.from(each.replace(/^v1=/, ''), 'hex'), wanted))
}

describe('a webhook', () => {
  it('tells what it asked for, signed, and nothing else', async () => {
    const { resourceId: id, secret } = await create()
    await test.joinToken()

    const [letter] = await until(
      async () => told('token.created'),
      found => found.length === 1,
    )
    expect(verify(secret, letter!)).toBe(true)
    expect(verify('whsec_other', letter!)).toBe(false)
    expect(JSON.parse(letter!.body)).toMatchObject({
      webhook: id,
      delivery: letter!.headers['muster-delivery'],
      event: { project: 'default', type: 'token.created', data: { by: 'tester' } },
    })
    expect(received.every(({ body }) => JSON.parse(body).event.type.startsWith('token.'))).toBe(true)
    await remove(id)
  })

  it('shows its secret once, and never in the audit or among the events', async () => {
    const { resourceId: id, secret } = await create()

    const { text } = await test.call('GET', `${base}/${id}`)
    const audit = await test.call('GET', '/v1/audit?chain=project:default&limit=500')
    const events = await test.call('GET', '/v1/projects/default/events?limit=500&type=webhook')
    expect(secret).toMatch(/^whsec_/)
    for (const shown of [text, audit.text, events.text]) expect(shown).not.toContain(secret)
    await remove(id)
  })

  it('tries again what failed or hung, with the same delivery id and a fresh signature', async () => {
    const { resourceId: id, secret } = await create()
    const ways = [500, 'hang', 429, 'drop', 200] as const
    answer = (_, response) => {
      const way = ways[received.length - 1] ?? 200
      if (way === 'hang') return
      if (way === 'drop') response.destroy()
      else response.writeHead(way).end()
    }
    await test.joinToken()

    const done = await until(
      () => deliveries(id, 'state=delivered'),
      found => found.length === 1,
    )
    expect(done[0].attempts).toBe(5)
    expect(new Set(received.map(({ headers }) => headers['muster-delivery'])).size).toBe(1)
    expect(received.every(letter => verify(secret, letter))).toBe(true)
    await remove(id)
  })

  it('makes dead letters of what is refused or redirected, shows them, and sends them again when asked', async () => {
    const { resourceId: id } = await create()
    answer = (_, response) => response.writeHead(302, { location: `${url}/elsewhere` }).end()
    await test.joinToken()
    const [dead] = await until(
      () => deliveries(id, 'state=dead'),
      found => found.length === 1,
    )
    expect(dead).toMatchObject({ state: 'dead', status: 302, attempts: 1 })
    expect(dead.error).toContain('redirects are not followed')
    expect(received.map(({ path }) => path)).toEqual(['/hook'])

    answer = (_, response) => response.writeHead(200).end()
    const again = await test.call('POST', `${base}/${id}/deliveries/${dead.id}/retry`)
    expect(again.body.state).toBe('pending')
    await until(
      () => deliveries(id, 'state=delivered'),
      found => found[0]?.id === dead.id,
    )
    await remove(id)
  })

  it('loses nothing while the controller is away', async () => {
    const { resourceId: id } = await create()
    answer = (_, response) => response.writeHead(503).end()
    for (let count = 0; count < 5; count++) await test.joinToken()
    await until(
      async () => received.length,
      count => count > 0,
    )
    await test.restart()
    answer = (_, response) => response.writeHead(200).end()

    await until(
      () => deliveries(id, 'state=delivered'),
      found => found.length === 5,
    )
    await remove(id)
  })

  it('is switched off after failing for too long, and says so', async () => {
    const { resourceId: id } = await create()
    answer = (_, response) => response.writeHead(500).end()
    await test.joinToken()

    const off = await until(
      async () => (await test.call('GET', `${base}/${id}`)).body,
      (hook: any) => !hook.enabled,
    )
    expect(off.disabledWhy).toContain('it answered 500')
    const { body } = await test.call('GET', `/v1/projects/default/events?type=webhook.disabled&subject=${id}`)
    expect(body.events).toHaveLength(1)

    answer = (_, response) => response.writeHead(200).end()
    await test.call('PATCH', `${base}/${id}`, { enabled: true })
    await until(
      () => deliveries(id, 'state=delivered'),
      found => found.length === 1,
    )
    await remove(id)
  })

  it('answers a ping with what came of it, also while it is switched off', async () => {
    const { resourceId: id } = await create({ enabled: false })
    const good = await test.call('POST', `${base}/${id}/ping`)
    answer = (_, response) => response.writeHead(418).end()
    const bad = await test.call('POST', `${base}/${id}/ping`)

    expect(good.body).toMatchObject({ type: 'webhook.ping', state: 'delivered', status: 204 })
    expect(bad.body).toMatchObject({ state: 'dead', status: 418 })
    await remove(id)
  })

  it('signs with both secrets after a change', async () => {
    const { resourceId: id, secret } = await create()
    const { body } = await test.call('POST', `${base}/${id}/secret`)
    await test.call('POST', `${base}/${id}/ping`)

    expect(body.secret).not.toBe(secret)
    expect(verify(secret, received[0]!)).toBe(true)
    expect(verify(body.secret, received[0]!)).toBe(true)
    await remove(id)
  })
})

describe('what may not be told', () => {
  it.each([
    ['http://192.0.2.1/x', 'plain http elsewhere'],
    ['https://169.254.169.254/latest', 'the metadata service'],
    ['https://[fe80::1]/x', 'link-local'],
    ['https://[::ffff:169.254.169.254]/x', 'the same in disguise'],
    ['https://2852039166/x', 'the same as a number'],
    ['https://0.0.0.0/x', 'no address'],
    ['https://user:pass@example.com/x', 'credentials in the address'],
    ['ftp://example.com/x', 'another protocol'],
    ['https//x', 'no address at all'],
  ])('%s (%s)', async address => {
    const { status, body } = await test.call('POST', base, { url: address })

    expect(status).toBe(400)
    expect(body.code).toBe('webhook-address-refused')
  })

  it('is the controller itself', async () => {
    const { body } = await test.call('POST', base, { url: `${test.url}/v1/setup` })

    expect(body.code).toBe('webhook-address-refused')
  })

  it('is a type of event that does not exist', async () => {
    const { status, body } = await test.call('POST', base, { url, types: ['tokens'] })

    expect(status).toBe(400)
    expect(body.code).toBe('invalid')
  })
})

it('is not there for other projects', async () => {
  const { resourceId: id } = await create()
  await test.call('PUT', '/v1/projects/other', {})

  expect((await test.call('GET', `/v1/projects/other/webhooks/${id}`)).status).toBe(404)
  await remove(id)
})
