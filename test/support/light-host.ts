// SPDX-License-Identifier: Apache-2.0
/** Hosts so light that thousands fit in one process: TLS and the packets of MQTT by hand, and an outbox kept until receipts name it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import { realRandom } from '../../controller/system/clock.ts'
import { hostFilters, newUlid, topicOf } from '../../plugins/contract/index.ts'
import { mqttPacket, splitPackets } from './mqtt-packets.ts'
import { askIn, type Facts, identityFrom, type WireIdentity } from './wire-host.ts'

/** What somebody was told is durable. */
export type LightHost = {
  readonly identity: WireIdentity
  readonly online: boolean
  /** Messages that no receipt has named yet, by id. */
  readonly outbox: ReadonlyMap<string, { readonly topic: string; readonly body: object }>
  /** Ids that a receipt named. */
  readonly received: ReadonlySet<string>
  /** Sections and their revisions that were pushed to it. */
  readonly held: ReadonlyMap<string, number>
  /** Connects, subscribes and says its birth; resolves with the receipt that begins the session. */
  join(): Promise<void>
  /** Keeps joining until told to leave, with the agent's waits: full jitter, doubling from a second to a minute. */
  stay(): void
  /** Puts a report into the outbox and sends it; resolves when a receipt names it. */
  report(section: string, observed: unknown, more?: object): Promise<void>
  /** Cuts the connection as a pulled plug does. */
  cut(): void
  leave(): void
}

export type LightOptions = {
  readonly port: () => number
  /** Settles what it is told to become, in the same words. */
  readonly obey?: boolean
  /** Told of each message that a receipt named. */
  readonly onDurable?: (message: { readonly topic: string; readonly body: any }) => void
  /** The longest wait between two attempts to join; the agent's minute unless told. */
  readonly maxWaitMs?: number
}

/** Enrolls as a machine of its own. */
export async function enrollLight(secureUrl: string, joinToken: string, facts: Facts = {}): Promise<WireIdentity> {
  const { status, body, key } = await askIn({ secureUrl }, joinToken, facts)
  if (status !== 201) throw new Error(`not enrolled: ${status} ${JSON.stringify(body)}`)
  return identityFrom(body, key)
}

type Outgoing = { readonly topic: string; readonly body: { readonly id: string } }
type State = {
  readonly identity: WireIdentity
  readonly options: LightOptions
  readonly secure: SecureContext
  readonly outbox: Map<string, Outgoing>
  readonly waiting: Map<string, () => void>
  readonly received: Set<string>
  readonly held: Map<string, number>
  readonly ran: Set<string>
  socket: TLSSocket | undefined
  rest: Buffer
  packetId: number
  online: boolean
  staying: boolean
  wake: (() => void) | undefined
}

export function lightHost(identity: WireIdentity, options: LightOptions): LightHost {
  const state: State = {
    identity,
    options,
    secure: createSecureContext({ cert: identity.certificate, key: identity.key, ca: identity.roots }),
    ...{ outbox: new Map(), waiting: new Map(), received: new Set(), held: new Map(), ran: new Set() },
    ...{ socket: undefined, rest: Buffer.alloc(0), packetId: 0, online: false, staying: false, wake: undefined },
  }
  return {
    identity,
    get online() {
      return state.online
    },
    outbox: state.outbox,
    received: state.received,
    held: state.held,
    join: () => join(state),
    stay: () => {
      state.staying = true
      void keepJoining(state)
    },
    report: (section, observed, more = {}) => {
      const at = new Date().toISOString()
      const plugin = { name: section, version: '1.0.0' }
      const body = { id: messageId(), revision: 0, status: 'settled', observed, plugin, at, ...more }
      return send(state, { topic: topicOf({ ...owner(identity), kind: 'reported', section }), body })
    },
    cut: () => state.socket?.destroy(),
    leave: () => {
      state.staying = false
      state.wake?.()
      state.socket?.destroy()
    },
  }
}

const owner = ({ project, host }: WireIdentity) => ({ project, host })
const messageId = (): string => newUlid(Date.now(), realRandom)

function send(state: State, message: Outgoing): Promise<void> {
  state.outbox.set(message.body.id, message)
  const heard = new Promise<void>(resolve => state.waiting.set(message.body.id, resolve))
  if (state.online) publish(state, message.topic, message.body)
  return heard
}

function publish(state: State, topic: string, body: object): void {
  state.packetId = (state.packetId % 65_535) + 1
  state.socket?.write(mqttPacket.publish(topic, JSON.stringify(body), state.packetId))
}

async function keepJoining(state: State): Promise<void> {
  const { maxWaitMs = 60_000 } = state.options
  let limit = Math.min(1_000, maxWaitMs)
  while (state.staying) {
    const began = performance.now()
    await join(state).then(
      () =>
        new Promise<void>(resolve =>
          state.socket === undefined ? resolve() : state.socket.once('close', () => resolve()),
        ),
      () => undefined,
    )
    if (!state.staying) return
    if (performance.now() - began > 60_000) limit = Math.min(1_000, maxWaitMs)
    await Promise.race([sleep(Math.random() * limit), new Promise<void>(resolve => (state.wake = resolve))])
    limit = Math.min(maxWaitMs, limit * 2)
  }
}

function join(state: State): Promise<void> {
  const { identity, options, secure } = state
  const will = { topic: topicOf({ ...owner(identity), kind: 'presence' }), payload: OFFLINE }
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: '127.0.0.1',
      port: options.port(),
      secureContext: secure,
      servername: 'localhost',
      checkServerIdentity: () => undefined,
    })
    const late = setTimeout(() => socket.destroy(), 30_000)
    const pings = setInterval(() => socket.write(mqttPacket.ping()), 50_000)
    state.socket = socket
    state.rest = Buffer.alloc(0)
    socket.setNoDelay(true)
    socket.on('secureConnect', () => socket.write(mqttPacket.connect(identity.host, will)))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(late)
      clearInterval(pings)
      state.online = false
      if (state.socket === socket) state.socket = undefined
      reject(new Error('closed'))
    })
    socket.on('data', (chunk: Buffer) => {
      const { packets, rest } = splitPackets(Buffer.concat([state.rest, chunk]))
      state.rest = rest
      for (const packet of packets) {
        if (packet.kind === 'connack' && packet.code !== 0) socket.destroy()
        if (packet.kind === 'connack' && packet.code === 0)
          socket.write(mqttPacket.subscribe([...hostFilters(identity)]))
        if (packet.kind === 'suback') birth(state)
        if (packet.kind !== 'publish') continue
        if (packet.packetId !== undefined) socket.write(mqttPacket.puback(packet.packetId))
        if (heard(state, packet.topic, JSON.parse(packet.payload.toString()))) {
          clearTimeout(late)
          resolve()
        }
      }
    })
  })
}

const OFFLINE = JSON.stringify({ state: 'offline', bootId: 'boot', reason: 'lost' })

function birth(state: State): void {
  const { identity, held } = state
  publish(state, topicOf({ ...owner(identity), kind: 'presence' }), {
    state: 'online',
    bootId: 'boot-1',
    ticket: identity.ticket,
    agent: '0.0.0-test',
    epoch: 0,
    holds: Object.fromEntries(held),
    capabilities: SECTIONS.map(section => ({ section, plugin: section, version: '1.0.0', supported: true })),
    denies: [],
    at: new Date().toISOString(),
  })
}

const SECTIONS = ['hardware', 'os', 'power']

/** True for the receipt that begins the session. */
function heard(state: State, topic: string, body: any): boolean {
  if (topic.endsWith('/receipt')) return receipt(state, body)
  const [, , , , kind, section = ''] = topic.split('/')
  if (kind === 'desired') obey(state, section, body)
  if (kind === 'command' && !state.ran.has(body.head.id)) {
    state.ran.add(body.head.id)
    const result = {
      id: messageId(),
      command: body.head.id,
      status: 'succeeded',
      output: {},
      at: new Date().toISOString(),
    }
    void send(state, { topic: topicOf({ ...owner(state.identity), kind: 'result' }), body: result })
  }
  return false
}

function obey(state: State, section: string, { head, content }: any): void {
  state.held.set(section, head.revision)
  if (state.options.obey !== true) return
  const at = new Date().toISOString()
  const plugin = { name: section, version: '1.0.0' }
  const body = { id: messageId(), revision: head.revision, status: 'settled', observed: content, plugin, at }
  void send(state, { topic: topicOf({ ...owner(state.identity), kind: 'reported', section }), body })
}

function receipt(state: State, { ids, session }: any): boolean {
  for (const id of ids) {
    const message = state.outbox.get(id)
    if (message !== undefined) state.options.onDurable?.(message)
    state.outbox.delete(id)
    state.received.add(id)
    state.waiting.get(id)?.()
    state.waiting.delete(id)
  }
  if (session === undefined) return false
  state.identity.ticket = session.head.ticket
  state.online = true
  for (const { topic, body } of state.outbox.values()) publish(state, topic, body)
  return true
}
