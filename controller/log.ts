// SPDX-License-Identifier: Apache-2.0
/** The controller's log; the only importer of pino in the controller. */
import type { FastifyBaseLogger } from 'fastify'
import { destination, pino } from 'pino'
import type { Log } from '../plugins/contract/index.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Whatever carries one of these names is written as `[redacted]`. */
export const REDACTED = ['token', 'secret', 'password', 'authorization', 'cookie', 'ticket', 'key', 'privateKey', 'csr']

export type Logs = { readonly log: Log; readonly http: FastifyBaseLogger }

/** JSON lines on standard error. */
export function createLogs(level: LogLevel): Logs {
  const paths = REDACTED.flatMap(name => [name, `*.${name}`, `*.*.${name}`])
  const root = pino({ level, base: null, redact: { paths, censor: '[redacted]' } }, destination({ fd: 2, sync: true }))
  const write =
    (word: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: object = {}): void =>
      root[word](fields, message)
  return {
    // Fastify tells of every request at `info`; what is worth keeping of them is in the audit.
    http: root.child({ part: 'http' }, { level: level === 'silent' || level === 'error' ? level : 'warn' }),
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  }
}
