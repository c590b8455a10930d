// SPDX-License-Identifier: Apache-2.0
/** Decides on every packet of an open session, by the table of access and the rates. */
import { parseTopic, type Topic } from '../../plugins/contract/index.ts'
import { type Attempt, decidePublish, decideSubscribe, type Known, mayDeliver } from './access.ts'
import type { Parts } from './parts.ts'
import type { Session } from './session.ts'
import { Suspicion } from './suspicion.ts'

/** A packet is passed on to the kernel, acknowledged and forgotten, or the end of its connection. */
export type Passage = { readonly pass: Topic } | { readonly drop: string } | { readonly close: string }

export type Published = {
  readonly topic: string
  readonly payload: Uint8Array | string
  readonly qos: number
  readonly retain: boolean
}

const NO_STREAMS: ReadonlySet<string> = new Set()

export class Traffic {
  readonly #parts: Parts
  readonly #suspicion: Suspicion
  #messagesIn = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#suspicion = new Suspicion(parts.options.clock, parts.limits.suspicions)
  }

  /** Messages that were handed to the kernel. */
  get messagesIn(): number {
    return this.#messagesIn
  }

  sweep(): void {
    this.#suspicion.sweep()
  }

  publish(session: Session, { topic: text, payload, qos, retain }: Published): Passage {
    const packet = { bytes: Buffer.byteLength(payload), qos, retain }
    const decision = decidePublish(this.#attempt(session, { text, packet }))
    if ('deny' in decision) {
      this.#parts.refusals.add(session.refusal(decision.code))
      if (decision.deny === 'drop') return { drop: decision.code }
      session.ending ??= decision.code
      this.#suspect(session, decision.code)
      return { close: decision.code }
    }
    const over = this.#tooMuch(session, decision.topic)
    if (over === undefined) return { pass: decision.topic }
    this.#parts.refusals.add(session.refusal(over))
    return { drop: over }
  }

  /** The QoS granted to a filter; `undefined` when it is refused. */
  subscribe(session: Session, text: string, qos: number): 0 | 1 | undefined {
    const packet = { bytes: 0, qos, retain: false }
    const decision = decideSubscribe(this.#attempt(session, { text, packet }))
    if ('deny' in decision || !session.mayAsk(text)) {
      this.#parts.refusals.add(session.refusal('deny' in decision ? decision.code : 'too-many-filters'))
      return undefined
    }
    session.filters.set(text, decision.qos)
    return decision.qos
  }

  /** Asked again when a packet leaves, because a standing may have changed since it was accepted. */
  mayDeliver({ peer, standing }: Session, text: string): boolean {
    const topic = parseTopic(text)
    return topic !== undefined && mayDeliver(peer, standing, topic)
  }

  /** Hands a message to the kernel and waits for it, up to a bound. Never rejects. */
  async handle(session: Session, topic: Topic, payload: Uint8Array): Promise<void> {
    const { options, limits } = this.#parts
    this.#messagesIn++
    const late = Promise.withResolvers<void>()
    const forget = options.clock.after(limits.messageMs, () => late.resolve())
    try {
      await Promise.race([options.events.message(session.peer, topic, payload), late.promise])
    } catch (thrown) {
      options.log.error('a message was not handled', { host: session.peer.host, kind: topic.kind, err: thrown })
    } finally {
      forget()
    }
    // What is not read stays with its host, which keeps it until a receipt names it.
    const isSlow = topic.kind === 'reported' && (options.memoryUse?.() ?? 0) >= limits.memory.slow
    if (isSlow) await new Promise<void>(resolve => options.clock.after(limits.slowMs, resolve))
  }

  #attempt({ peer, standing }: Session, what: Pick<Attempt, 'text' | 'packet'>): Attempt {
    return { identity: peer, standing, known: this.#known(), ...what }
  }

  #known(): Known {
    const { knownSections, knownStreams, isOpenStream } = this.#parts.options
    return {
      sections: knownSections(),
      streams: knownStreams?.() ?? NO_STREAMS,
      isOpen: (owner, stream) => isOpenStream?.(owner, stream) ?? false,
    }
  }

  #tooMuch(session: Session, { kind }: Topic): string | undefined {
    if (!session.mayPublish(kind)) return `rate-${kind}`
    const { options, limits } = this.#parts
    const short = kind === 'telemetry' && (options.memoryUse?.() ?? 0) >= limits.memory.quiet
    return short ? 'memory' : undefined
  }

  #suspect({ peer }: Session, code: string): void {
    if (this.#suspicion.note(peer.host)) this.#parts.tell(({ suspicious }) => suspicious(peer, code))
  }
}
