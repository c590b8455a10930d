// SPDX-License-Identifier: Apache-2.0
/** Dialing a controller: what is believed, what is refused, and what a proxy may do to it. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { createServer as createHttp } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { createServer as createTls, type TLSSocket, type TlsOptions } from 'node:tls'
import { Type } from 'typebox'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type DialOptions, dialTls } from '../../agent/link/dial.ts'
import { endpointOf, requestJson } from '../../agent/link/https.ts'
import { connectionProblem } from '../../agent/link/tls-failures.ts'
import { createSystem } from '../../agent/system/real.ts'
import type { System } from '../../agent/system/system.ts'
import { DAY, HOUR, MINUTE, Problem } from '../../plugins/contract/index.ts'
import { type Authority, createAuthority, type Issuer } from '../../provisioning/pki/authority.ts'
import { issueHost, issueServer } from '../../provisioning/pki/issue.ts'
import { createKey, fingerprintOf, publicHalf } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { buildCertificate } from '../../provisioning/pki/x509.ts'

const now = Date.now()
const open: { close(): void }[] = []
let authority: Authority
let good: Issuer

beforeAll(async () => {
  authority = await createAuthority({ now: now - 30 * DAY })
  good = await issueServer(authority.issuing, { names: ['localhost', '127.0.0.1', '::1'], now })
})

afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

const never = new AbortController().signal
const pinned = () => ({ pinnedRoot: fingerprintOf(authority.root.certificate) })
const roots = () => ({ roots: [authority.root.certificate] })

function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  open.push({
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))
}

type Controller = { readonly port: number; readonly heard: () => string; readonly sessions: TLSSocket[] }

/** A server that keeps what it hears and greets each session. */
async function controller({ certificate, privateKey }: Issuer, more: TlsOptions = {}): Promise<Controller> {
  let heard = ''
  const sessions: TLSSocket[] = []
  const server = createTls({ cert: certificate, key: privateKey, ...more }, socket => {
    sessions.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', bytes => {
      heard += bytes
      socket.write('welcome')
    })
  })
  server.on('tlsClientError', () => undefined)
  return { port: await listening(server), heard: () => heard, sessions }
}

async function dial(port: number, more: Partial<DialOptions> = {}): Promise<TLSSocket> {
  const socket = await dialTls({
    system: createSystem({ env: {} }),
    target: { host: 'localhost', port },
    trust: roots(),
    signal: never,
    ...more,
  })
  open.push({ close: () => socket.destroy() })
  return socket
}

function say(socket: Duplex, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', bytes => resolve(String(bytes)))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed')))
    socket.write(text)
  })
}

async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const thrown = await promise.then(
    () => new Error('it succeeded'),
    reason => reason,
  )
  if (thrown instanceof Problem) return thrown
  throw thrown
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => (await problemOf(promise)).code

describe('a controller we know', () => {
  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('is believed %s and speaks TLS 1.3', async (_, trust) => {
    const { port } = await controller(good)

    const socket = await dial(port, { trust: trust() })

    expect(socket.getProtocol()).toBe('TLSv1.3')
    expect(await say(socket, 'hello')).toBe('welcome')
  })

  it.each(['127.0.0.1', 'localhost'])('is believed under each of its names: %s', async host => {
    const { port } = await controller(good)

    for (const trust of [roots(), pinned()]) {
      const socket = await dial(port, { trust, target: { host, port } })
      expect(await say(socket, 'hello')).toBe('welcome')
    }
  })

  it('agrees on the protocol we ask for', async () => {
    const { port } = await controller(good, { ALPNProtocols: ['mqtt', 'http/1.1'] })

    expect((await dial(port, { alpn: ['http/1.1'] })).alpnProtocol).toBe('http/1.1')
  })

  it('sees the certificate of the host', async () => {
    const { port, sessions } = await controller(good, {
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.root.certificate,
    })

    const socket = await dial(port, { identity: await hostIdentity(authority.issuing) })

    expect(await say(socket, 'hello')).toBe('welcome')
    expect(sessions[0]?.getPeerX509Certificate()?.subject).toBe('CN=host-12345678')
  })

  it('is reached over any stream the network hands out', async () => {
    const { port } = await controller(good)
    const system = over(inner => Duplex.from({ readable: inner, writable: inner }))

    for (const trust of [roots(), pinned()]) {
      expect(await say(await dial(port, { system, trust }), 'hello')).toBe('welcome')
    }
  })
})

describe('a server that is not our controller', () => {
  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('is refused %s when another root stands above it, and hears nothing', async (_, trust) => {
    const foreign = await createAuthority({ now })
    const { port, heard, sessions } = await controller(
      await issueServer(foreign.issuing, { names: ['localhost'], now }),
    )

    expect(await codeOf(dial(port, { trust: trust() }))).toBe('untrusted-controller')
    expect(heard()).toBe('')
    expect(sessions.every(each => each.bytesRead === 0)).toBe(true)
  })

  it('is refused when it shows our root beside a chain that does not lead there', async () => {
    const foreign = await createAuthority({ now })
    const { certificate, privateKey } = await issueServer(foreign.issuing, { names: ['localhost'], now })
    const { port } = await controller({ certificate: certificate + authority.root.certificate, privateKey })

    expect(await codeOf(dial(port, { trust: pinned() }))).toBe('untrusted-controller')
  })

  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('is refused %s when its certificate only claims to be signed by ours', async (_, trust) => {
    const privateKey = await createKey()
    const forged = await buildCertificate({
      commonName: 'localhost',
      purpose: { kind: 'server', names: [{ type: 'dns', value: 'localhost' }] },
      publicKey: publicHalf(privateKey),
      issuer: authority.issuing.certificate,
      signingKey: createPrivateKey(privateKey),
      notBefore: now - HOUR,
      notAfter: now + HOUR,
    })
    const { port, heard } = await controller({ certificate: forged + authority.issuing.certificate, privateKey })

    expect(await codeOf(dial(port, { trust: trust() }))).toBe('untrusted-controller')
    expect(heard()).toBe('')
  })

  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('is refused %s when it shows the certificate of a host', async (_, trust) => {
    const { certificate, key } = await hostIdentity(authority.issuing)
    const { port } = await controller({ certificate, privateKey: key })

    const code = await codeOf(dial(port, { trust: trust(), servername: 'host-12345678' }))

    expect(code).toBe('untrusted-controller')
  })

  it('is refused when it does not send the root that was pinned', async () => {
    const { certificate, privateKey } = good
    const withoutRoot = certificate
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .slice(0, 2)
      .join('')
    const { port } = await controller({ certificate: withoutRoot, privateKey })

    expect(await codeOf(dial(port, { trust: pinned() }))).toBe('untrusted-controller')
    expect(await say(await dial(port), 'hello')).toBe('welcome')
  })

  it('is refused when it speaks TLS 1.2 at most', async () => {
    const { port } = await controller(good, { maxVersion: 'TLSv1.2' })

    const problem = await problemOf(dial(port))

    expect(problem.code).toBe('untrusted-controller')
    expect(problem.detail).toContain('TLS 1.3')
  })

  it('is refused when it does not speak TLS at all', async () => {
    const port = await listening(createTcp(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))

    expect(await codeOf(dial(port))).toBe('untrusted-controller')
  })

  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('is refused %s under a name it has no certificate for', async (_, trust) => {
    const { port } = await controller(await issueServer(authority.issuing, { names: ['ctl.example'], now }))

    expect(await codeOf(dial(port, { trust: trust() }))).toBe('name-mismatch')
    expect(await codeOf(dial(port, { trust: trust(), target: { host: '127.0.0.1', port } }))).toBe('name-mismatch')
    expect(await say(await dial(port, { trust: trust(), servername: 'ctl.example' }), 'hello')).toBe('welcome')
  })
})

describe('time', () => {
  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('tells an expired certificate from one that is not valid yet, %s', async (_, trust) => {
    const expired = await controller(
      await issueServer(authority.issuing, { names: ['localhost'], now: now - 20 * DAY, lifeMs: DAY }),
    )
    const early = await controller(await issueServer(authority.issuing, { names: ['localhost'], now: now + 2 * HOUR }))

    expect(await codeOf(dial(expired.port, { trust: trust() }))).toBe('certificate-expired')
    expect(await codeOf(dial(early.port, { trust: trust() }))).toBe('clock-behind')
  })

  it('can be judged at a moment we know better than our clock', async () => {
    const late = now + 100 * DAY
    const { port } = await controller(await issueServer(authority.issuing, { names: ['localhost'], now: late }))
    const foreign = await createAuthority({ now })

    expect(await say(await dial(port, { at: late + MINUTE }), 'hello')).toBe('welcome')
    expect(await codeOf(dial(port, { at: late - HOUR }))).toBe('clock-behind')
    expect(await codeOf(dial(port, { at: late, trust: { roots: [foreign.root.certificate] } }))).toBe(
      'untrusted-controller',
    )
  })

  it('is judged by the clock of the system when only a fingerprint is known', async () => {
    const { port } = await controller(good)
    const real = createSystem({ env: {} })
    const system = { ...real, clock: { ...real.clock, now: () => 0 } }

    expect(await codeOf(dial(port, { system, trust: pinned() }))).toBe('clock-behind')
  })
})

describe('a controller that refuses us', () => {
  const strict = () => ({ requestCert: true, rejectUnauthorized: true, ca: authority.root.certificate })

  it('says so after the handshake, in words a host can use', async () => {
    const { port } = await controller(good, strict())

    const socket = await dial(port)
    const thrown = await new Promise<Error>(resolve => socket.once('error', resolve))

    const problem = connectionProblem(thrown, { host: 'localhost', port })
    expect(problem.code).toBe('certificate-refused')
    expect(problem.fields).toMatchObject({ alert: 'certificate-required' })
  })

  it('may also hang up without a word', async () => {
    const foreign = await createAuthority({ now })
    const { port, heard } = await controller(good, strict())

    const socket = await dial(port, { identity: await hostIdentity(foreign.issuing) })

    await expect(say(socket, 'hello')).rejects.toThrow()
    expect(heard()).toBe('')
  })
})

describe('the way there', () => {
  it('ends where nobody listens', async () => {
    const server = createTcp()
    const port = await listening(server)
    await new Promise(resolve => server.close(resolve))

    const problem = await problemOf(dial(port))

    expect(problem.code).toBe('unreachable')
    expect(problem.fields).toMatchObject({ host: 'localhost', port, cause: 'ECONNREFUSED' })
  })

  it('ends at a name nobody has', async () => {
    const problem = await problemOf(dial(443, { target: { host: 'no-such-name.invalid', port: 443 } }))

    expect(problem.code).toBe('unreachable')
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(problem.fields.cause)
  })

  it('ends when the other side hangs up during the handshake', async () => {
    const port = await listening(createTcp(socket => socket.once('data', () => socket.destroy())))

    expect(await codeOf(dial(port))).toBe('unreachable')
  })

  it('is left open by nobody when the controller is not believed, or no longer needed', async () => {
    const foreign = await createAuthority({ now })
    const strange = await controller(await issueServer(foreign.issuing, { names: ['localhost'], now }))
    const { port } = await controller(good)
    const streams: Promise<unknown>[] = []
    const system = over(inner => {
      const stream = Duplex.from({ readable: inner, writable: inner })
      streams.push(new Promise(resolve => stream.once('close', resolve)))
      return stream
    })

    expect(await codeOf(dial(strange.port, { system }))).toBe('untrusted-controller')
    const socket = await dial(port, { system })
    socket.destroy()

    expect(await Promise.all(streams)).toHaveLength(2)
  })

  it('is given up when the handshake takes too long', async () => {
    const port = await listening(createTcp())
    const { system, strike } = impatient()

    const dialing = problemOf(dial(port, { system }))
    await strike()

    expect((await dialing).fields).toMatchObject({ cause: 'ETIMEDOUT' })
  })

  it('is given up when nobody wants it any more', async () => {
    const reached = Promise.withResolvers<Socket>()
    const port = await listening(createTcp(socket => reached.resolve(socket)))
    const wanted = new AbortController()

    const dialing = dial(port, { signal: wanted.signal })
    const socket = await reached.promise
    const closed = new Promise(resolve => socket.once('close', resolve))
    wanted.abort(new Error('not wanted'))

    await expect(dialing).rejects.toThrow('not wanted')
    socket.resume()
    await closed
    await expect(dial(port, { signal: wanted.signal })).rejects.toThrow('not wanted')
  })
})

describe('a proxy', () => {
  type Asked = { readonly authority: string; readonly authorization: string | undefined }

  async function proxy(answer: (socket: Duplex, asked: Asked) => void): Promise<{ port: number; asked: Asked[] }> {
    const asked: Asked[] = []
    const server = createHttp()
    server.on('connect', (request, socket) => {
      const each = { authority: request.url ?? '', authorization: request.headers['proxy-authorization'] }
      asked.push(each)
      socket.on('error', () => undefined)
      answer(socket, each)
    })
    return { port: await listening(server), asked }
  }

  function through(socket: Duplex, { authority: to }: Asked): void {
    const far = connect(Number(to.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n')
      far.pipe(socket).pipe(far)
    })
    far.on('error', () => socket.destroy())
    socket.once('close', () => far.destroy())
  }

  const by = (url: string): System => createSystem({ env: { HTTPS_PROXY: url } })
  const target = (port: number) => ({ host: 'ctl.example', port })

  it.each([
    ['by its root', roots],
    ['by the fingerprint of its root', pinned],
  ])('leads to a controller known %s', async (_, trust) => {
    const { port } = await controller(await issueServer(authority.issuing, { names: ['ctl.example'], now }))
    const { port: proxyPort, asked } = await proxy(through)

    const socket = await dial(port, {
      system: by(`http://user:p%40ss@127.0.0.1:${proxyPort}`),
      target: target(port),
      trust: trust(),
    })

    expect(await say(socket, 'hello')).toBe('welcome')
    const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
    expect(asked).toEqual([{ authority: `ctl.example:${port}`, authorization: basic }])
  })

  it.each([407, 403, 502])('that answers %i is named without its password', async status => {
    const { port } = await proxy(socket => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`))

    const problem = await problemOf(
      dial(443, { system: by(`http://user:secret@127.0.0.1:${port}`), target: target(443) }),
    )

    expect(problem.code).toBe('proxy-refused')
    expect(problem.fields).toEqual({ proxy: `127.0.0.1:${port}`, status })
    expect(JSON.stringify(problem)).not.toContain('secret')
  })

  it.each([
    ['answers nonsense', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'does not answer like'],
    ['never ends its answer', `HTTP/1.1 200 OK\r\n${'X-Filler: filler\r\n'.repeat(600)}`, 'has no end'],
    ['speaks before the controller does', 'HTTP/1.1 200 OK\r\n\r\n<html>', 'bytes of its own'],
  ])('that %s is refused', async (_, text, why) => {
    const { port } = await proxy(socket => socket.write(text))

    const problem = await problemOf(dial(443, { system: by(`127.0.0.1:${port}`), target: target(443) }))

    expect(problem.code).toBe('proxy-refused')
    expect(problem.detail).toContain(why)
  })

  it('that hangs up is refused', async () => {
    const { port } = await proxy(socket => socket.end())

    expect(await codeOf(dial(443, { system: by(`http://127.0.0.1:${port}`), target: target(443) }))).toBe(
      'proxy-refused',
    )
  })

  it('is never handed a name that could carry another header', async () => {
    const { port, asked } = await proxy(through)
    const host = 'ctl.example:1 HTTP/1.1\r\nX-Evil: yes\r\n'

    expect(await codeOf(dial(443, { system: by(`http://127.0.0.1:${port}`), target: { host, port: 443 } }))).toBe(
      'proxy-refused',
    )
    expect(asked).toEqual([])
  })
})

describe('a question over HTTPS', () => {
  const schema = Type.Object({ name: Type.String() })

  async function answering(answer: string): Promise<number> {
    const server = createTls({ cert: good.certificate, key: good.privateKey }, socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    })
    return listening(server)
  }

  const json = (status: string, body: unknown): string => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  }

  function ask(port: number, more: object = {}) {
    const system = createSystem({ env: {} })
    const target = { host: 'localhost', port }
    return requestJson({
      system,
      target,
      trust: roots(),
      method: 'GET',
      path: '/thing',
      schema,
      signal: never,
      ...more,
    })
  }

  it('is answered', async () => {
    expect(await ask(await answering(json('200 OK', { name: 'anna' })))).toEqual({
      status: 200,
      body: { name: 'anna' },
    })
  })

  it('carries its body as JSON', async () => {
    const heard = Promise.withResolvers<string>()
    const server = createTls({ cert: good.certificate, key: good.privateKey }, socket => {
      socket.once('data', bytes => {
        heard.resolve(String(bytes))
        socket.end(json('201 Created', { name: 'b' }))
      })
    })
    const port = await listening(server)

    await ask(port, { method: 'POST', body: { a: 'ü' } })

    const text = await heard.promise
    expect(text).toMatch(new RegExp(`^POST /thing HTTP/1.1\r\nhost: localhost:${port}\r\n`, 'i'))
    expect(text).toContain('content-length: 10')
    expect(text.endsWith('{"a":"ü"}')).toBe(true)
  })

  it('that the controller refuses fails as the controller says', async () => {
    const document = {
      type: '/problems/token-refused',
      title: 'No',
      status: 401,
      code: 'token-refused',
      retry: 'never',
      next: 'ask',
    }

    const problem = await problemOf(ask(await answering(json('401 Unauthorized', document))))

    expect(problem.toJSON()).toEqual(document)
  })

  it.each([
    ['what the schema does not say', json('200 OK', { name: 1 })],
    ['what is not JSON', json('200 OK', '<html>')],
    ['a redirect', json('302 Found', {})],
    ['an error in words of its own', json('502 Bad Gateway', '<html>gateway</html>')],
  ])('that is answered with %s fails', async (_, answer) => {
    expect(await codeOf(ask(await answering(answer)))).toBe('answer-unusable')
  })

  it('that is answered at greater length than is read fails before the end', async () => {
    const text = `HTTP/1.1 200 OK\r\nContent-Length: ${2 ** 30}\r\n\r\n${'x'.repeat(300_000)}`
    const server = createTls({ cert: good.certificate, key: good.privateKey }, socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(text))
    })

    const problem = await problemOf(ask(await listening(server)))

    expect(problem).toMatchObject({ code: 'answer-unusable', detail: '/thing: more than 262144 bytes' })
  })

  it('that is answered with half an answer fails', async () => {
    expect(await codeOf(ask(await answering('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"na')))).toBe('unreachable')
  })

  it('that is never answered fails in time', async () => {
    let isAsked = false
    const silent = createTls({ cert: good.certificate, key: good.privateKey }, socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        isAsked = true
      })
    })
    const { system, strike } = impatient()

    const asking = codeOf(ask(await listening(silent), { system }))
    await strike(() => isAsked)

    expect(await asking).toBe('timed-out')
  })

  it('whose answer lies in the socket when the time runs out is answered', async () => {
    let isAnswered = false
    const server = createTls({ cert: good.certificate, key: good.privateKey }, socket => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.end(json('200 OK', { name: 'x' }), () => {
          isAnswered = true
        })
      })
    })
    const { system, strike } = impatient()

    const asking = ask(await listening(server), { system })
    await strike(() => isAnswered)

    expect(await asking).toMatchObject({ status: 200 })
  })

  it('learns that the controller wants a certificate', async () => {
    const { port } = await controller(good, {
      requestCert: true,
      rejectUnauthorized: true,
      ca: authority.root.certificate,
    })

    expect(await codeOf(ask(port))).toBe('certificate-refused')
  })

  it.each([
    ['https://ctl.example:8443', { host: 'ctl.example', port: 8443 }],
    ['https://[::1]:8443/', { host: '::1', port: 8443 }],
    ['https://10.0.0.1', { host: '10.0.0.1', port: 443 }],
  ])('goes to %s', (url, target) => {
    expect(endpointOf(url)?.target).toEqual(target)
  })

  it.each([
    'http://ctl.example',
    'https://a:b@ctl.example',
    'https://ctl.example/x',
    'https://ctl.example/?a',
    'ctl.example',
  ])('does not go to %s', url => {
    expect(endpointOf(url)).toBeUndefined()
  })
})

async function hostIdentity(issuing: Issuer) {
  const key = await createKey()
  const names = { host: 'host-12345678', project: 'default', installation: 'test', epoch: 1 }
  const leaf = await issueHost(issuing, { publicKeyFrom: createRequest(key), ...names, now })
  expect(new X509Certificate(leaf).subject).toBe('CN=host-12345678')
  return { certificate: leaf + issuing.certificate, key }
}

/** The real machine, but every connection is handed out as the given stream over it. */
function over(wrap: (inner: Duplex) => Duplex): System {
  const system = createSystem({ env: {} })
  const connect: System['network']['connect'] = async (target, signal) =>
    wrap(await system.network.connect(target, signal))
  return { ...system, network: { ...system.network, connect } }
}

/** The real machine, but its timers run out when the test says so. */
function impatient(): { readonly system: System; readonly strike: (when?: () => boolean) => Promise<void> } {
  const real = createSystem({ env: {} })
  const timers = new Set<() => void>()
  const after = (_: number, act: () => void) => {
    timers.add(act)
    return () => timers.delete(act)
  }
  const connected = Promise.withResolvers<void>()
  const connect: System['network']['connect'] = async (target, signal) => {
    const stream = await real.network.connect(target, signal)
    setImmediate(() => connected.resolve())
    return stream
  }
  return {
    system: { ...real, clock: { ...real.clock, after }, network: { ...real.network, connect } },
    strike: async (when = () => true) => {
      await connected.promise
      while (!when()) await new Promise(resolve => setImmediate(resolve))
      for (const act of [...timers]) act()
    },
  }
}
