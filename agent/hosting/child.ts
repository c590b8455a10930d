// SPDX-License-Identifier: Apache-2.0
/** The end of the channel inside a plugin's own process: serves the agent's calls until it is told to stop. */
import { Socket } from 'node:net'
import { type AnyPlugin, asProblem, type Log, type Problem } from '../../plugins/contract/index.ts'
import { createSystem } from '../system/real.ts'
import type { System } from '../system/system.ts'
import { type Abilities, perform } from './calls.ts'
import { attempt, startPlugin, stopPlugin } from './inline.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { readLines } from './lines.ts'
import { refusalOf } from './manifest.ts'
import { permittedFiles } from './permitted-files.ts'
import { createPluginHost } from './plugin-host.ts'
import { problem } from './problems.ts'
import { CHANNEL, type FromPlugin, readLine, ToPlugin, writeLine } from './protocol.ts'

type Send = (message: FromPlugin) => void

/**
 * Runs a plugin as this whole process and ends it when the agent says so or is gone. Returns at once; the process lives
 * for as long as the channel is open.
 */
export function runPluginChild(plugin: AnyPlugin, system: System = createSystem()): void {
  const socket = new Socket({ fd: CHANNEL, readable: true, writable: true })
  const send: Send = message => socket.write(writeLine(message, DEFAULT_LIMITS.messageBytes))
  const leave = (): void => process.exit(0)
  socket.on('close', leave)
  socket.on('error', leave)
  try {
    serve(plugin, system, { socket, send })
  } catch (thrown) {
    send({ type: 'refused', detail: asProblem(thrown).message.slice(0, 500) })
    socket.end(leave)
  }
}

type Channel = { readonly socket: Socket; readonly send: Send }

function serve(plugin: AnyPlugin, system: System, { socket, send }: Channel): void {
  const refusal = refusalOf(plugin)
  if (refusal !== undefined) throw problem('plugin-refused', refusal)
  const { manifest } = plugin
  const log = logTo(send)
  const owned = createPluginHost({
    manifest,
    system: { ...system, files: permittedFiles(system.files) },
    log,
    timers: DEFAULT_LIMITS.timers,
    onChanged: () => send({ type: 'changed' }),
    onSample: (stream, value, labels) => send({ type: 'sample', stream, value, labels }),
  })
  const { running, abilities } = startPlugin(plugin, owned)
  const underWay = new Map<number, AbortController>()

  async function answer({ id, call }: Extract<ToPlugin, { type: 'call' }>): Promise<void> {
    const controller = new AbortController()
    underWay.set(id, controller)
    const act = (): Promise<unknown> => perform(plugin.section, running, call, controller.signal)
    try {
      const result = await attempt({ method: call.method, signal: controller.signal, log, act })
      sendAnswer(send, id, result)
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
    socket.end(() => process.exit(0))
  }

  function take(message: ToPlugin): void {
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

  listen(socket, take)
  send(readyOf(plugin, abilities))
}

function listen(socket: Socket, take: (message: ToPlugin) => void): void {
  const refuse = (): void => {
    process.stderr.write('the agent sent what is not a message\n')
    process.exit(1)
  }
  const reader = readLines(
    DEFAULT_LIMITS.messageBytes,
    line => {
      const message = readLine(ToPlugin, line)
      if (message === undefined) refuse()
      else take(message)
    },
    refuse,
  )
  socket.on('data', chunk => reader.push(chunk))
}

function readyOf({ manifest }: AnyPlugin, abilities: Abilities): FromPlugin {
  return { type: 'ready', name: manifest.name, version: manifest.version, abilities }
}

// A result may fit its schema and still not travel: too large, or with something in it that JSON cannot say.
function sendAnswer(send: Send, id: number, result: unknown): void {
  try {
    send({ type: 'answer', id, result })
  } catch (thrown) {
    const why: Problem = problem('plugin-output', thrown instanceof Error ? thrown.message.slice(0, 200) : undefined)
    send({ type: 'failure', id, problem: why.toJSON() })
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
  if (fields === undefined) return undefined
  try {
    const text = JSON.stringify(fields, (_, value: unknown) =>
      value instanceof Error ? (value.stack ?? value.message) : value,
    )
    const spelled: unknown = text.length <= MAX_LOG_FIELDS ? JSON.parse(text) : undefined
    return typeof spelled === 'object' && spelled !== null ? Object.fromEntries(Object.entries(spelled)) : undefined
  } catch {
    return undefined
  }
}
