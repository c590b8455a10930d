// SPDX-License-Identifier: Apache-2.0
/** The client: what it sends, how patient it is, and what it makes of answers. */
import { describe, expect, it } from 'vitest'
import { paths } from '../../../../controller/cli/api.ts'
import { createClient } from '../../../../controller/cli/client.ts'
import type { WireAnswer, WireRequest } from '../../../../controller/cli/ports.ts'
import type { Clock } from '../../../../plugins/contract/clock.ts'

type Told = {
  readonly status: number
  readonly body?: unknown
  readonly text?: string
  readonly headers?: Record<string, string>
}

function talking(answers: readonly Told[]) {
  const sent: WireRequest[] = []
  const slept: number[] = []
  const said: string[] = []
  const stop = new AbortController()
  const clock = {
    monotonic: () => 0,
    sleep: async (waitMs: number) => {
      slept.push(waitMs)
    },
  } as unknown as Clock
  const client = createClient({
    url: 'https://ctl.example:8443',
    token: 'muster_pat_SECRET',
    agent: 'muster/test',
    clock,
    signal: stop.signal,
    trace: line => said.push(line),
    note: line => said.push(line),
    wire: {
      chain: async () => [],
      send: async request => {
        const answer = answers[sent.length]
        sent.push(request)
        if (answer === undefined) throw new Error('one request too many')
        return answerOf(answer)
      },
    },
  })
  return { client, sent, slept, said, stop }
}

function answerOf({ status, body, text, headers }: Told): WireAnswer {
  const content = text ?? (body === undefined ? '' : JSON.stringify(body))
  return {
    status,
    headers: {
      'content-type': status >= 400 ? 'application/problem+json; charset=utf-8' : 'application/json',
      ...headers,
    },
    body: (async function* () {
      if (content !== '') yield new TextEncoder().encode(content)
    })(),
  }
}

const busy = (headers: Record<string, string> = {}, status = 429): Told => ({
  status,
  headers,
  body: { code: 'too-many-requests', status, title: 'Too many requests', retry: { afterMs: 60_000 }, type: '/x' },
})
const ok: Told = { status: 200, body: { yes: true } }

describe('a read', () => {
  it('carries the token, the query and the name of the program', async () => {
    const { client, sent } = talking([ok])
    await client.get('/v1/me', { query: { a: 'b c', none: undefined, n: 4 } })

    expect(sent[0]).toMatchObject({
      method: 'GET',
      headers: { authorization: 'Bearer muster_pat_SECRET', 'user-agent': 'muster/test' },
    })
    expect(sent[0]!.url.href).toBe('https://ctl.example:8443/v1/me?a=b+c&n=4')
  })

  it('comes back when the controller says when', async () => {
    const { client, slept } = talking([busy({ 'retry-after': '7' }), busy({ 'retry-after': '2' }, 503), ok])

    expect(await client.get('/v1/me')).toEqual({ yes: true })
    expect(slept).toEqual([7_000, 2_000])
  })

  it('gives up after a minute in all, and after five tries', async () => {
    const long = talking([busy({ 'retry-after': '40' }), busy({ 'retry-after': '30' })])
    await expect(long.client.get('/v1/me')).rejects.toMatchObject({ code: 'too-many-requests' })
    expect(long.slept).toEqual([40_000])

    const many = talking(Array.from({ length: 5 }, () => busy({ 'retry-after': '1' })))
    await expect(many.client.get('/v1/me')).rejects.toMatchObject({ status: 429 })
    expect(many.slept).toHaveLength(4)
  })

  it('does not come back to anything else', async () => {
    const { client, sent } = talking([
      { status: 500, body: { code: 'internal', status: 500, title: 'X', retry: 'backoff', type: '/x' } },
    ])

    await expect(client.get('/v1/me')).rejects.toMatchObject({ code: 'internal' })
    expect(sent).toHaveLength(1)
  })
})

describe('a write', () => {
  it('is sent once, because nobody knows whether a second one would do harm', async () => {
    const { client, sent } = talking([busy({ 'retry-after': '1' })])

    await expect(client.send('POST', '/v1/x', {})).rejects.toMatchObject({ status: 429 })
    expect(sent).toHaveLength(1)
  })

  it('is repeated when an overloaded controller turned it away, which it does before it reads anything', async () => {
    const overloaded = { code: 'overloaded', status: 503, title: 'X', retry: { afterMs: 5_000 }, type: '/x' }
    const { client, sent, slept } = talking([{ status: 503, body: overloaded }, ok])
    await client.send('POST', '/v1/x', { a: 1 })

    expect(sent).toHaveLength(2)
    expect(slept).toEqual([5_000])
  })

  it('is repeated when it carries a key and was refused for now', async () => {
    const { client, sent } = talking([busy({ 'retry-after': '1' }), ok])
    await client.send('POST', '/v1/x', { a: 1 }, { headers: { 'idempotency-key': 'k' }, patient: true })

    expect(sent).toHaveLength(2)
    expect(sent[1]!.headers['idempotency-key']).toBe('k')
  })

  it('is not taken back by Ctrl-C, as a read is', async () => {
    const { client, sent, stop } = talking([{ status: 204 }, ok])
    stop.abort()
    await client.send('DELETE', '/v1/x')
    await client.get('/v1/me')

    expect(sent.map(request => request.signal.aborted)).toEqual([false, true])
    expect(sent[0]!.body).toBeUndefined()
  })
})

describe('an answer', () => {
  it('that is a problem is thrown as that problem', async () => {
    const body = {
      type: '/x',
      code: 'not-found',
      status: 404,
      title: 'No',
      detail: 'host x',
      retry: 'never',
      next: 'look',
      fields: { a: 1 },
    }
    const { client } = talking([{ status: 404, body }])

    await expect(client.get('/v1/me')).rejects.toMatchObject({
      code: 'not-found',
      detail: 'host x',
      next: 'look',
      fields: { a: 1 },
    })
  })

  it.each<Told>([
    { status: 404, text: '<html>', headers: { 'content-type': 'text/html' } },
    { status: 200, text: '<html>', headers: { 'content-type': 'text/html' } },
    { status: 200, text: '{"a":' },
    { status: 302, headers: { location: 'https://evil.example' } },
    { status: 400, body: { nonsense: true } },
  ])('that no controller gives is called so: %j', async told => {
    const { client, sent } = talking([told])

    await expect(client.get('/v1/me')).rejects.toMatchObject({ code: 'answer-strange' })
    expect(sent).toHaveLength(1)
  })

  it('is traced without the token', async () => {
    const { client, said } = talking([ok])
    await client.get('/v1/me')

    expect(said).toEqual(['GET https://ctl.example:8443/v1/me 200 in 0 ms'])
  })
})

describe('paths', () => {
  it('keep what people type inside one segment', () => {
    expect(paths.host('default', '../../admin?x#y')).toBe('/v1/projects/default/compute/hosts/..%2F..%2Fadmin%3Fx%23y')
  })

  it.each(['', '.', '..'])('refuse %j, which would name another path', part => {
    expect(() => paths.command('default', part)).toThrow(expect.objectContaining({ code: 'name-unknown' }))
    expect(() => paths.hosts(part)).toThrow(expect.objectContaining({ code: 'name-unknown' }))
  })
})
