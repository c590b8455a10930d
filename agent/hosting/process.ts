// SPDX-License-Identifier: Apache-2.0
/** Runs a plugin as a process of its own, and ends it when it misbehaves. */
import type { ChildProcess } from 'node:child_process'
import { Duplex } from 'node:stream'
import { type AnyPlugin, problem as common, type Problem, problemFrom, SECOND } from '../../plugins/contract/index.ts'
import type { Abilities, Call } from './calls.ts'
import { type Chatter, createChatter } from './chatter.ts'
import type { InlineOptions } from './inline.ts'
import type { Ending, Instance, LifeEvents } from './instance.ts'
import { type Entry, launch } from './launch.ts'
import { readLines } from './lines.ts'
import { PendingCalls } from './pending.ts'
import { problem } from './problems.ts'
import { killOrphans, killTree, measureTree } from './process-tree.ts'
import { CHANNEL, FromPlugin, readLine, type ToPlugin, writeLine } from './protocol.ts'
import { createTimers, type Timers } from './timers.ts'

/** What the agent's own side needs of a plugin whose code runs elsewhere. */
export type Hostable = Pick<AnyPlugin, 'manifest' | 'section'>

export type ProcessOptions = InlineOptions & { readonly entry: Entry }

/** How long the pipes of a process that has ended are still read, for its last words. */
const LAST_WORDS_MS = 200

/** Begins the life of a plugin as a process; its ending, even by a failed start, is told later and never thrown. */
export function beginProcess(plugin: Hostable, options: ProcessOptions, events: LifeEvents): Instance {
  return new PluginProcess(plugin, options, events)
}

/** Invariants: once `#over` is set no call is pending, no timer is set and nothing the process says is heard. */
class PluginProcess implements Instance {
  readonly #plugin: Hostable
  readonly #options: ProcessOptions
  readonly #events: LifeEvents
  readonly #child: ChildProcess
  readonly #channel: Duplex
  readonly #chatter: Chatter
  readonly #timers: Timers
  readonly #pending = new PendingCalls()
  readonly #exited = Promise.withResolvers<void>()
  /** Calls made before it was ready. */
  #waiting: ToPlugin[] = []
  #abilities: Abilities | undefined
  #over = false
  #lastPing = 0
  #unanswered = 0

  constructor(plugin: Hostable, options: ProcessOptions, events: LifeEvents) {
    const { log, system, limits } = options
    this.#plugin = plugin
    this.#options = options
    this.#events = events
    this.#timers = createTimers(system.clock)
    this.#chatter = createChatter({ log, clock: system.clock, limits })
    this.#child = launch(plugin.manifest, options.entry, limits)
    const channel = this.#child.stdio[CHANNEL]
    this.#channel = channel instanceof Duplex ? channel : new Duplex().destroy()
    this.#listenToProcess()
    this.#listenToChannel()
    this.#timers.after(limits.startMs, () => {
      if (this.#abilities === undefined) this.#kill(`was not ready within ${limits.startMs} ms`)
    })
    this.#timers.every(limits.watchMs, () => this.#watch())
    this.#timers.every(limits.heartbeatMs, () => this.#beat())
  }

  get abilities(): Abilities | undefined {
    return this.#abilities
  }

  call(call: Call, signal: AbortSignal): Promise<unknown> {
    if (this.#over) return Promise.reject(problem('plugin-crashed', 'it has ended'))
    if (this.#pending.size >= this.#options.limits.calls) {
      return Promise.reject(common('unavailable', 'too many calls to this plugin are under way'))
    }
    const { id, answer } = this.#pending.open()
    const cancel = (): void => this.#cancel(id, call.method)
    signal.addEventListener('abort', cancel, { once: true })
    this.#pending.onClose(id, () => signal.removeEventListener('abort', cancel))
    const message: ToPlugin = { type: 'call', id, call }
    if (this.#abilities === undefined) this.#waiting.push(message)
    else this.#send(message)
    if (signal.aborted) cancel()
    return answer
  }

  async stop(): Promise<void> {
    if (this.#over) return
    const { system, limits } = this.#options
    const ready = this.#abilities !== undefined
    if (ready) this.#send({ type: 'stop' })
    this.#finish(common('unavailable', 'the plugin was stopped'))
    if (!ready) this.#killTree()
    this.#channel.resume()
    const late = createTimers(system.clock)
    late.after(limits.stopMs, () => this.#killTree())
    late.after(limits.stopMs + SECOND, () => this.#exited.resolve()) // a process stuck in the kernel
    await this.#exited.promise
    late.close()
    this.#close()
  }

  #listenToProcess(): void {
    const { printedBytes } = this.#options.limits
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('error', () => {})
      stream?.on('data', (chunk: Buffer) => {
        if (!this.#chatter.printed(chunk)) this.#kill(`printed more than ${printedBytes} bytes in a minute`)
      })
    }
    this.#child.on('error', error => {
      this.#exited.resolve()
      this.#end({ kind: 'crashed', detail: `could not be started: ${error.message.slice(0, 200)}` })
    })
    this.#child.on('exit', (code, signal) => {
      this.#exited.resolve()
      if (this.#child.pid !== undefined) killOrphans(this.#child.pid)
      const detail = signal === null ? `exited with code ${code}` : `was ended by ${signal}`
      const end = (): void => this.#end({ kind: 'crashed', detail })
      this.#child.once('close', end)
      this.#timers.after(LAST_WORDS_MS, end)
    })
  }

  #listenToChannel(): void {
    const { messageBytes } = this.#options.limits
    const reader = readLines(
      messageBytes,
      line => this.#take(line),
      () => this.#kill(`sent a message of more than ${messageBytes} bytes`),
    )
    this.#channel.on('data', (chunk: Buffer) => {
      if (this.#over) return
      reader.push(chunk)
      const restMs = this.#chatter.heard(chunk.byteLength)
      if (restMs === 0 || this.#over) return
      this.#channel.pause()
      this.#timers.after(restMs, () => this.#channel.resume())
    })
    this.#channel.on('error', () => {}) // the end of the process says what there is to say
    this.#channel.on('end', () => this.#timers.after(LAST_WORDS_MS, () => this.#kill('closed its channel')))
  }

  #take(line: Uint8Array): void {
    if (this.#over) return
    const message = readLine(FromPlugin, line)
    this.#chatter.message()
    switch (message?.type) {
      case undefined:
        this.#kill('sent what is not a message')
        break
      case 'ready':
        this.#ready(message)
        break
      case 'refused':
        if (this.#abilities === undefined) this.#end({ kind: 'refused', detail: message.detail })
        else this.#kill('refused itself after it was ready')
        break
      case 'answer':
      case 'failure':
        this.#answered(message)
        break
      case 'pong':
        if (message.id > this.#lastPing) this.#kill('answered a ping that nobody sent')
        else if (message.id === this.#lastPing) this.#unanswered = 0
        break
      case 'changed':
        this.#options.onChanged()
        break
      case 'sample':
        this.#options.onSample(message.stream, message.value, message.labels)
        break
      case 'log':
        this.#chatter.said(message, line.byteLength)
    }
  }

  #ready({ name, version, abilities }: Extract<FromPlugin, { type: 'ready' }>): void {
    const { manifest } = this.#plugin
    if (this.#abilities !== undefined) {
      this.#kill('said twice that it is ready')
      return
    }
    if (name !== manifest.name || version !== manifest.version) {
      const expected = `${manifest.name} ${manifest.version}`
      this.#end({ kind: 'refused', detail: `it is ${name} ${version}, not ${expected}` })
      return
    }
    this.#abilities = abilities
    const waiting = this.#waiting
    this.#waiting = []
    for (const message of waiting) this.#send(message)
    this.#events.onReady()
  }

  #answered(message: Extract<FromPlugin, { type: 'answer' | 'failure' }>): void {
    if (!this.#pending.isKnown(message.id)) this.#kill('answered a call that nobody made')
    else if (message.type === 'answer') this.#pending.settle(message.id, message.result)
    else this.#pending.fail(message.id, problemFrom(message.problem))
  }

  #cancel(id: number, method: Call['method']): void {
    if (!this.#pending.isOpen(id)) return
    if (this.#abilities === undefined) {
      this.#waiting = this.#waiting.filter(message => message.type !== 'call' || message.id !== id)
      this.#pending.fail(id, common('cancelled', `${method} was cancelled`))
      return
    }
    this.#send({ type: 'cancel', id })
    const { graceMs } = this.#options.limits
    const forget = this.#timers.after(graceMs, () => this.#kill(`did not heed the end of ${method}`))
    this.#pending.onClose(id, forget)
  }

  #send(message: ToPlugin): void {
    const { messageBytes } = this.#options.limits
    try {
      this.#channel.write(writeLine(message, messageBytes))
    } catch {
      // Only a call carries enough to be too large.
      if (message.type === 'call') this.#pending.fail(message.id, common('invalid', 'the arguments are too large'))
    }
    if (this.#channel.writableLength > 4 * messageBytes) this.#kill('does not read what it is sent')
  }

  // Pings are counted, not timed: a pause of the agent itself, or of the whole machine, is no fault of the plugin.
  #beat(): void {
    if (this.#abilities === undefined) return
    const { missedHeartbeats } = this.#options.limits
    if (this.#unanswered >= missedHeartbeats) this.#kill(`left ${missedHeartbeats} pings unanswered`)
    this.#unanswered++
    this.#send({ type: 'ping', id: ++this.#lastPing })
  }

  #watch(): void {
    const { memoryBytes, processes } = this.#options.limits
    const use = measureTree(this.#child.pid ?? 0, processes)
    if (use.processes > processes) this.#kill(`started more than ${processes} processes`)
    else if (use.residentBytes > memoryBytes) this.#kill(`used more than ${memoryBytes} bytes of memory`)
  }

  #kill(why: string): void {
    if (this.#over) return
    this.#killTree()
    this.#end({ kind: 'crashed', detail: why })
  }

  #end(ending: Ending): void {
    if (this.#over) return
    this.#chatter.lastWords()
    this.#finish(problem('plugin-crashed', ending.detail))
    this.#killTree()
    this.#close()
    this.#events.onEnded(ending)
  }

  #finish(why: Problem): void {
    this.#over = true
    this.#timers.close()
    this.#waiting = []
    this.#pending.failAll(why)
  }

  #close(): void {
    this.#channel.destroy()
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  #killTree(): void {
    const { pid, exitCode, signalCode } = this.#child
    if (pid !== undefined && exitCode === null && signalCode === null) killTree(pid)
  }
}
