// SPDX-License-Identifier: Apache-2.0
/** The broker inside the controller; the only importer of aedes. */
import { createServer, type TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'
import { Aedes, type Client } from 'aedes'
import { type Clock, type Log, parseTopic, topicOf } from '../../plugins/contract/index.ts'
import type { Bus, BusEvents, Peer, PeerIdentity } from './bus.ts'

export type EmbeddedBusOptions = {
  readonly listen: { readonly host: string; readonly port: number }
  readonly tls: () => { readonly cert: string; readonly key: string; readonly ca: string }
  readonly identify: (der: Buffer) => PeerIdentity | undefined
  readonly knownSections: () => ReadonlySet<string>
  readonly clock: Clock
  readonly log: Log
  /** Exempts loopback addresses from limits that count by address. */
  readonly trustLoopback?: boolean
  readonly events: BusEvents
}

export async function createEmbeddedBus(options: EmbeddedBusOptions): Promise<Bus> {
  const { events, listen } = options
  const peers = new WeakMap<object, PeerIdentity & { address: string; transport: 'tls' | 'websocket' }>()
  const live = new Map<string, { peer: Peer; client: Client }>()
  const counts = { connectsTotal: 0, messagesIn: 0, messagesOut: 0 }
  let connection = 0
  const broker = await Aedes.createBroker({
    preConnect: (client, packet, done) => {
      const identity = peers.get(client.conn)
      if (identity === undefined || packet.clientId !== identity.host) return done(null, false)
      const peer = { ...identity, connection: ++connection }
      events.admit(peer).then(
        verdict => {
          if (verdict.allow) Object.assign(client, { peer })
          else events.refused({ code: verdict.code, address: peer.address, host: peer.host })
          done(null, verdict.allow)
        },
        error => done(error, false),
      )
    },
    authorizePublish: (client, packet, done) => {
      const peer = (client as unknown as { peer?: Peer } | null)?.peer
      const topic = parseTopic(packet.topic)
      if (peer === undefined || topic === undefined || topic.host !== peer.host) return done(new Error('not yours'))
      counts.messagesIn++
      const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload)
      packet.retain = false
      packet.topic = '$SYS/consumed'
      packet.payload = Buffer.alloc(0)
      events.message(peer, topic, payload).then(() => done(null), done)
    },
  })
  broker.on('client', client => {
    const { peer } = client as unknown as { peer: Peer }
    const previous = live.get(peer.host)
    if (previous !== undefined) events.takenOver(peer, previous.peer)
    live.set(peer.host, { peer, client })
    counts.connectsTotal++
    events.opened(peer)
  })
  broker.on('clientDisconnect', client => {
    const { peer } = client as unknown as { peer?: Peer }
    if (peer === undefined) return
    if (live.get(peer.host)?.peer.connection === peer.connection) live.delete(peer.host)
    events.closed(peer, 'lost')
  })
  const { cert, key, ca } = options.tls()
  const server = createServer({ cert, key, ca, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' }, (socket: TLSSocket) => {
    const identity = options.identify(socket.getPeerCertificate().raw)
    if (identity === undefined) return void socket.destroy()
    accept(socket, { ...identity, address: socket.remoteAddress ?? '', transport: 'tls' })
  })
  server.on('tlsClientError', () => undefined)
  const accept = (stream: Duplex, peer: PeerIdentity & { address: string; transport: 'tls' | 'websocket' }): void => {
    peers.set(stream, peer)
    broker.handle(stream as never)
  }
  await new Promise<void>(resolve => server.listen(listen.port, listen.host, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : listen.port,
    publish: async (topic, payload) => {
      const session = live.get(topic.host)
      if (session === undefined) return false
      counts.messagesOut++
      return new Promise(resolve => {
        session.client.publish({ cmd: 'publish', topic: topicOf(topic), payload: Buffer.from(payload), qos: 1, dup: false, retain: false } as never, error => resolve(!error))
      })
    },
    isConnected: host => live.has(host),
    disconnect: host => live.get(host)?.client.close(),
    setStanding: () => undefined,
    counts: () => ({ connections: live.size, halfOpen: 0, refused: {}, ...counts }),
    accept: (stream, identity, address) => accept(stream, { ...identity, address, transport: 'websocket' }),
    close: async () => {
      await new Promise<void>(resolve => broker.close(() => resolve()))
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}
