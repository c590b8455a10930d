// SPDX-License-Identifier: Apache-2.0
/** Bounds what a plugin's process says: messages, log lines and printing. */
import { type Clock, type Log, MINUTE, SECOND } from '../../plugins/contract/index.ts'
import type { HostingLimits } from './limits.ts'
import type { FromPlugin } from './protocol.ts'

type LogMessage = Extract<FromPlugin, { type: 'log' }>

export type Chatter = {
  /** Counts one message. */
  message(): void
  /** Counts bytes of the channel; says how long to leave it unread, 0 for not at all. */
  heard(bytes: number): number
  /** Passes a log line on, or counts it as dropped; long ones lose their fields. */
  said(message: LogMessage, bytes: number): void
  /** Counts what was printed and keeps its end; false when it is more than is allowed. */
  printed(chunk: Uint8Array): boolean
  /** Logs the end of what was printed, for whoever has to find out why it ended. */
  lastWords(): void
}

const LOGS_PER_SECOND = 50
const LOG_BYTES = 8_192
const KEPT_BYTES = 2_048

export function createChatter(given: { log: Log; clock: Clock; limits: HostingLimits }): Chatter {
  const { log, clock, limits } = given
  const second = windowOf(clock, SECOND)
  const minute = windowOf(clock, MINUTE)
  const used = { messages: 0, bytes: 0, logs: 0, dropped: 0, printed: 0 }
  let words = Buffer.alloc(0)

  function turnSecond(): void {
    if (!second.turned()) return
    if (used.dropped > 0) log.warn('the plugin logs too much', { dropped: used.dropped })
    Object.assign(used, { messages: 0, bytes: 0, logs: 0, dropped: 0 })
  }

  return {
    message() {
      turnSecond()
      used.messages++
    },
    heard(bytes) {
      turnSecond()
      used.bytes += bytes
      const over = used.messages > limits.messagesPerSecond || used.bytes > limits.bytesPerSecond
      return over ? second.restMs() : 0
    },
    said({ level, message, fields }, bytes) {
      turnSecond()
      used.logs++
      if (used.logs > LOGS_PER_SECOND) used.dropped++
      else log[level](message, bytes > LOG_BYTES ? { shortened: true } : { fields })
    },
    printed(chunk) {
      if (minute.turned()) used.printed = 0
      used.printed += chunk.byteLength
      words = Buffer.concat([words, chunk.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES)
      return used.printed <= limits.printedBytes
    },
    lastWords() {
      if (words.byteLength > 0) log.warn('the plugin left last words', { printed: words.toString('utf8') })
    },
  }
}

function windowOf(clock: Clock, lengthMs: number) {
  let since = clock.monotonic()
  return {
    /** Whether a new window has begun since this was last asked. */
    turned(): boolean {
      const now = clock.monotonic()
      if (now - since < lengthMs) return false
      since = now
      return true
    },
    restMs: (): number => Math.max(1, since + lengthMs - clock.monotonic()),
  }
}
