// SPDX-License-Identifier: Apache-2.0
/** One MQTT 3.1.1 session over a connection that somebody else opened. */
import type { Duplex } from 'node:stream'
import { type IClientOptions, MqttClient } from 'mqtt'
import { writeToStream } from 'mqtt-packet'
import type { Clock } from '../../plugins/contract/index.ts'
import { problem } from './problems.ts'

export type MqttSession = {
  /** Resolves when the broker has acknowledged (QoS 1) or the bytes are written (QoS 0); rejects when the link breaks. */
  publish(topic: string, payload: string, options: PublishOptions): Promise<void>
  /** Sends bytes with QoS 0; resolves and rejects as `publish` does. */
  send(topic: string, bytes: Uint8Array): Promise<void>
  /** Rejects with `session-refused` when the broker denies one of the filters. */
  subscribe(filters: readonly string[]): Promise<void>
  /** Settles once, whatever ended the session. */
  readonly closed: Promise<Closing>
  /** Takes leave (DISCONNECT, so that the will stays unsaid) and closes. */
  end(): Promise<void>
  /** Drops the connection as a power cut would. */
  destroy(): void
}

export type PublishOptions = { readonly qos: 0 | 1; readonly retain?: boolean }

/** `peer`: the other side or the network; `silent`: no answer to a ping; `own`: we ended it. */
export type Closing = { readonly by: 'peer' | 'silent' | 'own'; readonly detail: string }

export type MqttOptions = {
  readonly stream: Duplex
  readonly host: string
  readonly keepaliveMs: number
  /** Whose time pings are sent by. */
  readonly clock: Pick<Clock, 'after'>
  readonly will: { readonly topic: string; readonly payload: string }
  /** Called for every message, in order; must not throw. */
  readonly onMessage: (topic: string, payload: Uint8Array) => void
  readonly signal: AbortSignal
}

// The library would keep a buffer for each of the 65,536 packet ids, 8 MB that nothing here is faster for.
writeToStream.cacheNumbers = false

const CONNECT_TIMEOUT_MS = 15_000
const END_TIMEOUT_MS = 2_000

/**
 * Says CONNECT and waits for CONNACK. Rejects with `session-refused` (bad client id or not authorised, MQTT 3.1.1
 * §3.2.2.3 codes 2, 4 and 5), `session-busy` (code 3), `session-lost` for anything else, or the signal's reason.
 */
export async function openSession(options: MqttOptions): Promise<MqttSession> {
  const { signal, stream } = options
  signal.throwIfAborted()
  // The library waits for an event that has passed.
  if (stream.destroyed) throw lost(stream.errored ?? new Error('the connection was closed'))
  const session = new Session(options)
  const abandon = (): void => session.destroy()
  signal.addEventListener('abort', abandon, { once: true })
  try {
    await session.connected
    return session
  } catch (thrown) {
    session.destroy()
    signal.throwIfAborted()
    throw thrown
  } finally {
    signal.removeEventListener('abort', abandon)
  }
}

class Session implements MqttSession {
  readonly connected: Promise<void>
  readonly closed: Promise<Closing>
  readonly #client: MqttClient
  readonly #pending = new Set<(reason: Error) => void>()
  #ending = false
  #silent = false
  #fault: Error | undefined
  #isOver = false

  constructor(options: MqttOptions) {
    const client = new MqttClient(() => options.stream, settingsOf(options))
    this.#client = client
    client.on('message', (topic, payload) => options.onMessage(topic, payload))
    client.on('error', error => this.#failed(error))
    this.closed = new Promise(resolve => client.once('close', () => resolve(this.#over())))
    this.connected = this.#answered((resolve, reject) => {
      client.once('connect', () => resolve())
      client.once('error', error => reject(refusalOf(error)))
    })
  }

  publish(topic: string, payload: string, options: PublishOptions): Promise<void> {
    return this.#publish(topic, payload, options)
  }

  send(topic: string, bytes: Uint8Array): Promise<void> {
    return this.#publish(topic, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { qos: 0 })
  }

  #publish(topic: string, payload: string | Buffer, { qos, retain = false }: PublishOptions): Promise<void> {
    return this.#answered((resolve, reject) => {
      this.#client.publish(topic, payload, { qos, retain }, error => (error ? reject(lost(error)) : resolve()))
    })
  }

  subscribe(filters: readonly string[]): Promise<void> {
    return this.#answered((resolve, reject) => {
      this.#client.subscribe([...filters], { qos: 1 }, (error, _, answer) => {
        // MQTT 3.1.1 §3.9.3: a return code from 0x80 on is a failure of that one filter.
        const isDenied = answer?.granted.some(code => Number(code) >= 0x80) === true
        if (error === null) resolve()
        else reject(isDenied ? problem('session-refused', 'the broker denies a subscription') : lost(error))
      })
    })
  }

  async end(): Promise<void> {
    this.#ending = true
    const late = setTimeout(() => this.destroy(), END_TIMEOUT_MS)
    this.#client.end(false)
    await this.closed
    clearTimeout(late)
  }

  destroy(): void {
    this.#ending = true
    this.#client.stream.destroy()
  }

  /** A promise that the end of the session rejects at the latest. */
  #answered(ask: (resolve: () => void, reject: (reason: Error) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const settled = (act: () => void): void => {
        this.#pending.delete(refuse)
        act()
      }
      const refuse = (reason: Error): void => settled(() => reject(reason))
      if (this.#isOver) {
        refuse(lost(this.#fault ?? new Error('the session has ended')))
        return
      }
      this.#pending.add(refuse)
      ask(() => settled(resolve), refuse)
    })
  }

  #failed(error: Error): void {
    this.#fault ??= error
    this.#silent ||= /keepalive timeout/i.test(error.message)
    this.#client.stream.destroy()
  }

  #over(): Closing {
    this.#isOver = true
    const detail = this.#fault?.message ?? 'the connection was closed'
    for (const refuse of [...this.#pending]) refuse(lost(this.#fault ?? new Error(detail)))
    this.#client.end(true)
    return { by: this.#silent ? 'silent' : this.#ending ? 'own' : 'peer', detail }
  }
}

function settingsOf({ host, keepaliveMs, clock, will }: MqttOptions): IClientOptions {
  return {
    clientId: host,
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: Math.round(keepaliveMs / 1_000),
    // Otherwise every packet we send postpones the ping, and a busy host would never notice that nobody answers.
    reschedulePings: false,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    queueQoSZero: false,
    resubscribe: false,
    timerVariant: timersOf(clock),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
  }
}

/** What the client asks of timers, over our clock: a simulated host's pings keep its own time and end with its power. */
function timersOf(clock: Pick<Clock, 'after'>): Exclude<IClientOptions['timerVariant'], string | undefined> {
  const running = new Map<unknown, () => void>()
  let last = 0
  return {
    set: (act, everyMs = 0) => {
      const id = ++last
      const arm = (): void => {
        running.set(
          id,
          clock.after(everyMs, () => {
            arm()
            act()
          }),
        )
      }
      arm()
      return id
    },
    clear: id => {
      running.get(id)?.()
      running.delete(id)
    },
  }
}

const REFUSED: readonly unknown[] = [2, 4, 5]

function refusalOf(error: Error): Error {
  const code = 'code' in error ? error.code : undefined
  if (REFUSED.includes(code)) return problem('session-refused', error.message, { code })
  if (code === 3) return problem('session-busy', error.message)
  return lost(error)
}

function lost(error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return problem('session-lost', error.message, code, error)
}
