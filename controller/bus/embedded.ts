// SPDX-License-Identifier: Apache-2.0
/** The broker inside the controller, behind its fences; the only importer of aedes and its packets. */
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { Aedes, type AedesPublishPacket, type Client, type PublishPacket, type Subscription } from 'aedes'
import { writeToStream } from 'mqtt-packet'
import type { Topic } from '../../plugins/contract/index.ts'
import { Admission } from './admission.ts'
import type { Bus, BusCounts, Peer, PeerIdentity, PublishOptions, Standing } from './bus.ts'
import type { Place } from './fences.ts'
import { forgetfulStore } from './forgetful.ts'
import { guardFrames } from './frame-guard.ts'
import { type Listener, openListener } from './listener.ts'
import { Outbound } from './outbound.ts'
import { createParts, type EmbeddedBusOptions, type Parts } from './parts.ts'
import { Session } from './session.ts'
import { Traffic } from './traffic.ts'

export type { EmbeddedBusOptions } from './parts.ts'

// The library would keep a buffer for each of the 65,536 packet ids, 8 MB that nothing here is faster for.
writeToStream.cacheNumbers = false

/** Opens the broker. Rejects when it cannot listen there. */
export async function createEmbeddedBus(options: EmbeddedBusOptions): Promise<Bus> {
  const bus = new EmbeddedBus(createParts(options))
  await bus.open()
  return bus
}

type Live = { readonly session: Session; readonly client: Client }
type Caller = { readonly identity: PeerIdentity; readonly address: string; readonly transport: Peer['transport'] }

/** Quarantined hosts that are let go at one sweep when memory is short. */
const SHED_AT_ONCE = 50

/**
 * Invariants: at most one live session per host, that of the newest connection; a session that was opened is closed
 * exactly once; a refused CONNECT never touches the session it wanted to replace.
 */
class EmbeddedBus implements Bus {
  readonly #parts: Parts
  readonly #admission: Admission
  readonly #traffic: Traffic
  readonly #outbound: Outbound
  /** By the stream a client of the broker speaks over. */
  readonly #sessions = new WeakMap<object, Session>()
  readonly #live = new Map<string, Live>()
  /** Packets that passed, on their way through the broker. */
  readonly #passed = new WeakMap<object, Topic>()
  #broker: Aedes | undefined
  #listener: Listener | undefined
  #forgetSweep = (): void => {}
  #closing = false
  #lastConnection = 0
  #connectsTotal = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#admission = new Admission(parts)
    this.#traffic = new Traffic(parts)
    this.#outbound = new Outbound(parts)
  }

  async open(): Promise<void> {
    const { options, limits, fences, refusals } = this.#parts
    this.#broker = this.#listenTo(await Aedes.createBroker(this.#brokerOptions()))
    try {
      this.#listener = await openListener({
        listen: options.listen,
        tls: options.tls,
        keyExchange: options.keyExchange ?? 'classical',
        handshakeMs: limits.handshakeMs,
        clock: options.clock,
        room: { most: limits.waiting, waitMs: limits.waitMs },
        enter: address => fences.enter(address),
        onSecure: (socket, place) => this.#secured(socket, place),
        onRefused: refusal => refusals.add(refusal),
      })
    } catch (thrown) {
      await this.close()
      throw thrown
    }
    this.#sweepLater()
  }

  get port(): number {
    return this.#listener?.port ?? 0
  }

  isConnected(host: string): boolean {
    return this.#live.get(host)?.session.opened === true
  }

  disconnect(host: string, reason: string): void {
    const live = this.#live.get(host)
    if (live !== undefined) end(live, reason)
  }

  setStanding(host: string, standing: Standing): void {
    const live = this.#live.get(host)
    if (live !== undefined) live.session.standing = standing
  }

  counts(): BusCounts {
    const { fences, refusals } = this.#parts
    return {
      connections: this.#live.size,
      halfOpen: fences.halfOpen,
      connectsTotal: this.#connectsTotal,
      messagesIn: this.#traffic.messagesIn,
      messagesOut: this.#outbound.messages,
      refused: refusals.counts,
    }
  }

  accept(stream: Duplex, identity: PeerIdentity, address: string): void {
    const { fences, refusals } = this.#parts
    const entry = fences.enter(address)
    if ('place' in entry) {
      this.#begin(stream, entry.place, { identity, address, transport: 'websocket' })
      return
    }
    refusals.add({ code: entry.refused, address, host: identity.host })
    stream.on('error', () => {})
    stream.destroy()
  }

  async publish(topic: Topic, payload: Uint8Array, options: PublishOptions = {}): Promise<boolean> {
    const live = this.#live.get(topic.host)
    return live === undefined ? false : this.#outbound.publish(live, topic, { payload, ...options })
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#forgetSweep()
    for (const { session } of this.#live.values()) session.ending ??= 'shutdown'
    await new Promise<void>(resolve => (this.#broker === undefined ? resolve() : this.#broker.close(resolve)))
    for (const { session } of this.#live.values()) session.stream.destroy()
    await this.#listener?.close()
    // Streams tell of their end in the turn after they were destroyed.
    await new Promise<void>(resolve => setImmediate(resolve))
  }

  #brokerOptions(): ConstructorParameters<typeof Aedes>[0] {
    const { connectMs, drainMs, topicLevels } = this.#parts.limits
    return {
      persistence: forgetfulStore(),
      connectTimeout: 2 * connectMs, // the frame guard is there before
      drainTimeout: drainMs,
      maxTopicLevels: topicLevels,
      maxInflightInbound: 1,
      preConnect: (client, packet, done) => {
        const session = this.#sessionOf(client)
        const code = session === undefined ? 'no-session' : this.#admission.examine(session, packet)
        done(code === undefined ? null : new Error(code), code === undefined)
      },
      authenticate: (client, _username, _password, done) => {
        void this.#admitted(client).then(refusal => {
          if (refusal === undefined) done(null, true)
          else done(Object.assign(new Error(refusal.code), { returnCode: refusal.returnCode ?? 5 }), false)
        })
      },
      authorizePublish: (client, packet, done) => done(this.#published(client, packet)),
      authorizeSubscribe: (client, subscription, done) => done(null, this.#subscribed(client, subscription)),
      authorizeForward: (client, packet) => this.#forwarded(client, packet),
      published: (packet, client, done) => void this.#handled(client, packet).then(() => done(null)),
    }
  }

  #listenTo(broker: Aedes): Aedes {
    broker.on('client', client => this.#registered(client))
    broker.on('connackSent', ({ returnCode }, client) => {
      if (returnCode === 0) this.#opened(client)
    })
    broker.on('ack', (packet, client) => this.#sessionOf(client)?.acknowledged(packet.messageId ?? 0))
    broker.on('unsubscribe', (filters, client) => {
      for (const filter of filters) this.#sessionOf(client)?.drop(filter)
    })
    broker.on('ping', (_, client) => {
      const session = this.#sessionOf(client)
      if (session !== undefined) this.#parts.tell(events => events.heard?.(session.peer))
    })
    broker.on('keepaliveTimeout', client => this.#name(client, 'keep-alive-timeout'))
    broker.on('clientError', (client, { message }) => {
      if (message === 'drain timeout') this.#name(client, 'slow-reader')
    })
    broker.addListener('error', thrown => this.#parts.options.log.error('the broker failed', { err: thrown }))
    return broker
  }

  #secured(socket: TLSSocket, place: Place): void {
    const { options, refusals } = this.#parts
    const address = socket.remoteAddress ?? ''
    const certificate = socket.getPeerX509Certificate()
    const identity = certificate === undefined ? undefined : options.identify(certificate.raw)
    if (identity !== undefined) {
      this.#begin(socket, place, { identity, address, transport: 'tls' })
      return
    }
    refusals.add({ code: 'not-a-host', address })
    socket.on('error', () => {})
    socket.destroy()
  }

  #begin(socket: Duplex, place: Place, caller: Caller): void {
    const { options, limits, refusals } = this.#parts
    const { address, identity } = caller
    const refuse = (code: string): void => refusals.add({ code, address, host: identity.host })
    const full = this.#fullness(identity)
    if (full !== undefined) {
      refuse(full)
      place.leave()
      socket.on('error', () => {})
      socket.destroy()
      return
    }
    const guard = guardFrames(socket, {
      clock: options.clock,
      limits,
      onFault: fault => {
        session.ending ??= fault
        refuse(fault)
      },
      onFarewell: () => {
        session.ending ??= 'left'
      },
    })
    const session = new Session({ ...caller, guard, place, connection: ++this.#lastConnection }, limits, options.clock)
    this.#sessions.set(guard.stream, session)
    guard.stream.once('close', () => this.#ended(session))
    this.#broker?.handle(guard.stream)
  }

  #fullness({ notAfter }: PeerIdentity): string | undefined {
    const { options, limits } = this.#parts
    if (this.#closing) return 'shutdown'
    if (notAfter <= options.clock.now()) return 'certificate-expired'
    if (this.#live.size >= limits.connections) return 'connections'
    return (options.memoryUse?.() ?? 0) >= limits.memory.refuse ? 'memory' : undefined
  }

  async #admitted(client: Client) {
    const session = this.#sessionOf(client)
    return session === undefined ? { code: 'no-session', returnCode: 5 as const } : this.#admission.admit(session)
  }

  /**
   * The broker has closed whoever had this name before, or so it believes: of three that meet, two at the door while the
   * first leaves, it would keep both, and it forgets who came while another was leaving. So the newest stays, and this
   * map, not the broker's, knows who is there.
   */
  #registered(client: Client): void {
    const session = this.#sessionOf(client)
    if (session === undefined || session.ended) return
    const entrant = { session, client }
    const other = this.#live.get(session.peer.host)
    const isOlder = (other?.session.peer.connection ?? 0) > session.peer.connection
    this.#connectsTotal++
    if (!isOlder) this.#live.set(session.peer.host, entrant)
    if (other === undefined) return
    const [stays, goes] = isOlder ? [other, entrant] : [entrant, other]
    if (!goes.session.ended) this.#parts.tell(events => events.takenOver(stays.session.peer, goes.session.peer))
    end(goes, 'taken-over')
  }

  #opened(client: Client): void {
    const session = this.#sessionOf(client)
    if (session === undefined || session.ended || this.#live.get(session.peer.host)?.session !== session) return
    session.open()
    this.#parts.tell(events => events.opened(session.peer))
  }

  #ended(session: Session): void {
    const { host } = session.peer
    session.end()
    if (this.#live.get(host)?.session === session) this.#live.delete(host)
    if (session.opened) this.#parts.tell(events => events.closed(session.peer, session.ending ?? 'lost'))
  }

  #published(client: Client | null, packet: PublishPacket): Error | null {
    const session = client === null ? undefined : this.#sessionOf(client)
    // Nobody has to hear the wills of a whole fleet when it is the controller that leaves.
    if (session === undefined || !session.opened || this.#closing) return new Error('nobody listens')
    const passage = this.#traffic.publish(session, packet)
    if ('close' in passage) return new Error(passage.close)
    packet.retain = false
    if ('pass' in passage) this.#passed.set(packet, passage.pass)
    return null
  }

  #subscribed(client: Client, subscription: Subscription): Subscription | null {
    const session = this.#sessionOf(client)
    const qos = session?.opened && this.#traffic.subscribe(session, subscription.topic, subscription.qos)
    return typeof qos === 'number' ? Object.assign(subscription, { qos }) : null
  }

  #forwarded(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const session = this.#sessionOf(client)
    if (session === undefined || !this.#traffic.mayDeliver(session, packet.topic)) return null
    // The broker keeps a packet id that is set here, and would make up its own otherwise.
    if (session.nextPacketId !== undefined) packet.messageId = session.nextPacketId
    return packet
  }

  async #handled(client: Client | null, packet: PublishPacket): Promise<void> {
    const topic = this.#passed.get(packet)
    const session = client === null ? undefined : this.#sessionOf(client)
    if (topic === undefined || session === undefined) return
    await session.whileHandling(() => this.#traffic.handle(session, topic, bufferOf(packet.payload)))
  }

  #sweepLater(): void {
    const { options, limits } = this.#parts
    this.#forgetSweep = options.clock.after(limits.sweepMs, () => {
      this.#sweep()
      if (!this.#closing) this.#sweepLater()
    })
  }

  #sweep(): void {
    const { options, limits, fences, refusals } = this.#parts
    refusals.sweep()
    fences.sweep()
    this.#traffic.sweep()
    this.#listener?.renew()
    const now = options.clock.now()
    const live = [...this.#live.values()]
    for (const each of live) if (each.session.peer.notAfter <= now) end(each, 'certificate-expired')
    if ((options.memoryUse?.() ?? 0) < limits.memory.shed) return
    // The map is in the order of connecting, so these are the oldest.
    const quarantined = live.filter(({ session }) => session.standing === 'quarantined')
    for (const each of quarantined.slice(0, SHED_AT_ONCE)) end(each, 'memory')
  }

  #sessionOf(client: Client): Session | undefined {
    return this.#sessions.get(client.conn)
  }

  #name(client: Client, reason: string): void {
    const session = this.#sessionOf(client)
    if (session !== undefined) session.ending ??= reason
  }
}

function end({ session, client }: Live, reason: string): void {
  session.ending ??= reason
  client.close()
}

function bufferOf(payload: Uint8Array | string): Buffer {
  if (typeof payload === 'string') return Buffer.from(payload)
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
}
