// SPDX-License-Identifier: Apache-2.0
/** The WS-Management client of one device: its queue, its login, its deadlines, and what is tried again. */
import type { Clock, Log, RandomBytes } from '../../../../plugins/contract/index.ts'
import { Problem } from '../../../../plugins/contract/index.ts'
import { PORTS } from '../ports.ts'
import { problem } from '../problems.ts'
import type { Exchange } from './exchange.ts'
import { type Candidates, DeviceLogin } from './login.ts'
import {
  createMessage,
  deleteMessage,
  enumerateMessage,
  getMessage,
  invokeMessage,
  type Message,
  pullMessage,
  putMessage,
  type Target,
} from './messages.ts'
import { contentOf, pageOf, readReply, wholePull } from './reply.ts'
import { Turns } from './turns.ts'
import type { CallOptions, Envelope, Instance, Listing, Output, Reply, Wsman } from './wsman.ts'
import { numberOf, textOf } from './wsman.ts'

export type WsmanLimits = {
  /** Calls that may wait behind the one that runs. 64. */
  readonly waiting: number
  /** Over all attempts of a call, and its wait. 10 s. */
  readonly deadlineMs: number
  /** How often a read is made at most. 3. */
  readonly attempts: number
}

export type WsmanParts = {
  readonly guid: string
  readonly exchange: Exchange
  /** Asked for when a password is needed for the first time, and again when the one in force no longer is. */
  readonly credentials: () => Promise<Candidates>
  /** Which candidate the device accepted. */
  readonly verified?: (version: number) => Promise<void> | void
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly limits?: Partial<WsmanLimits>
}

/** A client that can be closed: calls that run or wait, and later ones, reject with `amt-not-connected`. */
export interface ClosableWsman extends Wsman {
  close(): void
}

export function createWsman(parts: WsmanParts): ClosableWsman {
  return new Client(parts)
}

const LIMITS: WsmanLimits = { waiting: 64, deadlineMs: 10_000, attempts: 3 }
const FIRST_WAIT_MS = 250
/** A sequence of more parts than this has no end. */
const MAX_PARTS = 100

/** A call on its way. */
type Call = {
  readonly signal: AbortSignal
  /** Whether its request has left and no refusal came back. */
  isSent: boolean
}

class Client implements ClosableWsman {
  readonly #parts: WsmanParts
  readonly #limits: WsmanLimits
  readonly #turns: Turns
  readonly #login: DeviceLogin
  readonly #host: string
  readonly #running = new Set<AbortController>()
  #messages = 0
  #isClosed = false

  constructor(parts: WsmanParts) {
    this.#parts = parts
    this.#limits = { ...LIMITS, ...parts.limits }
    this.#turns = new Turns(this.#limits.waiting)
    this.#login = new DeviceLogin(parts)
    this.#host = `${parts.guid}:${PORTS.wsman}`
  }

  async get(resource: string, options: CallOptions = {}): Promise<Reply> {
    const message = getMessage(targetOf(resource, options))
    return this.#call(options, async call => needed(await this.#again(call, () => this.#post(message, call, true))))
  }

  async list(resource: string, options: CallOptions = {}): Promise<Listing> {
    const target = targetOf(resource, options)
    return this.#call(options, call => this.#again(call, () => this.#sequence(target, call)))
  }

  async put(resource: string, instance: Instance, options: CallOptions = {}): Promise<Reply> {
    return this.#act(putMessage(targetOf(resource, options), instance), options)
  }

  async create(resource: string, instance: Instance, options: CallOptions = {}): Promise<Reply> {
    return this.#act(createMessage(targetOf(resource, options), instance), options)
  }

  async remove(resource: string, options: CallOptions = {}): Promise<Reply> {
    return this.#act(deleteMessage(targetOf(resource, options)), options)
  }

  async invoke(resource: string, method: string, input: Instance = {}, options: CallOptions = {}): Promise<Output> {
    const message = invokeMessage(targetOf(resource, options), method, input)
    return this.#call(options, async call => {
      const reply = needed(await this.#post(message, call, false))
      const returnValue = numberOf(reply.content.ReturnValue)
      if (returnValue === undefined) throw problem('amt-unexpected', 'the output has no return value')
      return { ...reply, returnValue }
    })
  }

  close(): void {
    this.#isClosed = true
    for (const each of this.#running) each.abort(problem('amt-not-connected', 'it was let go'))
    this.#parts.exchange.close()
  }

  #act(message: Message, options: CallOptions): Promise<Reply> {
    return this.#call(options, async call => {
      const envelope = await this.#post(message, call, false)
      return { envelope, content: contentOf(envelope) ?? {} }
    })
  }

  /** Runs one call in its turn, under its deadline and the caller's signal. */
  async #call<R>(options: CallOptions, run: (call: Call) => Promise<R>): Promise<R> {
    if (this.#isClosed) throw problem('amt-not-connected', 'it was let go')
    const { clock } = this.#parts
    const { signal: outer, deadlineMs = this.#limits.deadlineMs } = options
    outer?.throwIfAborted()
    const control = new AbortController()
    const call: Call = { signal: control.signal, isSent: false }
    const late = (): void => control.abort(problem('amt-timeout', `after ${deadlineMs} ms`, { sent: call.isSent }))
    const stop = (): void => control.abort(outer?.reason)
    const forget = clock.after(deadlineMs, late)
    outer?.addEventListener('abort', stop, { once: true })
    this.#running.add(control)
    try {
      await this.#turns.take(call.signal)
      try {
        return await run(call)
      } finally {
        this.#turns.give()
      }
    } finally {
      this.#running.delete(control)
      outer?.removeEventListener('abort', stop)
      forget()
    }
  }

  /** Repeats a read after passing failures, with growing waits between. */
  async #again<R>(call: Call, read: () => Promise<R>): Promise<R> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read()
      } catch (thrown) {
        call.signal.throwIfAborted()
        if (attempt >= this.#limits.attempts || !isPassing(thrown)) throw thrown
        const { clock, log, guid, random } = this.#parts
        log.debug('a read of a device is repeated', { guid, code: thrown.code, attempt })
        const [dice = 0] = random(1)
        await clock.sleep(FIRST_WAIT_MS * 3 ** (attempt - 1) * (0.75 + dice / 512), call.signal)
      }
    }
  }

  /** A whole sequence; begun anew once when the device has forgotten how far we were. */
  async #sequence(target: Target, call: Call, mayRestart = true): Promise<Listing> {
    const opened = needed(await this.#post(enumerateMessage(target), call, true))
    let context: string | undefined = textOf(opened.content.EnumerationContext)
    if (context === '') throw problem('amt-unexpected', 'it began no enumeration')
    const items: Listing['items'][number][] = []
    for (let part = 1; part <= MAX_PARTS; part++) {
      let envelope: Envelope
      try {
        envelope = await this.#post(pullMessage(target, context), call, true)
      } catch (thrown) {
        if (mayRestart && isForgotten(thrown)) return this.#sequence(target, call, false)
        throw thrown
      }
      const page = pageOf(envelope, context)
      items.push(...page.items)
      context = page.context
      if (context !== undefined) continue
      const whole = part === 1 ? envelope : wholePull(envelope, items)
      return { items, instances: items.map(each => each.instance), envelope: whole }
    }
    throw problem('amt-unexpected', 'its enumeration has no end')
  }

  async #post(message: Message, call: Call, repeatable: boolean): Promise<Envelope> {
    const id = ++this.#messages
    const body = message(id)
    const { exchange } = this.#parts
    const reply = await this.#login.through(async authorization => {
      const login = authorization === undefined ? {} : { authorization }
      const onSent = (): void => {
        call.isSent = true
      }
      const answer = await exchange.send({ host: this.#host, ...login, body, repeatable, onSent }, call.signal)
      if (answer.status === 401) call.isSent = false // it was not even looked at
      return answer
    })
    try {
      return readReply(reply, id)
    } catch (thrown) {
      if (thrown instanceof Problem && thrown.fields.isMisplaced === true) exchange.close()
      throw thrown
    }
  }
}

function targetOf(resource: string, { selectors }: CallOptions): Target {
  return { resource, selectors }
}

function needed(envelope: Envelope): Reply {
  const content = contentOf(envelope)
  if (content === undefined) throw problem('amt-unexpected', 'its body is empty')
  return { envelope, content }
}

/** Failures that another attempt may not meet: the way broke, or the firmware was busy (it then answers 500 or 503). */
function isPassing(thrown: unknown): thrown is Problem {
  if (!(thrown instanceof Problem)) return false
  const { code, fields } = thrown
  if (code === 'amt-timeout' || code === 'amt-channel-refused') return true
  const status = typeof fields.status === 'number' ? fields.status : 0
  return (code === 'amt-fault' || code === 'amt-unexpected') && (status >= 500 || fields.isMisplaced === true)
}

function isForgotten(thrown: unknown): boolean {
  return thrown instanceof Problem && thrown.fields.subcode === 'InvalidEnumerationContext'
}
