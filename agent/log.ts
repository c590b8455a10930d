// SPDX-License-Identifier: Apache-2.0
/** The log of the agent: one JSON object a line, with what must stay secret taken out. */
import pino from 'pino'
import { type Log, Problem } from '../plugins/contract/index.ts'

export type AgentLog = Log & {
  /** The same log with fields added to every line. */
  child(fields: object): AgentLog
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export type LogSink = { write(line: string): void }

/** Writes to standard error unless given a sink; `silent` writes nothing. */
export function createLog(options: { readonly level: LogLevel; readonly sink?: LogSink }): AgentLog {
  const { level, sink } = options
  const settings = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' }
  return over(pino(settings, sink ?? pino.destination({ dest: 2, sync: true })))
}

/** A log that goes nowhere. */
export function silentLog(): AgentLog {
  const quiet = (): void => undefined
  const log: AgentLog = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => log }
  return log
}

function over(inner: pino.Logger): AgentLog {
  const write = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object): void => {
    if (fields === undefined) inner[level](message)
    else if (inner.isLevelEnabled(level)) inner[level](redacted(fields), message)
  }
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    child: fields => over(inner.child(redacted(fields))),
  }
}

const SECRET_NAME = /(token|secret|password|passphrase|ticket|privatekey|authorization|cookie|credential|csr|proof)$/i
const SECRET_TEXT =
  /muster-join_1\.[A-Za-z0-9_.-]+|muster_(?:pat|svc)_\w+|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)|(?<=:\/\/)[^\s/@]+:[^\s/@]+(?=@)/g
const MAX_DEPTH = 6
const MAX_TEXT = 2_000

/**
 * Replaces members whose name says secret, at any depth, and secrets of known shape inside texts: join and API tokens,
 * private keys, passwords in addresses. Cuts long texts. Errors become their name, message and stack.
 */
export function redacted(fields: object): Record<string, unknown> {
  const clean: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    clean[name] = SECRET_NAME.test(name) ? '[redacted]' : cleaned(value, 1)
  }
  return clean
}

/** Takes secrets of known shape out of a text. */
export function redactedText(text: string): string {
  const cut = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
  return cut.replace(SECRET_TEXT, '[redacted]')
}

function cleaned(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactedText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[deep]'
  if (value instanceof Problem) return cleaned({ ...value.toJSON(), cause: value.cause }, depth)
  if (value instanceof Error) return cleaned({ name: value.name, message: value.message, stack: value.stack }, depth)
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.slice(0, 100).map(item => cleaned(item, depth + 1))
  const clean: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    clean[name] = SECRET_NAME.test(name) ? '[redacted]' : cleaned(member, depth + 1)
  }
  return clean
}
