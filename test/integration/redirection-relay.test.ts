// SPDX-License-Identifier: Apache-2.0
/** The relay, driven by the toolkit's own browser classes over real WebSockets. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createContext, runInContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { firstBroken } from '../../controller/modules/oob/redirection/recording.ts'
import { sha256 } from '../../controller/system/clock.ts'
import { until } from '../support/controller.ts'
import {
  GUID,
  HA1,
  listen,
  OTHER_GUID,
  PASSWORD,
  redirectionPort,
  rfbScreen,
  solEcho,
  startWorld,
  type World,
  type WorldOptions,
} from '../support/redirection.ts'

type Listening = Awaited<ReturnType<typeof listen>>
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function world(options: WorldOptions = {}): Promise<World & Listening> {
  const made = await startWorld(options)
  const listening = await listen(made)
  stops.push(listening.stop)
  return { ...made, ...listening }
}

const query = (mode: string | undefined, more: Record<string, string> = {}) =>
  new URLSearchParams({
    p: '2',
    host: GUID,
    port: '16994',
    tls: '0',
    tls1only: '0',
    ...(mode === undefined ? {} : { mode }),
    ...more,
  })

/** What the server answered to an upgrade: 101, or the status of its refusal. */
function knock(url: string, token: string | undefined, search: URLSearchParams, path = '/relay/webrelay.ashx') {
  return new Promise<{ status: number; socket?: WebSocket; protocol?: string }>((resolve, reject) => {
    const socket = new WebSocket(`${url}${path}?${search}`, token === undefined ? [] : [token])
    socket.on('open', () => resolve({ status: 101, socket, protocol: socket.protocol }))
    socket.on('unexpected-response', (_, response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0 })
    })
    socket.on('error', reject)
  })
}

/** The toolkit's classes, as a page would load them, with a WebSocket that keeps every frame. */
function toolkit(frames: Buffer[]) {
  class Recorded extends WebSocket {
    constructor(address: string, protocol: string) {
      super(address.replace(/\s+/g, ''), protocol)
      this.binaryType = 'arraybuffer'
      this.on('message', data => void frames.push(Buffer.from(data as ArrayBuffer)))
    }
  }
  const file = createRequire(import.meta.url).resolve('@device-management-toolkit/ui-toolkit/bundles/core.bundle.js')
  const module = { exports: {} as any }
  const quiet = { log() {}, warn() {}, error() {}, debug() {}, info() {} }
  const context = createContext({
    self: {},
    module,
    exports: module.exports,
    console: quiet,
    setInterval,
    clearInterval,
    setTimeout,
    clearTimeout,
    Blob,
    Uint8Array,
    ArrayBuffer,
  })
  runInContext(readFileSync(file, 'utf8'), context)
  const core = module.exports
  const redirector = (
    protocol: number,
    mode: string,
    url: string,
    token: string,
    start = (each: any) => each.start(Recorded),
  ) => {
    const made = new core.AMTRedirector({
      mode,
      protocol,
      // A reader without methods makes it take the bytes as they are.
      fr: {},
      host: GUID,
      port: 16994,
      user: '',
      pass: '',
      tls: 0,
      tls1only: 0,
      authToken: token,
      server: `${url}/relay`,
    })
    made.onProcessData = () => {}
    made.onNewState = () => {}
    made.onStart = () => {}
    made.onError = () => {}
    return { made, start: () => start(made) }
  }
  return { core, redirector }
}

describe('the relay with the toolkit in front', () => {
  it('echoes a serial console, code page 437 and a paste of 10 KB among it', async () => {
    const { url, grant } = await world()
    const frames: Buffer[] = []
    const { made, start } = toolkit(frames).redirector(1, 'sol', url, await grant('sol'))
    let shown = ''
    made.onProcessData = (text: string) => {
      shown += text
    }

    start()
    await until(
      async () => made.state,
      state => state === 3,
    )
    const typed = `login: \x81\xe1\xff\r\n${'0123456789'.repeat(1_000)}`
    made.send(typed)
    await until(
      async () => shown.length,
      length => length === typed.length,
    )

    expect(shown).toBe(typed)
    made.stop()
  })

  it('shows a screen', async () => {
    const { url, grant } = await world({ port: redirectionPort({ open: rfbScreen(0x2f) }) })
    const { core, redirector } = toolkit([])
    const { made, start } = redirector(2, 'kvm', url, await grant('kvm'))
    const painted: number[] = []
    const image = { data: new Uint8ClampedArray(64 * 64 * 4) }
    const canvas: any = {
      canvas: { width: 0, height: 0 },
      createImageData: () => image,
      putImageData: () => painted.push(1),
      fillRect() {},
    }
    const desktop = new core.AMTDesktop(canvas)
    const processor = new core.DataProcessor(made, desktop)
    desktop.onProcessData = processor.processData.bind(processor)
    made.onProcessData = desktop.processData.bind(desktop)
    made.onStart = desktop.start.bind(desktop)

    start()
    await until(
      async () => painted.length,
      count => count > 0,
    )

    expect([desktop.width, desktop.height]).toEqual([64, 64])
    const sum = createHash('sha256').update(image.data).digest('hex')
    const expected = Buffer.alloc(64 * 64 * 4, Buffer.of(0x20, 0x60, 0xe0, 0xff))
    expect([...image.data.slice(0, 4)]).toEqual([...expected.subarray(0, 4)])
    expect(sum).toBe(createHash('sha256').update(expected).digest('hex'))
    made.stop()
  })

  it.each([[4], [3], [1]])('logs in by kind %i and shows the browser nothing of it', async kind => {
    const port = redirectionPort({ kinds: [kind], open: solEcho })
    const { url, grant } = await world({ port })
    const frames: Buffer[] = []
    const { made, start } = toolkit(frames).redirector(1, 'sol', url, await grant())

    start()
    await until(
      async () => made.state,
      state => state === 3,
    )

    const seen = Buffer.concat(frames).toString('latin1')
    const secrets = [PASSWORD, HA1, ...port.responses]
    expect(port.responses.length).toBe(kind === 1 ? 0 : 2)
    for (const secret of secrets) expect(seen).not.toContain(secret)
    made.stop()
  })
})

describe('who may open the relay', () => {
  it('echoes the token as sub-protocol, on each path gateways use', async () => {
    const { url, grant } = await world()
    for (const path of ['/relay', '/mps/ws/relay', '/mps/relay', '/ws/relay']) {
      const token = await grant()
      const { status, protocol, socket } = await knock(url, token, query('sol'), `${path}/webrelay.ashx`)
      expect([status, protocol]).toEqual([101, token])
      socket?.close()
      await new Promise(resolve => socket?.once('close', resolve))
    }
  })

  it('refuses a token that was used, is for another device or mode, signs in, or is none', async () => {
    const { url, grant, login } = await world()
    const used = await grant('sol')
    const first = await knock(url, used, query('sol'))
    first.socket?.close()
    await new Promise(resolve => first.socket?.once('close', resolve))

    const answers = {
      replay: await knock(url, used, query('sol')),
      otherDevice: await knock(url, await grant('sol', OTHER_GUID), query('sol')),
      otherMode: await knock(url, await grant('sol'), query('kvm')),
      login: await knock(url, login, query('sol')),
      loginForAny: await knock(url, login, query('sol', { host: '*' })),
      none: await knock(url, undefined, query('sol')),
      garbage: await knock(url, 'aaaa.bbbb.cccc', query('sol')),
      forged: await knock(url, `${(await grant('sol')).slice(0, -4)}AAAA`, query('sol')),
    }

    expect(first.status).toBe(101)
    expect(Object.fromEntries(Object.entries(answers).map(([name, { status }]) => [name, status]))).toEqual(
      Object.fromEntries(Object.keys(answers).map(name => [name, 401])),
    )
  })

  it('lets one of two through that come with the same token at the same time', async () => {
    const { url, grant } = await world()
    const token = await grant()

    const both = await Promise.all([knock(url, token, query('sol')), knock(url, token, query('ider'))])

    expect(both.map(({ status }) => status).sort()).toEqual([101, 401])
  })

  it('gives a device one session of a kind', async () => {
    const { url, grant } = await world()
    const first = await knock(url, await grant(), query('sol'))

    const second = await knock(url, await grant(), query('sol'))
    const another = await knock(url, await grant(), query('kvm'))

    expect([first.status, second.status, another.status]).toEqual([101, 401, 101])
  })

  it('learns the kind from the start of a client that does not name it', async () => {
    const { url, grant, redirection } = await world()
    const { socket } = await knock(url, await grant(), query(undefined))
    expect(redirection.live.of(GUID).map(each => each.mode)).toEqual(['kvm'])

    socket?.send(Buffer.from('10000000534f4c20', 'hex'))

    await until(
      async () => redirection.live.of(GUID).map(each => each.mode),
      ([mode]) => mode === 'sol',
    )
    expect((await knock(url, await grant(), query('sol'))).status).toBe(401)
    expect((await knock(url, await grant(), query('kvm'))).status).toBe(101)
  })

  it('does not refuse a token for good because the device was busy', async () => {
    const { url, grant, redirection } = await world()
    await knock(url, await grant(), query('sol'))
    const token = await grant()
    const refused = await knock(url, token, query('sol'))
    await redirection.live.end(GUID, 'making room')

    const again = await knock(url, token, query('sol'))

    expect([refused.status, again.status]).toEqual([401, 101])
  })

  it('reaches two ports, and splices nothing raw', async () => {
    const { url, grant, dialled } = await world()

    expect((await knock(url, await grant(), query('sol', { port: '22' }))).status).toBe(400)
    expect((await knock(url, await grant(), query('sol', { p: '1' }))).status).toBe(400)
    expect((await knock(url, await grant(), query('sol', { port: '16995' }))).status).toBe(101)
    await until(
      async () => dialled,
      ports => ports.length > 0,
    )
    expect(dialled).toEqual([16995])
  })

  it('says before the upgrade that a person must consent, or that there is no way to the device', async () => {
    const needs = await world({ consent: ['4294967295', '0'] })
    const given = await world({ consent: ['4294967295', '3'] })
    const kvmOnly = await world({ consent: ['1', '0'] })
    const away = await world({ connected: false })

    expect((await knock(needs.url, await needs.grant(), query('sol'))).status).toBe(403)
    expect((await knock(given.url, await given.grant(), query('sol'))).status).toBe(101)
    expect((await knock(kvmOnly.url, await kvmOnly.grant(), query('sol'))).status).toBe(101)
    expect((await knock(kvmOnly.url, await kvmOnly.grant(), query('kvm'))).status).toBe(403)
    expect((await knock(away.url, await away.grant(), query('sol'))).status).toBe(401)
    expect((await needs.audited()).at(-1)).toMatchObject({ outcome: 'refused', reason: 'amt-consent-needed' })
  })

  it('refuses sessions after the consent code was wrong three times', async () => {
    const { url, grant, redirection, audited } = await world({ consent: ['4294967295', '3'] })
    for (const right of [false, false, false]) {
      redirection.consent.allow(GUID)
      redirection.consent.tried(GUID, right)
    }

    expect(() => redirection.consent.allow(GUID)).toThrow(/wrong three times/)
    expect((await knock(url, await grant(), query('kvm'))).status).toBe(403)
    expect((await audited()).at(-1)).toMatchObject({
      action: 'redirection.open',
      outcome: 'refused',
      reason: 'consent-tries-exhausted',
    })
    redirection.consent.shown(GUID)
    expect((await knock(url, await grant(), query('kvm'))).status).toBe(101)
  })
})

describe('how a relayed session ends', () => {
  const ended = (socket: WebSocket | undefined) =>
    new Promise<{ code: number; reason: string }>(resolve =>
      socket?.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    )

  it('hands on a refused start and closes', async () => {
    const { url, grant } = await world({ port: redirectionPort({ startStatus: 2 }) })
    const { socket } = await knock(url, await grant('sol'), query('sol'))
    const frames: Buffer[] = []
    socket?.on('message', data => void frames.push(data as Buffer))

    socket?.send(Buffer.from('10000000534f4c20', 'hex'))
    const { reason } = await ended(socket)

    expect(Buffer.concat(frames).subarray(0, 2)).toEqual(Buffer.of(0x11, 2))
    expect(reason).toContain('refused: busy')
  })

  it('tells the browser that the device does not take the password', async () => {
    const { url, grant, audited } = await world({ port: redirectionPort({ password: 'another' }) })
    const { made, start } = toolkit([]).redirector(1, 'sol', url, await grant('sol'))

    start()
    await until(
      async () => made.connectState,
      state => state === -1,
    )

    await until(audited, entries => entries.some(each => each.reason === 'amt-unauthorized'))
  })

  it('does not let a session of one kind become one of another', async () => {
    const { url, grant } = await world()
    const { socket } = await knock(url, await grant('sol'), query('sol'))

    socket?.send(Buffer.from('100100004b564d52', 'hex'))

    expect((await ended(socket)).reason).toContain('mode')
  })

  it('says who ended it, how much passed, and what the recording ends in', async () => {
    const { url, grant, port, audited, recordings } = await world()
    const { made, start } = toolkit([]).redirector(1, 'sol', url, await grant('sol'))
    let shown = ''
    made.onProcessData = (text: string) => {
      shown += text
    }
    start()
    await until(
      async () => made.state,
      state => state === 3,
    )
    made.send('uname -a')
    await until(
      async () => shown,
      text => text === 'uname -a',
    )

    port.streams[0]!.destroy()
    await until(
      async () => made.state,
      state => state === 0,
    )
    const entries = await until(audited, all => all.some(each => each.action === 'redirection.close'))

    const close = entries.at(-1)
    expect(close.principal).toMatchObject({ id: 'toolkit-operator' })
    expect(close.detail).toMatchObject({ mode: 'sol', kind: 'relay', endedBy: 'device' })
    expect(close.detail.received).toBeGreaterThan(8)
    const [kept] = recordings.kept
    expect(kept!.closed).toBe(true)
    const lines = kept!.chunks
      .map(each => each.text)
      .join('')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines[0]).toMatchObject({ version: 2 })
    expect(
      lines
        .slice(1)
        .map(([, kind, text]) => `${kind}${text}`)
        .join(''),
    ).toBe('ouname -a')
    expect(firstBroken(kept!.about, kept!.chunks, { end: close.detail.recording, digest: sha256 })).toBeUndefined()
  })

  it('is ended by an operator, with the channel closed once that is said', async () => {
    const { url, grant, port, redirection, audited } = await world()
    const { socket } = await knock(url, await grant('sol'), query('sol'))
    await until(
      async () => port.streams.length,
      count => count === 1,
    )
    const over = ended(socket)

    await redirection.live.end(GUID, 'operator: somebody')

    expect(port.streams[0]!.destroyed).toBe(true)
    expect((await over).reason).toContain('operator')
    expect(redirection.live.of(GUID)).toEqual([])
    expect((await audited()).at(-1).detail).toMatchObject({ endedBy: 'controller' })
  })

  it('leaves nothing behind when it is ended while it opens', async () => {
    const { url, grant, redirection, audited, recordings } = await world()
    const { made, start } = toolkit([]).redirector(1, 'sol', url, await grant('sol'))
    start()
    await until(
      async () => recordings.kept.length,
      count => count === 1,
    )

    await redirection.live.end(GUID, 'at once')

    await until(
      async () => made.state,
      state => state === 0,
    )
    expect(recordings.kept[0]!.closed).toBe(true)
    expect((await audited()).map(each => each.action)).toEqual(['redirection.open', 'redirection.close'])
  })

  it('is ended when its recording cannot be kept', async () => {
    const { url, grant, audited } = await world({ recordingLimit: 200 })
    const { made, start } = toolkit([]).redirector(1, 'sol', url, await grant('sol'))
    start()
    await until(
      async () => made.state,
      state => state === 3,
    )

    made.send('x'.repeat(60_000))
    made.send('x'.repeat(60_000))

    await until(
      async () => made.state,
      state => state === 0,
    )
    const entries = await until(audited, all => all.some(each => each.action === 'redirection.close'))
    expect(entries.at(-1).detail.why).toBe('recording-failed')
  })
})
