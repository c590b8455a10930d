// SPDX-License-Identifier: Apache-2.0
/** One websocket of `rpc` as a way to the firmware behind it. */
import type { Clock } from '../../../../plugins/contract/index.ts'
import type { Socket } from '../../../kernel/socket.ts'
import { problem as shared } from '../problems.ts'
import { closed, type Exchange } from '../wsman/exchange.ts'
import { encodeRequest, type HttpReply, type HttpRequest, ReplyReader } from '../wsman/http.ts'
import { type ClientMessage, MAX_TO_CLIENT, type Outcome, parseMessage, write } from './protocol.ts'

export type LinkParts = { readonly socket: Socket; readonly clock: Clock; readonly heartbeatMs: number }

type Command = Extract<ClientMessage, { readonly kind: 'command' }>
type Waiting = { settle(data: Buffer): void; fail(thrown: unknown): void }

/** Messages a client may send before we have asked for any. */
const MAX_EARLY = 8

/** Owned by one session, which closes it. */
export class Link {
  readonly #parts: LinkParts
  readonly #gone = new AbortController()
  readonly #first = Promise.withResolvers<Command>()
  #begun = false
  #early = 0
  #response: Waiting | undefined
  #ack: PromiseWithResolvers<void> | undefined
  /** Requests that were sent to the device. */
  messages = 0
  /** Records of a TLS session, and the end of its connection. */
  onTlsData: (records: Buffer) => void = () => {}
  onReset: () => void = () => {}

  constructor(parts: LinkParts) {
    this.#parts = parts
    parts.socket.onMessage = data => this.#take(data)
    parts.socket.onClose = () => this.#end(shared('amt-not-connected', 'the client went away'))
    this.#first.promise.catch(() => {}) // whoever waits for it hears of it
  }

  /** Aborts when the client went away. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  /** The message that says what is wanted. Rejects with a `Refusal` when it cannot be read. */
  first(): Promise<Command> {
    return this.#first.promise
  }

  async send(text: string): Promise<void> {
    if (Buffer.byteLength(text) > MAX_TO_CLIENT)
      throw shared('amt-unsupported', 'a message is too large for the client')
    await this.#parts.socket.send(text)
  }

  /** The last message. What it says is lost when the client is gone. */
  async finish(outcome: Outcome, succeeded: boolean): Promise<void> {
    if (this.signal.aborted) return
    await this.send(succeeded ? write.success(outcome) : write.error(outcome)).catch(() => {})
    this.#parts.socket.close(1000)
  }

  close(): void {
    this.#parts.socket.close(1000)
    this.#end(shared('amt-not-connected', 'the session ended'))
  }

  /** Waits, and lets the client know that we are still here. */
  async pause(ms: number, signal: AbortSignal): Promise<void> {
    const { clock, heartbeatMs } = this.#parts
    for (let rest = ms; rest > 0; rest -= heartbeatMs) {
      await this.send(write.heartbeat())
      await clock.sleep(Math.min(rest, heartbeatMs), signal)
    }
  }

  /** Carries requests as whole HTTP messages, as long as the local port is not TLS. */
  exchange(): Exchange {
    return { send: (request, signal) => this.#request(request, signal), close: () => {} }
  }

  /** Has the client go on at another local port; resolves when it did. */
  async switchPort(order: Parameters<typeof write.portSwitch>[0], signal: AbortSignal): Promise<void> {
    const ack = Promise.withResolvers<void>()
    this.#ack = ack
    const stop = (): void => ack.reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await this.send(write.portSwitch(order))
      await ack.promise
    } finally {
      signal.removeEventListener('abort', stop)
      this.#ack = undefined
    }
  }

  async #request(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    signal.throwIfAborted()
    this.signal.throwIfAborted()
    const answer = Promise.withResolvers<Buffer>()
    const stop = (): void => answer.reject(signal.reason)
    this.#response = { settle: answer.resolve, fail: answer.reject }
    signal.addEventListener('abort', stop, { once: true })
    answer.promise.catch(() => {}) // awaited below unless sending fails first
    try {
      this.messages += 1
      request.onSent?.()
      await this.send(write.wsman(encodeRequest(request, 'chunked')))
      return readReply(await answer.promise)
    } finally {
      signal.removeEventListener('abort', stop)
      this.#response = undefined
    }
  }

  #take(data: Uint8Array): void {
    let message: ClientMessage
    try {
      message = parseMessage(Buffer.from(data).toString('utf8'))
    } catch (thrown) {
      if (!this.#begun) this.#first.reject(thrown)
      else this.#response?.fail(thrown)
      return
    }
    if (message.kind === 'command') {
      if (this.#begun) return
      this.#begun = true
      this.#first.resolve(message)
    } else if (message.kind === 'response') {
      if (this.#response === undefined) this.#unasked()
      else this.#response.settle(message.data)
    } else if (message.kind === 'tls-data') this.onTlsData(message.data)
    else if (message.kind === 'connection-reset') this.onReset()
    else if (message.kind === 'port-switch-ack') this.#ack?.resolve()
  }

  /** Replies that came too late are nobody's; a client that only talks is let go. */
  #unasked(): void {
    this.#early += 1
    if (this.#early > MAX_EARLY) this.close()
  }

  #end(reason: Error): void {
    if (this.#gone.signal.aborted) return
    this.#gone.abort(reason)
    this.#first.reject(reason)
    this.#response?.fail(reason)
    this.#ack?.reject(reason)
    this.onReset()
  }
}

function readReply(bytes: Buffer): HttpReply {
  if (bytes.length === 0) throw closed(true)
  const reader = new ReplyReader()
  const reply = reader.push(bytes) ?? reader.end()
  if (reply === undefined) throw closed(true)
  return reply
}
