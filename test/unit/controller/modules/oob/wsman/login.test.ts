// SPDX-License-Identifier: Apache-2.0
/** One challenge serves many calls, and a password is found among those that may be in force. */

import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { HttpReply } from '../../../../../../controller/modules/oob/wsman/http.ts'
import { type Candidates, DeviceLogin } from '../../../../../../controller/modules/oob/wsman/login.ts'
import { Secret } from '../../../../../../controller/secrets/secrets.ts'
import { silent } from '../../../../../support/kernel.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

/** A device that judges answers by the book, and what happened at it. */
function device(password: string, more: { everyNonceOnce?: boolean; saysStale?: boolean } = {}) {
  const state = {
    password,
    realm: 'Digest:1',
    nonce: 1,
    challenges: 0,
    accepted: 0,
    refused: 0,
    counts: new Set<string>(),
  }
  const exchange = async (authorization: string | undefined): Promise<HttpReply> => {
    const given = Object.fromEntries(
      [...(authorization ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(each => [each[1], each[2]]),
    )
    const right = md5(
      `${md5(`admin:${state.realm}:${state.password}`)}:${given.nonce}:${given.nc}:${given.cnonce}:auth:${md5('POST:/wsman')}`,
    )
    const isFresh = given.nonce === `n${state.nonce}` && !state.counts.has(`${given.nonce}${given.nc}`)
    if (given.response === right && given.realm === state.realm && isFresh) {
      state.counts.add(`${given.nonce}${given.nc}`)
      state.accepted++
      if (more.everyNonceOnce) state.nonce++
      return reply(200)
    }
    if (authorization !== undefined) state.refused++
    state.challenges++
    const stale = more.saysStale && given.response === right ? 'true' : 'false'
    return reply(401, `Digest realm="${state.realm}", nonce="n${state.nonce}", stale="${stale}", qop="auth"`)
  }
  return { state, exchange }
}

function reply(status: number, challenge?: string): HttpReply {
  const headers = new Map(challenge === undefined ? [] : [['www-authenticate', [challenge]] as const])
  return { status, headers, body: Buffer.alloc(0), keepsAlive: true }
}

function login(...passwords: readonly string[]) {
  const verified: number[] = []
  const state = { asked: 0, passwords: [...passwords] }
  const credentials = async (): Promise<Candidates> => {
    state.asked++
    const list = state.passwords.map((value, at) => ({ version: at + 1, value: Secret.of(value) }))
    return { username: 'admin', passwords: list }
  }
  const random = (count: number) => new Uint8Array(count)
  const made = new DeviceLogin({ credentials, verified: version => void verified.push(version), random, log: silent })
  return { made, verified, state }
}

describe('many calls', () => {
  it('need one challenge', async () => {
    const { state, exchange } = device('right')
    const { made, verified } = login('right')

    for (let at = 0; at < 50; at++) expect((await made.through(exchange)).status).toBe(200)

    expect(state).toMatchObject({ challenges: 1, accepted: 50 })
    expect(verified).toEqual([1])
  })

  it.each([true, false])(
    'are asked anew when the nonce is new each time, whether it is called stale or not: %s',
    async saysStale => {
      const { state, exchange } = device('right', { everyNonceOnce: true, saysStale })
      const { made, verified } = login('right', 'old')

      for (let at = 0; at < 5; at++) expect((await made.through(exchange)).status).toBe(200)

      expect(state).toMatchObject({ accepted: 5, challenges: 5 })
      expect(verified).toEqual([1])
    },
  )

  it('go on when the device was set up anew with another realm', async () => {
    const { state, exchange } = device('right')
    const { made } = login('right')
    await made.through(exchange)

    state.realm = 'Digest:2'
    state.nonce++

    expect((await made.through(exchange)).status).toBe(200)
  })
})

describe('the password', () => {
  it.each([1, 2, 3])('is found at place %i of the candidates and told', async place => {
    const names = ['a', 'b', 'c']
    const { exchange } = device(names[place - 1]!)
    const { made, verified } = login(...names)

    expect((await made.through(exchange)).status).toBe(200)
    expect(verified).toEqual([place])
  })

  it('is looked for with three answers a call, and further on with the next call', async () => {
    const { state, exchange } = device('e')
    const { made, verified } = login('a', 'b', 'c', 'd', 'e')

    await expect(made.through(exchange)).rejects.toMatchObject({ code: 'amt-unauthorized' })
    expect(state.refused).toBe(3)
    expect((await made.through(exchange)).status).toBe(200)
    expect(verified).toEqual([5])
  })

  it('that is wrong costs no more than one answer each', async () => {
    const { state, exchange } = device('right')
    const { made } = login('wrong', 'wronger')

    await expect(made.through(exchange)).rejects.toMatchObject({ code: 'amt-unauthorized' })
    expect(state.refused).toBe(2)
  })

  it('is asked for again when the one in force no longer is', async () => {
    const { state, exchange } = device('old')
    const { made, verified, state: store } = login('old')
    await made.through(exchange)

    state.password = 'new'
    store.passwords.unshift('new')

    expect((await made.through(exchange)).status).toBe(200)
    expect(store.asked).toBe(2)
    expect(verified).toEqual([1, 1])
  })

  it('that nobody has is unauthorized, and nothing is guessed', async () => {
    const { state, exchange } = device('right')
    const { made } = login()

    await expect(made.through(exchange)).rejects.toMatchObject({ code: 'amt-unauthorized' })
    expect(state).toMatchObject({ refused: 0, challenges: 1 })
  })

  it('is in no problem and in no log', async () => {
    const { exchange } = device('right')
    const { made } = login('hunter2')
    const thrown = await made.through(exchange).catch((each: unknown) => each)

    expect(JSON.stringify(thrown)).not.toContain('hunter2')
  })
})

it('leaves a device alone that asks for no login', async () => {
  const { made, verified } = login('right')

  expect((await made.through(async () => reply(200))).status).toBe(200)
  expect(verified).toEqual([])
})

it('goes on when what was verified cannot be noted', async () => {
  const { exchange } = device('right')
  const made = new DeviceLogin({
    credentials: async () => ({ username: 'admin', passwords: [{ version: 1, value: Secret.of('right') }] }),
    verified: () => Promise.reject(new Error('no database')),
    random: count => new Uint8Array(count),
    log: silent,
  })

  expect((await made.through(exchange)).status).toBe(200)
})
