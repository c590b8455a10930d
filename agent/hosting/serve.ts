// SPDX-License-Identifier: Apache-2.0
/** The plugin's end of the channel: serves the agent's calls until it is told to stop. */
import type { Duplex } from 'node:stream'
import { type AnyPlugin, asProblem, type Log } from '../../plugins/contract/index.ts'
import type { System } from '../system/system.ts'
import { perform } from './calls.ts'
import { attempt, startPlugin, stopPlugin } from './inline.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { readLines } from './lines.ts'
import { refusalOf } from './manifest.ts'
import { createPluginHost } from './plugin-host.ts'
import { problem } from './problems.ts'
import { type FromPlugin, readLine, ToPlugin, writeLine } from './protocol.ts'

export type Home = {
  readonly channel: Duplex
  readonly system: System
  /** Ends the process: 0 when the agent wanted it so or is gone, 1 when it said what cannot be understood. */
  leave(code: 0 | 1): void
}

type Send = (message: FromPlugin) => void

/** Starts the plugin, says that it is ready, or refused, and answers from then on. */
export function servePlugin(plugin: AnyPlugin, home: Home): void {
  const { channel, leave } = home
  const send: Send = message => {
    const line = writeLine(message, DEFAULT_LIMITS.messageBytes)
    if (channel.writable) channel.write(line) // what is said after the end has no reader
  }
  channel.on('close', () => leave(0))
  channel.on('error', () => leave(0))
  try {
    const take = start(plugin, home, send)
    listen(home, take)
  } catch (thrown) {
    const why = asProblem(thrown)
    send({ type: 'refused', detail: (why.detail ?? why.message).slice(0, 500) })
    channel.end(() => leave(0))
  }
}

function start(plugin: AnyPlugin, { channel, system, leave }: Home, send: Send): (message: ToPlugin) => void {
  const refusal = refusalOf(plugin)
  if (refusal !== undefined) throw problem('plugin-refused', refusal)
  const { manifest, section } = plugin
  const log = logTo(send)
  const owned = createPluginHost({
    manifest,
    system,
    log,
    timers: DEFAULT_LIMITS.timers,
    onChanged: () => send({ type: 'changed' }),
    onSample: (stream, value, labels) => send({ type: 'sample', stream, value, labels }),
  })
  const { running, abilities } = startPlugin(plugin, owned)
  const underWay = new Map<number, AbortController>()

  async function answer({ id, call }: Extract<ToPlugin, { type: 'call' }>): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    underWay.set(id, controller)
    try {
      const act = (): Promise<unknown> => perform(section, running, call, signal)
      sendAnswer(send, id, await attempt({ method: call.method, signal, log, act }))
    } catch (thrown) {
      send({ type: 'failure', id, problem: asProblem(thrown).toJSON() })
    } finally {
      underWay.delete(id)
    }
  }

  async function stop(): Promise<void> {
    for (const controller of underWay.values()) controller.abort()
    owned.quiet()
    await stopPlugin(running, { log })
    owned.close()
    channel.end(() => leave(0))
  }

  send({ type: 'ready', name: manifest.name, version: manifest.version, abilities })
  return message => {
    switch (message.type) {
      case 'ping':
        send({ type: 'pong', id: message.id })
        break
      case 'cancel':
        underWay.get(message.id)?.abort()
        break
      case 'call':
        void answer(message)
        break
      case 'stop':
        void stop()
    }
  }
}

function listen({ channel, leave }: Home, take: (message: ToPlugin) => void): void {
  const reader = readLines(
    DEFAULT_LIMITS.messageBytes,
    line => {
      const message = readLine(ToPlugin, line)
      if (message === undefined) leave(1)
      else take(message)
    },
    () => leave(1),
  )
  channel.on('data', (chunk: Buffer) => reader.push(chunk))
}

// A result may fit its schema and still not travel: too large, or with something in it that JSON cannot say.
function sendAnswer(send: Send, id: number, result: unknown): void {
  try {
    send({ type: 'answer', id, result })
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message.slice(0, 200) : undefined
    send({ type: 'failure', id, problem: problem('plugin-output', detail).toJSON() })
  }
}

const MAX_LOG_FIELDS = 4_096

function logTo(send: Send): Log {
  const at = (level: keyof Log) => (message: string, fields?: object) => {
    const spelled = fieldsOf(fields)
    send({ type: 'log', level, message: message.slice(0, 500), ...(spelled === undefined ? {} : { fields: spelled }) })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** The fields as JSON will carry them; errors as their stack, and nothing at all when that fails or is long. */
function fieldsOf(fields: object | undefined): Record<string, unknown> | undefined {
  try {
    const text = JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))
    const spelled: unknown = text !== undefined && text.length <= MAX_LOG_FIELDS ? JSON.parse(text) : undefined
    if (typeof spelled !== 'object' || spelled === null) return undefined
    return Object.fromEntries(Object.entries(spelled).slice(0, 32))
  } catch {
    return undefined
  }
}
