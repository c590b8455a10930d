// SPDX-License-Identifier: Apache-2.0
/** Writes to one host, without routing: whoever is to hear something is known already. */
import { hostFilters, type Topic, topicOf } from '../../plugins/contract/index.ts'
import { mayDeliver } from './access.ts'
import type { PublishOptions } from './bus.ts'
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'

type Message = { readonly topic: string; readonly payload: Buffer; readonly qos: 0 | 1 }

/** A packet as the broker takes it. */
export type Outgoing = Message & { readonly cmd: 'publish'; readonly dup: false; readonly retain: false }

/** A session and the end of the broker that writes to it. */
export type Receiver = {
  readonly session: Session
  readonly client: { publish(packet: Outgoing, done: () => void): void }
}

export class Outbound {
  readonly #parts: Parts
  #messages = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Messages that were handed to a connection. */
  get messages(): number {
    return this.#messages
  }

  /** False when the host has not subscribed, may not hear this, reads too slowly, or was gone before it was written. */
  async publish(receiver: Receiver, topic: Topic, message: { payload: Uint8Array } & PublishOptions): Promise<boolean> {
    const { session } = receiver
    const granted = session.filters.get(filterOf(topic))
    if (session.ended || granted === undefined || !mayDeliver(session.peer, session.standing, topic)) return false
    if (session.stream.writableLength > this.#parts.limits.unsentBytes) {
      this.#parts.refusals.add(session.refusal('slow-reader'))
      return false
    }
    const qos = topic.kind === 'down' ? 0 : granted
    const { buffer, byteOffset, byteLength } = message.payload
    const spelled = { topic: topicOf(topic), payload: Buffer.from(buffer, byteOffset, byteLength), qos }
    if (qos === 0) return this.#write(receiver, spelled, undefined)
    return this.#writeCounted(receiver, spelled, message.awaitAck ?? false)
  }

  #writeCounted(receiver: Receiver, message: Message, awaitAck: boolean): Promise<boolean> {
    const { options, limits, refusals } = this.#parts
    const { promise: heard, resolve } = Promise.withResolvers<boolean>()
    const packetId = receiver.session.openPacket(resolve)
    if (packetId === undefined) {
      refusals.add(receiver.session.refusal('unacknowledged'))
      return Promise.resolve(false)
    }
    const written = this.#write(receiver, message, packetId)
    if (!awaitAck) return written
    const forget = options.clock.after(limits.acknowledgeMs, () => resolve(false))
    return heard.finally(forget)
  }

  #write({ session, client }: Receiver, message: Message, packetId: number | undefined): Promise<boolean> {
    this.#messages++
    return new Promise(resolve => {
      session.nextPacketId = packetId
      client.publish({ cmd: 'publish', ...message, dup: false, retain: false }, () => resolve(!session.ended))
      session.nextPacketId = undefined
    })
  }
}

/** The filter a host must hold to hear of a topic. */
function filterOf(topic: Topic): string {
  const [desired = '', command = '', receipt = '', down = ''] = hostFilters(topic)
  switch (topic.kind) {
    case 'desired':
      return desired
    case 'command':
      return command
    case 'down':
      return down
    default:
      return receipt
  }
}
