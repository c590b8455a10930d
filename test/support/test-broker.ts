// SPDX-License-Identifier: Apache-2.0
/** A broker with certificates and a controller's answers, so small that a test can make it say anything. */
import { createServer as createHttps, type Server as HttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTls } from 'node:tls'
import { Aedes, type Client } from 'aedes'
import { createWebSocketStream, WebSocketServer } from 'ws'
import type { NewIdentity } from '../../agent/identity/identity.ts'
import {
  type Birth,
  type CommandHead,
  newUlid,
  type PresenceMessage,
  parseTopic,
  type ReportedMessage,
  type ResultMessage,
  type SessionHead,
  type TopicOwner,
  topicOf,
} from '../../plugins/contract/index.ts'
import { type Authority, createAuthority } from '../../provisioning/pki/authority.ts'
import { issueHost, issueServer } from '../../provisioning/pki/issue.ts'
import { createKey, fingerprintOf } from '../../provisioning/pki/keys.ts'
import { createRequest } from '../../provisioning/pki/request.ts'
import { createSigningKey, digestOf, signHead } from '../../provisioning/pki/signing.ts'
import { signTrust } from '../../provisioning/pki/trust.ts'

export const HOST: TopicOwner = { project: 'default', host: 'host-0a1b2c3d' }
const INSTALLATION = 'test-installation'
const DAY = 86_400_000

export type Heard =
  | { readonly kind: 'presence'; readonly body: PresenceMessage }
  | { readonly kind: 'result'; readonly body: ResultMessage }
  | { readonly kind: 'reported'; readonly section: string; readonly body: ReportedMessage }

/** What the controller behind the broker does; every member may be changed while it runs. */
export type Manners = {
  /** Lets a client in. */
  admits: (fingerprint: string) => boolean
  /** Answers a birth with a session. */
  answers: boolean
  /** Changes the head of a session before it is signed. */
  head: (head: SessionHead) => SessionHead
  /** Changes what was signed. */
  forge: (session: { head: SessionHead; kid: string; sig: string }) => unknown
  /** Sends a receipt for what was heard. */
  receipts: boolean
  /** Breaks the link instead of taking a message in. */
  breaksOn: (heard: Heard) => boolean
}

export interface TestBroker {
  readonly manners: Manners
  readonly tlsPort: number
  readonly httpsPort: number
  readonly heard: Heard[]
  readonly transports: ('tls' | 'websocket')[]
  /** An identity that this broker knows; each call makes a new key. */
  identity(more?: Partial<NewIdentity>): Promise<NewIdentity>
  /** Waits for the next thing heard, from a place in `heard` on, that fits. */
  until(fits: (heard: Heard) => boolean, from?: number): Promise<Heard>
  /** The birth each session began with. */
  births(): Birth[]
  /** Births said later in a session: the new ticket is kept, or something has changed. */
  laterBirths(): Birth[]
  publish(topic: string, body: unknown): void
  /** Gives a command, signed, at the moment given. */
  command(order: {
    readonly section: string
    readonly name: string
    readonly input: unknown
    readonly at: number
  }): void
  /** Closes every connection and leaves the ports open. */
  drop(): void
  /** Takes packets in without ever answering any. */
  freeze(): void
  closePort(which: 'tls' | 'https'): Promise<void>
  /** The same port again. */
  openPort(which: 'tls' | 'https'): Promise<void>
  close(): Promise<void>
}

type Inner = {
  readonly aedes: Aedes
  readonly sockets: Set<Socket>
  readonly streams: Set<Duplex>
}

/** `knows`: which certificates it can follow a host's to; the controller knows who has issued it. */
export async function startBroker({ knows = 'issuer' }: { knows?: 'issuer' | 'root' } = {}): Promise<TestBroker> {
  const now = Date.now()
  const authority = await createAuthority({ now: now - 2 * DAY })
  const server = await issueServer(authority.issuing, { names: ['localhost', '127.0.0.1'], now })
  const command = createSigningKey()
  const heard: Heard[] = []
  const transports: ('tls' | 'websocket')[] = []
  const waiting = new Set<() => void>()
  const born = new WeakSet<Client>()
  const births: Birth[] = []
  const laterBirths: Birth[] = []
  let sequence = 0
  const manners: Manners = {
    admits: () => true,
    answers: true,
    head: head => head,
    forge: session => session,
    receipts: true,
    breaksOn: () => false,
  }
  const aedes = await Aedes.createBroker({
    authenticate: (client, _user, _password, done) => {
      const fingerprint = (client as unknown as { fingerprint?: string }).fingerprint ?? ''
      done(null, manners.admits(fingerprint))
    },
    authorizePublish: (client, packet, done) => {
      const message = readHeard(packet.topic, packet.payload)
      if (message === undefined) return done(new Error('not one of ours'))
      if (manners.breaksOn(message)) return done(new Error('this one breaks the link'))
      take(message, client)
      // As the controller does: what it says to a message is on its way before the acknowledgement.
      setTimeout(() => done(null), 20)
    },
  })
  const inner: Inner = { aedes, sockets: new Set(), streams: new Set() }

  function take(message: Heard, client: Client | null): void {
    heard.push(message)
    for (const wake of waiting) wake()
    if (message.kind === 'presence') {
      if (message.body.state === 'online' && client !== null) bear(message.body, client)
    } else if (manners.receipts) {
      publish(topicOf({ ...HOST, kind: 'receipt' }), { ids: [message.body.id] })
    }
  }

  /** As the controller does: only the first birth of a session is answered. */
  function bear(birth: Birth, client: Client): void {
    if (born.has(client)) return void laterBirths.push(birth)
    born.add(client)
    births.push(birth)
    if (manners.answers) answer(client)
  }

  function answer(client: Client | null): void {
    const head = manners.head({
      v: 1,
      installation: INSTALLATION,
      epoch: 0,
      ...HOST,
      issuedAt: new Date().toISOString(),
      ticket: `ticket-of-session-${heard.length}-${client?.id ?? ''}`,
      sections: ['power', 'os'],
      standing: 'active',
    })
    const session = { head, kid: command.kid, sig: signHead('session', head, command.privateKey) }
    publish(topicOf({ ...HOST, kind: 'receipt' }), { ids: [], session: manners.forge(session) })
  }

  function publish(topic: string, body: unknown): void {
    const payload = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined)
  }

  const options = {
    cert: server.certificate,
    key: server.privateKey,
    ca: (knows === 'issuer' ? authority.issuing.certificate : '') + authority.root.certificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3' as const,
  }
  const handle = (stream: Duplex, raw: Buffer | undefined, transport: 'tls' | 'websocket'): void => {
    transports.push(transport)
    inner.streams.add(stream)
    stream.on('error', () => undefined)
    const client = aedes.handle(stream) as unknown as { fingerprint: string }
    client.fingerprint = raw === undefined ? '' : fingerprintOf(raw)
  }
  const openTls = (port: number): Promise<Server> =>
    listen(
      createTls(options, socket => handle(socket, socket.getPeerCertificate().raw, 'tls')),
      inner,
      port,
    )
  let tls = await openTls(0)
  const openHttps = (port: number): Promise<HttpsServer> => listen(webSocketServer(options, handle), inner, port)
  let https = await openHttps(0)
  const [tlsPort, httpsPort] = [portOf(tls), portOf(https)]

  return {
    manners,
    tlsPort,
    httpsPort,
    heard,
    transports,
    publish,
    command({ section, name, input, at }) {
      const head: CommandHead = {
        v: 1,
        installation: INSTALLATION,
        epoch: 0,
        ...HOST,
        issuedAt: new Date(at).toISOString(),
        section,
        name,
        id: newUlid(at, count => crypto.getRandomValues(new Uint8Array(count))),
        expiresAt: new Date(at + 120_000).toISOString(),
        inputDigest: digestOf(input),
        principal: 'person:test',
        approvals: [],
        sequence: ++sequence,
      }
      const sig = signHead('command', head, command.privateKey)
      publish(topicOf({ ...HOST, kind: 'command', section }), { head, input, kid: command.kid, sig })
    },
    identity: more => identityFor(authority, { tlsPort, httpsPort, command, more }),
    births: () => births,
    laterBirths: () => laterBirths,
    until(fits, from = 0) {
      return new Promise(resolve => {
        const look = (): void => {
          const found = heard.slice(from).find(fits)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      })
    },
    drop() {
      for (const socket of inner.sockets) socket.destroy()
    },
    freeze() {
      for (const stream of inner.streams) {
        stream.removeAllListeners('data')
        stream.removeAllListeners('readable')
        stream.resume()
      }
    },
    closePort: async which => {
      await closed(which === 'tls' ? tls : https, inner)
    },
    openPort: async which => {
      if (which === 'tls') tls = await openTls(tlsPort)
      else https = await openHttps(httpsPort)
    },
    async close() {
      await Promise.all([closed(tls, inner), closed(https, inner)])
      await new Promise<void>(resolve => aedes.close(resolve))
    },
  }
}

function readHeard(topic: string, payload: Buffer | string): Heard | undefined {
  const parsed = parseTopic(topic)
  const body = JSON.parse(payload.toString())
  if (parsed?.kind === 'presence' || parsed?.kind === 'result') return { kind: parsed.kind, body }
  if (parsed?.kind === 'reported') return { kind: 'reported', section: parsed.section, body }
  return undefined
}

function webSocketServer(
  options: object,
  handle: (stream: Duplex, raw: Buffer | undefined, transport: 'websocket') => void,
): HttpsServer {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' })
  const server = createHttps(options)
  server.on('upgrade', (request, socket, head) => {
    const { raw } = (request.socket as unknown as { getPeerCertificate(): { raw?: Buffer } }).getPeerCertificate()
    if (request.url !== '/mqtt' || request.headers['sec-websocket-protocol'] !== 'mqtt') {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, each => handle(createWebSocketStream(each), raw, 'websocket'))
  })
  return server
}

function listen<S extends Server>(server: S, { sockets }: Inner, port: number): Promise<S> {
  server.on('tlsClientError', () => undefined)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(server)))
}

function closed(server: Server, { sockets }: Inner): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve())
    for (const socket of sockets) socket.destroy()
  })
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}

type ForIdentity = {
  readonly tlsPort: number
  readonly httpsPort: number
  readonly command: ReturnType<typeof createSigningKey>
  readonly more: Partial<NewIdentity> | undefined
}

async function identityFor(authority: Authority, { tlsPort, httpsPort, command, more }: ForIdentity) {
  const key = await createKey()
  const now = Date.now()
  const order = { publicKeyFrom: createRequest(key), ...HOST, installation: INSTALLATION, epoch: 0, now }
  const leaf = await issueHost(authority.issuing, order)
  const head = {
    v: 1 as const,
    version: 1,
    installation: INSTALLATION,
    epoch: 0,
    roots: [authority.root.certificate],
    keys: [{ kid: command.kid, role: 'command' as const, publicKey: command.publicKey }],
    issuedAt: new Date(now).toISOString(),
  }
  const identity: NewIdentity = {
    ...HOST,
    installation: INSTALLATION,
    url: `https://127.0.0.1:${httpsPort}`,
    broker: { host: '127.0.0.1', port: tlsPort },
    certificate: `${leaf}${authority.issuing.certificate}`,
    key,
    fingerprint: fingerprintOf(leaf),
    notBefore: now - 600_000,
    notAfter: now + 30 * DAY,
    trust: signTrust(head, authority.root.privateKey, 0),
    ticket: 'ticket-of-enrollment',
    ...more,
  }
  return identity
}

/** A forward proxy that only knows CONNECT (RFC 9110 §9.3.6), and counts. */
export async function startProxy(): Promise<{ url: string; targets: string[]; close(): Promise<void> }> {
  const targets: string[] = []
  const { connect } = await import('node:net')
  const inner: Inner = { aedes: undefined as never, sockets: new Set(), streams: new Set() }
  const server = createTcp(socket => {
    socket.once('data', head => {
      const target = /^CONNECT (\S+) /.exec(head.toString())?.[1] ?? ''
      targets.push(target)
      const [host, port] = target.split(':')
      const through = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket).pipe(through)
      })
      through.on('error', () => socket.destroy())
      socket.on('close', () => through.destroy())
    })
  })
  await listen(server, inner, 0)
  return { url: `http://127.0.0.1:${portOf(server)}`, targets, close: () => closed(server, inner) }
}
