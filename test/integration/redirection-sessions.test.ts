// SPDX-License-Identifier: Apache-2.0
/** Sessions over time: kept alive, held back, ended by limits, seen and ended by people; and terminals of our own. */
import { fastify } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { installErrors } from '../../controller/http/errors.ts'
import { installGuard } from '../../controller/http/guard.ts'
import { typed } from '../../controller/http/http.ts'
import { validatorCompiler } from '../../controller/http/validate.ts'
import { createFakeClock } from '../../simulator/clock.ts'
import { until } from '../support/controller.ts'
import {
  fakeSocket,
  GUID,
  listen,
  OTHER_GUID,
  redirectionPort,
  rfbScreen,
  solEcho,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/redirection.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const MINUTE = 60_000
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')
const RFB = Buffer.from('RFB 003.008\n')
const KVM_ENCODINGS = hex('02 00 0004 00000010 00000000 00000444 ffffff21')
const MARKER = Buffer.concat([hex('06000000 00000010'), Buffer.from('\0KvmDataChannel\0', 'latin1')])

/** A viewer on a clock that only a test moves, logged in as the toolkit's page would be. */
async function viewer(options: WorldOptions & { readonly mode?: 'kvm' | 'sol' } = {}) {
  const clock = createFakeClock(Date.parse('2026-11-21T04:00:00Z'))
  const mode = options.mode ?? 'kvm'
  const port = options.port ?? redirectionPort({ open: mode === 'kvm' ? rfbScreen(0x11) : solEcho })
  const world = await startWorld({ ...options, clock, port })
  stops.push(async () => {
    const stopping = world.redirection.stop()
    await clock.advance(2_000)
    await stopping
    await world.store.close()
  })
  const url = new URL(`ws://127.0.0.1/relay/webrelay.ashx?p=2&host=${GUID}&port=16994&mode=${mode}`)
  const verdict = await world.redirection.sockets[0]!.decide({
    url,
    address: '127.0.0.1',
    headers: {},
    protocols: [await world.grant(mode)],
  })
  if ('refuse' in verdict) throw new Error(verdict.why)
  const fake = fakeSocket()
  verdict.accept(fake.socket)
  const say = async (data: Buffer) => {
    fake.socket.onMessage(data, false)
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
  }
  await say(Buffer.alloc(0))
  await say(mode === 'kvm' ? hex('10010000 4b564d52') : hex('10000000 534f4c20'))
  await say(hex('13000000 00 00000000'))
  await say(hex('13000000 04 08000000 0000000000000000'))
  await say(hex('13000000 04 11000000 00 0141 0142 00 0143 0144 0145 0461757468'))
  const device = () => port.received[0]!
  return { ...world, ...fake, clock, port, say, device }
}

async function kvmViewer(options: WorldOptions = {}) {
  const made = await viewer(options)
  await made.say(hex('40000000 00000000'))
  await made.say(RFB)
  await made.say(Buffer.of(1))
  await made.say(Buffer.of(1))
  await made.say(KVM_ENCODINGS)
  await made.say(hex('03 01 0000 0000 0040 0040'))
  return made
}

const count = (all: Buffer, part: Buffer) => {
  let found = 0
  for (let at = all.indexOf(part); at >= 0; at = all.indexOf(part, at + part.length)) found++
  return found
}

describe('a screen nobody touches', () => {
  it('is still there after ten minutes, kept by a message each five seconds', async () => {
    const { clock, closes, device, redirection } = await kvmViewer()
    const before = device().length

    await clock.advance(10 * MINUTE)

    expect(closes).toEqual([])
    expect(redirection.live.of(GUID)).toHaveLength(1)
    const added = device().subarray(before)
    expect(count(added, MARKER)).toBeGreaterThanOrEqual(118)
    expect(added.length).toBe(count(added, MARKER) * MARKER.length)
  })

  it('is not spoken for in the middle of a message, nor while the viewer speaks', async () => {
    const { clock, say, device } = await kvmViewer()
    await say(hex('04 01 0000'))
    const before = device().length

    await clock.advance(MINUTE)
    expect(device().length).toBe(before)
    await say(hex('0000 0061'))
    for (let second = 0; second < 30; second++) {
      await say(hex('05 00 0001 0001'))
      await clock.advance(1_000)
    }
    expect(count(device().subarray(before), MARKER)).toBe(0)
  })

  it('is asked for a pixel when the viewer knows no other way', async () => {
    const made = await viewer()
    await made.say(hex('40000000 00000000'))
    for (const part of [RFB, Buffer.of(1), Buffer.of(1), hex('02 00 0001 00000000')]) await made.say(part)
    const before = made.device().length

    await made.clock.advance(5_000)

    expect(made.device().subarray(before).toString('hex')).toBe('03010000000000010001')
  })

  it('ends when nobody did anything for the time allowed, keep-alives of the viewer or not', async () => {
    const { clock, say, closes, audited } = await kvmViewer({ config: { idleMinutes: 11 } })
    for (let minute = 0; minute < 10; minute++) {
      await clock.advance(MINUTE)
      await say(MARKER)
      await say(hex('03 01 0000 0000 0040 0040'))
    }
    expect(closes).toEqual([])

    await clock.advance(MINUTE + 2_000)

    expect(closes).toEqual([{ code: 1008, reason: 'idle (controller)' }])
    expect((await audited()).at(-1)!.detail).toMatchObject({ endedBy: 'controller', why: 'idle', mode: 'kvm' })
  })

  it('ends after the longest time a session may take, whatever is done', async () => {
    const { clock, say, closes } = await kvmViewer({ config: { maxMinutes: 30 } })
    for (let minute = 0; minute < 31 && closes.length === 0; minute++) {
      await say(hex('04 01 0000 0000 0061'))
      await clock.advance(MINUTE)
    }

    expect(closes).toEqual([{ code: 1008, reason: 'limit (controller)' }])
  })

  it('is recorded when the policy says so, by the bytes that paint it', async () => {
    const { recordings, clock, redirection } = await kvmViewer({ config: { recording: { kvm: true } } })
    await clock.advance(2_000)
    const ending = redirection.live.end(GUID, 'done')
    await clock.advance(2_000)
    await ending

    const lines = recordings.kept[0]!.chunks.map(each => each.text)
      .join('')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines[0]).toMatchObject({ kind: 'muster-frames' })
    const bytes = Buffer.concat(lines.slice(1).map(([, , text]) => Buffer.from(text, 'base64')))
    expect(bytes.indexOf(RFB)).toBe(8)
    expect(lines.slice(1).every(([, kind]) => kind === 'o')).toBe(true)
  })
})

describe('a serial line nobody types on', () => {
  it('gets keep-alives while the browser is silent, and numbers stay in order', async () => {
    const { clock, say, device } = await viewer({ mode: 'sol' })
    await say(hex('20000000 00000000 1027 6400 0000 1027 6400 0000 00000000'))
    await say(hex('27000000 01000000 0000 1b00 0000'))
    const before = device().length
    await clock.advance(6_000)
    await say(hex('28000000 02000000 0100 61'))

    const added = device().subarray(before).toString('hex')
    expect(added).toBe('2b00000002000000' + '2b00000003000000' + '2b00000004000000' + '2800000005000000' + '010061')
  })
})

describe('whoever is slow', () => {
  it('holds the other side back instead of filling the memory', async () => {
    const { socket, port } = await kvmViewer()
    const settled = async () => {
      for (let turn = 0; turn < 300; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    let taken = 0
    let release = (): void => undefined
    const slow = socket as { pending: number }
    slow.pending = 10_000_000
    socket.send = data => {
      taken += data.length
      return new Promise<void>(resolve => {
        release = resolve
      })
    }
    const far = port.streams[0]!
    for (let piece = 0; piece < 100; piece++) far.write(Buffer.alloc(65_536))
    await settled()

    expect(taken).toBeLessThanOrEqual(65_536)
    slow.pending = 0
    release()
    await settled()
    expect(taken).toBe(6_553_600)
  })
})

describe('sessions of people', () => {
  it('are limited for each person', async () => {
    const { redirection, person } = await viewer({ config: { sessionsPerPerson: 1 } })
    const claim = { project: 'default', guid: 'another', mode: 'sol', principal: person, kind: 'relay' } as const

    expect(() => redirection.live.claim(claim)).toThrow(/Too many/)
    expect(() => redirection.live.claim({ ...claim, guid: GUID, mode: 'kvm' })).toThrow(/already has/)
    redirection.live.claim({ ...claim, principal: { ...person, id: 'another' } })
  })

  it('give up their place when the upgrade never comes', async () => {
    const { redirection, person, clock } = await viewer({ mode: 'sol' })
    redirection.live.claim({ project: 'default', guid: GUID, mode: 'kvm', principal: person, kind: 'relay' })
    expect(redirection.live.of(GUID)).toHaveLength(2)

    await clock.advance(30_000)

    expect(redirection.live.of(GUID).map(each => each.mode)).toEqual(['sol'])
  })

  it('are listed and ended over the API', async () => {
    const made = await startWorld()
    const listening = await listen(made)
    stops.push(listening.stop)
    const http = typed(fastify())
    http.setValidatorCompiler(validatorCompiler)
    http.setSerializerCompiler(() => JSON.stringify)
    installErrors(http)
    installGuard(http, made.kernel, { names: new Set(['localhost']), authenticate: [made.tokens.authenticate] })
    made.redirection.routes(http)
    const call = async (method: 'GET' | 'DELETE', url: string) =>
      http.inject({ method, url, headers: { authorization: `Bearer ${made.login}` } })
    const socket = new WebSocket(
      `${listening.url}/relay/webrelay.ashx?p=2&host=${GUID}&port=16994&mode=sol`,
      await made.grant(),
    )
    const closed = new Promise<string>(resolve => socket.once('close', (_, reason) => resolve(reason.toString())))
    await new Promise(resolve => socket.once('open', resolve))

    const { redirections } = (await call('GET', '/v1/projects/default/oob/redirections')).json()
    const gone = await call('DELETE', `/v1/projects/default/oob/redirections/${redirections[0].id}`)
    const again = await call('DELETE', `/v1/projects/default/oob/redirections/${redirections[0].id}`)

    expect(redirections).toMatchObject([{ device: GUID, mode: 'sol', kind: 'relay', by: 'Operator' }])
    expect([gone.statusCode, again.statusCode]).toEqual([204, 404])
    expect(await closed).toContain('operator: Operator')
    expect((await call('GET', '/v1/projects/default/oob/images')).json()).toEqual({ images: [] })
    await http.close()
  })
})

describe('asking for a session', () => {
  async function desk(options: WorldOptions = {}) {
    const made = await startWorld(options)
    const http = typed(fastify())
    http.setValidatorCompiler(validatorCompiler)
    http.setSerializerCompiler(() => JSON.stringify)
    installErrors(http)
    installGuard(http, made.kernel, { names: new Set(['localhost']), authenticate: [made.tokens.authenticate] })
    made.redirection.routes(http)
    stops.push(async () => {
      await http.close()
      await made.redirection.stop()
      await made.store.close()
    })
    const ask = (body: object, guid = GUID) =>
      http.inject({
        method: 'POST',
        url: `/v1/projects/default/oob/devices/${guid}/redirections`,
        headers: { authorization: `Bearer ${made.login}` },
        payload: body,
      })
    const rules = async () =>
      (
        await http.inject({
          url: '/v1/projects/default/oob/redirection-rules',
          headers: { authorization: `Bearer ${made.login}` },
        })
      ).json()
    return { ...made, ask, rules }
  }

  it('gives a token with what holds for it, and writes down who asked and why', async () => {
    const { ask, rules, tokens, audited } = await desk({ config: { maxMinutes: 20, recording: { sol: true } } })

    const answer = await ask({ mode: 'sol', reason: 'it does not boot', minutes: 45 })

    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ path: '/v1/oob/sol', minutes: 20, idleMinutes: 15, recorded: true })
    expect(await tokens.verifyRedirection(answer.json().token, '127.0.0.1')).toMatchObject({ mode: 'sol', minutes: 45 })
    expect((await audited()).at(-1)).toMatchObject({
      action: 'redirection.authorize',
      target: GUID,
      reason: 'it does not boot',
    })
    expect(await rules()).toEqual({
      idleMinutes: 15,
      maxMinutes: 20,
      recordsSol: true,
      recordsKvm: false,
      recordsInput: false,
      checksConsent: true,
    })
  })

  it('is refused with the reason where the socket would be refused without one', async () => {
    const asks = async (options: WorldOptions, body: object, guid = GUID) => (await desk(options)).ask(body, guid)

    expect((await asks({ connected: false }, { mode: 'kvm' })).json()).toMatchObject({ code: 'amt-not-connected' })
    expect((await asks({ consent: ['1', '0'] }, { mode: 'kvm' })).json()).toMatchObject({ code: 'amt-consent-needed' })
    expect((await asks({ consent: ['1', '0'] }, { mode: 'sol' })).statusCode).toBe(201)
    expect((await asks({}, { mode: 'ider' })).statusCode).toBe(400)
    expect((await asks({}, { mode: 'sol' }, '00000000-0000-0000-0000-000000000001')).statusCode).toBe(404)
    const taken = await desk()
    taken.redirection.live.claim({
      project: 'default',
      guid: GUID,
      mode: 'kvm',
      principal: taken.person,
      kind: 'relay',
    })
    expect((await taken.ask({ mode: 'kvm' })).json()).toMatchObject({ code: 'redirection-busy' })
    expect((await taken.ask({ mode: 'sol' })).statusCode).toBe(201)
  })
})

describe('a terminal of our own', () => {
  const path = (more = '') => `/v1/oob/sol?project=default&device=${GUID}${more}`

  async function terminal(world: World, url: string, how: 'header' | 'protocol') {
    const socket =
      how === 'header'
        ? new WebSocket(`${url}${path()}`, { headers: { authorization: `Bearer ${world.login}` } })
        : new WebSocket(`${url}${path()}`, `muster.${world.login}`)
    let shown = ''
    socket.on('message', data => {
      shown += data.toString()
    })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return { socket, shown: () => shown }
  }

  it.each(['header', 'protocol'] as const)('speaks UTF-8 to a console in code page 437, token in the %s', async how => {
    const port = redirectionPort({ open: solEcho })
    const world = await startWorld({ port })
    const { url, stop } = await listen(world)
    stops.push(stop)
    const { socket, shown } = await terminal(world, url, how)
    const typed = 'ü└─┘ §\r\n'

    socket.send(Buffer.from(typed.slice(0, 1)).subarray(0, 1))
    socket.send(Buffer.concat([Buffer.from(typed).subarray(1), Buffer.from('x'.repeat(10_240))]))
    await until(
      async () => shown().length,
      length => length === typed.length + 10_240,
    )

    expect(shown()).toBe(`${typed.replace('§', '?')}${'x'.repeat(10_240)}`)
    expect(port.received[0]!.includes(Buffer.from([0x81, 0xc0, 0xc4, 0xd9]))).toBe(true)
    socket.close()
    const entries = await until(world.audited, all => all.some(each => each.action === 'redirection.close'))
    expect(entries.at(-1)!.detail).toMatchObject({ kind: 'terminal', endedBy: 'browser' })
  })

  it('is not opened without a token, for an unknown device, or with a token for the relay', async () => {
    const world = await startWorld()
    stops.push(() => world.store.close())
    const decide = (search: string, authorization?: string) =>
      world.redirection.sockets[1]!.decide({
        url: new URL(`ws://127.0.0.1/v1/oob/sol?${search}`),
        address: '127.0.0.1',
        headers: authorization === undefined ? {} : { authorization },
        protocols: [],
      })

    expect(await decide(`device=${GUID}`)).toMatchObject({ refuse: 401 })
    expect(await decide(`device=${GUID}`, `Bearer ${await world.grant()}`)).toMatchObject({ refuse: 401 })
    expect(await decide('device=nothing', `Bearer ${world.login}`)).toMatchObject({ refuse: 404 })
  })

  it('is opened once by a token that was given for it, as sub-protocol of a page', async () => {
    const world = await startWorld()
    const { url, stop } = await listen(world)
    stops.push(stop)
    const token = await world.grant('sol')
    const opened: WebSocket[] = []
    const open = (search = path()) =>
      new Promise<number>(resolve => {
        const socket = new WebSocket(`${url}${search}`, `muster.${token}`, { origin: 'https://elsewhere.example' })
        opened.push(socket)
        socket.on('open', () => resolve(101))
        socket.on('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode))
        socket.on('error', () => resolve(0))
      })

    expect(await open(`/v1/oob/sol?project=other&device=${GUID}`)).toBe(401)
    expect(await open()).toBe(101)
    expect(world.redirection.live.of(GUID)).toMatchObject([{ mode: 'sol', by: 'Operator' }])
    for (const socket of opened) socket.close()
    await until(
      async () => world.redirection.live.of(GUID).length,
      living => living === 0,
    )
    expect(await open()).toBe(401)
  })

  it('is not opened by a token for another device or another kind of session', async () => {
    const world = await startWorld()
    stops.push(() => world.store.close())
    const decide = async (token: string) =>
      world.redirection.sockets[1]!.decide({
        url: new URL(`ws://127.0.0.1${path()}`),
        address: '127.0.0.1',
        headers: {},
        protocols: [`muster.${token}`],
      })

    expect(await decide(await world.grant('kvm'))).toMatchObject({ refuse: 401 })
    expect(await decide(await world.grant('sol', OTHER_GUID))).toMatchObject({ refuse: 401 })
  })

  it('ends after the minutes that its token says', async () => {
    const clock = createFakeClock(Date.parse('2026-11-21T04:00:00Z'))
    const world = await startWorld({ clock })
    stops.push(() => world.store.close())
    const order = { principal: world.person, bearer: world.login, project: 'default', guid: GUID, mode: 'sol' } as const
    const verdict = await world.redirection.sockets[1]!.decide({
      url: new URL(`ws://127.0.0.1${path()}`),
      address: '127.0.0.1',
      headers: {},
      protocols: [`muster.${await world.tokens.redirection({ ...order, minutes: 5 })}`],
    })
    if ('refuse' in verdict) throw new Error(verdict.why)
    const { socket, closes } = fakeSocket()
    verdict.accept(socket)
    for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve))

    await clock.advance(4 * MINUTE)
    expect(closes).toEqual([])
    await clock.advance(MINUTE)

    expect(closes).toMatchObject([{ reason: expect.stringContaining('limit') }])
  })
})
