// SPDX-License-Identifier: Apache-2.0
/** The client against a server of another make: over TCP and TLS, with pins, nonces, faults and cuts. */
import { X509Certificate } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { createWsman } from '../../controller/modules/oob/wsman/client.ts'
import { channelExchange } from '../../controller/modules/oob/wsman/exchange.ts'
import { lanDial } from '../../controller/modules/oob/wsman/lan.ts'
import { type DeviceTls, overTls, pinned } from '../../controller/modules/oob/wsman/tls.ts'
import { Secret } from '../../controller/secrets/secrets.ts'
import { realClock, realRandom } from '../../controller/system/clock.ts'
import { createAuthority } from '../../provisioning/pki/authority.ts'
import { issueServer } from '../../provisioning/pki/issue.ts'
import { silent } from '../support/kernel.ts'
import {
  type Answer,
  type Asked,
  envelope,
  startWsmanServer,
  type WsmanServerOptions,
} from '../support/wsman-server.ts'

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

type Options = Partial<WsmanServerOptions> & {
  readonly secure?: DeviceTls
  readonly candidates?: readonly string[]
}

async function rig({ secure, candidates = ['P@ssw0rd'], ...options }: Options = {}) {
  const server = await startWsmanServer({ answer: () => '<h:AMT_GeneralSettings/>', ...options })
  const lan = lanDial('127.0.0.1', realClock)
  const dial = secure === undefined ? lan : overTls(lan, secure)
  const verified: number[] = []
  const wsman = createWsman({
    guid: '4c4c4544-0000-1000-8000-000000000001',
    exchange: channelExchange({ dial, port: server.port, clock: realClock }),
    credentials: async () => ({
      username: 'admin',
      passwords: candidates.map((value, at) => ({ version: at + 1, value: Secret.of(value) })),
    }),
    verified: version => void verified.push(version),
    clock: realClock,
    random: realRandom,
    log: silent,
  })
  opened.push(server, wsman)
  return { server, state: server.state, wsman, verified }
}

const settings = (members: string): string => `<h:AMT_GeneralSettings>${members}</h:AMT_GeneralSettings>`
const echo = ({ content }: Asked): Answer => settings(`<h:HostName>${escapeIt(content.HostName)}</h:HostName>`)
const escapeIt = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const failure = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => expect.fail('it succeeded'),
    (thrown: unknown) => thrown,
  )

describe('over TCP', () => {
  it('asks for one challenge for many calls over one connection', async () => {
    const { wsman, state, verified } = await rig()

    for (let at = 0; at < 20; at++) await wsman.get('AMT_GeneralSettings')

    expect(state).toMatchObject({ challenges: 1, connections: 1 })
    expect(state.asked).toHaveLength(20)
    expect(new Set(state.asked.map(({ id }) => id)).size).toBe(20)
    expect(verified).toEqual([1])
  })

  it('sends the headers that MPS sends, in its order', async () => {
    const { wsman, state } = await rig()

    await wsman.get('AMT_GeneralSettings')

    expect(state.headers[0]).toEqual(['Authorization', 'Host', 'Content-Length'])
  })

  it('goes on when the nonce is good for one request only', async () => {
    const { wsman, state } = await rig({ nonces: 'once' })

    for (let at = 0; at < 5; at++) await wsman.get('AMT_GeneralSettings')

    expect(state.challenges).toBe(5)
    expect(state.asked).toHaveLength(5)
  })

  it('gives up on a device that changes its nonce and lets nobody in', async () => {
    const { wsman, state } = await rig({ nonces: 'always' })

    expect((await failure(wsman.get('AMT_GeneralSettings'))).code).toBe('amt-unauthorized')
    expect(state.challenges).toBeLessThanOrEqual(3)
  })

  it.each([1, 3, 64])('reads replies that come in pieces of %i bytes', async pieces => {
    const { wsman } = await rig({ pieces, answer: () => settings(`<h:HostName>${'ö日'.repeat(300)}</h:HostName>`) })

    expect((await wsman.get('AMT_GeneralSettings')).content.HostName).toBe('ö日'.repeat(300))
  })

  it.each(['chunked', 'length', 'close'] as const)('reads replies with framing %s', async framing => {
    const { wsman, state } = await rig({ framing })

    for (let at = 0; at < 3; at++) await wsman.get('AMT_GeneralSettings')

    expect(state.connections).toBe(framing === 'close' ? 3 : 1)
  })

  it.each(['P&ss<w>0rd"\'', 'Zoë&日本😀', 'a\'b"c'])(
    'carries %s as it is, in requests and as the password',
    async text => {
      const { wsman, state } = await rig({ answer: echo, password: text, candidates: [text] })

      const { content } = await wsman.put('AMT_GeneralSettings', { HostName: text })

      expect(state.asked[0]?.content.HostName).toBe(text)
      expect(content.HostName).toBe(text)
    },
  )

  it('finds the password that is in force after a cut', async () => {
    const { wsman, verified } = await rig({ password: 'pending', candidates: ['active', 'pending', 'previous'] })

    await wsman.get('AMT_GeneralSettings')

    expect(verified).toEqual([2])
  })

  it('goes on after the device dropped the connection, for reads and for acts', async () => {
    const { wsman, server, state } = await rig({
      answer: ({ verb }) =>
        verb === 'Act' ? '<h:Act_OUTPUT><h:ReturnValue>0</h:ReturnValue></h:Act_OUTPUT>' : settings(''),
    })
    await wsman.get('AMT_GeneralSettings')
    server.drop()
    await wsman.get('AMT_GeneralSettings')
    server.drop()

    expect((await wsman.invoke('AMT_GeneralSettings', 'Act')).returnValue).toBe(0)
    expect(state.asked.filter(({ verb }) => verb === 'Act')).toHaveLength(1)
  })

  it('sends an act once, also when the connection is lost under it', async () => {
    const { wsman, server, state } = await rig({
      answer: async () => {
        server.drop()
        return ''
      },
    })

    expect(await failure(wsman.invoke('AMT_X', 'Act'))).toMatchObject({
      code: 'amt-timeout',
      fields: { sent: true, closed: true },
    })
    expect(state.asked).toHaveLength(1)
  })

  it('repeats a read that met a busy device', async () => {
    let calls = 0
    const fault =
      '<a:Fault><a:Code><a:Value>a:Receiver</a:Value></a:Code><a:Reason><a:Text>busy</a:Text></a:Reason></a:Fault>'
    const { wsman } = await rig({
      answer: ({ id }) => (++calls < 2 ? { status: 500, body: envelope(fault, id) } : settings('')),
    })

    await wsman.get('AMT_GeneralSettings')

    expect(calls).toBe(2)
  })

  it('ends at the deadline when the device does not answer', async () => {
    const { wsman } = await rig({ answer: () => new Promise(() => {}) })

    expect(await failure(wsman.get('AMT_GeneralSettings', { deadlineMs: 150 }))).toMatchObject({
      code: 'amt-timeout',
      fields: { sent: true },
    })
  })
})

describe('hostile replies', () => {
  it.each([
    ['10 MB', { status: 200, body: envelope(`<h:X>${'x'.repeat(10_485_760)}</h:X>`, '1') }],
    [
      'a document type with an entity',
      { status: 200, body: '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>' },
    ],
    ['an external entity', { status: 200, body: '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>' }],
    ['another namespace', { status: 200, body: envelope('', '1').replace('2003/05/soap-envelope', '1999/soap') }],
    [
      'a login page',
      { status: 200, type: 'text/html', body: '<!DOCTYPE html><html><body><form>Log on</form></body></html>' },
    ],
    [
      'a login page without a type',
      { status: 200, type: 'text/html', body: '<html><body><form>Log on</form></body></html>' },
    ],
  ])('are refused: %s', async (_, answer) => {
    const { wsman, state } = await rig({ answer: () => answer, framing: 'chunked' })
    const before = process.memoryUsage().rss

    const thrown = await failure(wsman.get('AMT_GeneralSettings'))

    expect(thrown.code).toBe('amt-unexpected')
    expect(JSON.stringify(thrown)).not.toMatch(/Log on|passwd|aaaa|xxxx/)
    expect(state.asked).toHaveLength(1)
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000) // the server makes 10 MB and more of it
  })
})

describe('over TLS', () => {
  const certificate = (async () => {
    const authority = await createAuthority({ now: Date.now(), random: realRandom })
    const { certificate: cert, privateKey: key } = await issueServer(authority.issuing, {
      names: ['device.example'],
      now: Date.now(),
    })
    return { key, cert, pin: new X509Certificate(cert).fingerprint256 }
  })()

  it('talks to a device with the pinned certificate, and keeps the connection', async () => {
    const { pin, ...tls } = await certificate
    const { wsman, state } = await rig({ tls, secure: { trusts: pinned('00'.repeat(32), pin) } })

    for (let at = 0; at < 5; at++) await wsman.get('AMT_GeneralSettings')

    expect(state).toMatchObject({ connections: 1, challenges: 1 })
  })

  it('sends nothing to a device with another certificate', async () => {
    const { pin: _, ...tls } = await certificate
    const { wsman, state } = await rig({ tls, secure: { trusts: pinned('00'.repeat(32)) } })

    expect((await failure(wsman.get('AMT_GeneralSettings'))).code).toBe('amt-untrusted')
    expect(state).toMatchObject({ challenges: 0, asked: [] })
  })

  it('gives the judge the whole chain, leaf first', async () => {
    const { pin, ...tls } = await certificate
    const chains: (readonly Uint8Array[])[] = []
    const { wsman } = await rig({ tls, secure: { trusts: chain => chains.push(chain) > 0 } })

    await wsman.get('AMT_GeneralSettings')

    const [leaf, ...above] = chains[0]!.map(each => new X509Certificate(each))
    expect(leaf!.fingerprint256).toBe(pin)
    expect(leaf!.issuer).toBe(above[0]!.subject)
  })

  it('agrees on TLS 1.2 at most while a device is provisioned', async () => {
    const { pin, ...tls } = await certificate
    const modern = { ...tls, minVersion: 'TLSv1.3' } as const
    const { wsman } = await rig({ tls: modern, secure: { trusts: pinned(pin), provisioning: true } })

    expect((await failure(wsman.invoke('AMT_X', 'Act'))).code).toBe('amt-channel-refused')
  })

  it('refuses TLS 1.1 by default and takes it from old firmware', async () => {
    const { pin, ...tls } = await certificate
    const old = { ...tls, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const strict = await rig({ tls: old, secure: { trusts: pinned(pin) } })
    const lenient = await rig({ tls: old, secure: { trusts: pinned(pin), legacy: true } })

    expect((await failure(strict.wsman.invoke('AMT_X', 'Act'))).code).toBe('amt-channel-refused')
    await expect(lenient.wsman.get('AMT_GeneralSettings')).resolves.toBeDefined()
  })

  it('is no agreement with a port that speaks plain', async () => {
    const { pin } = await certificate
    const { wsman } = await rig({ secure: { trusts: pinned(pin) } })

    expect((await failure(wsman.invoke('AMT_X', 'Act'))).code).toBe('amt-channel-refused')
  })
})

describe('dialling an address', () => {
  it('is refused where nothing listens', async () => {
    const { server } = await rig()
    await server.close()

    const dialled = lanDial('127.0.0.1', realClock)(server.port, new AbortController().signal)

    expect((await failure(dialled)).code).toBe('amt-channel-refused')
  })

  it('ends with the signal', async () => {
    const dialled = lanDial('127.0.0.1', realClock)(1, AbortSignal.abort(new Error('enough')))

    expect((await failure(dialled)).message).toBe('enough')
  })
})
