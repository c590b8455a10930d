// SPDX-License-Identifier: Apache-2.0
/** How the simulated `rpc` ends and what its log looks like: the same exit codes in both generations. */
import type { RunResult } from '../../../plugins/contract/index.ts'
import { exited } from '../../processes.ts'

export const CODES = {
  heciDriverNotDetected: 2,
  amtNotDetected: 3,
  amtNotReady: 4,
  help: 5,
  genericFailure: 10,
  missingUrl: 20,
  missingProfile: 21,
  missingPassword: 23,
  wrongParameters: 28,
  parameterCombination: 33,
  invalidUuid: 37,
  rpsAuthenticationFailed: 70,
  amtConnectionFailed: 71,
  amtAuthenticationFailed: 100,
  wsmanError: 101,
  activationFailed: 102,
  unableToDeactivate: 109,
  unableToActivate: 111,
  lmsConnectionFailed: 139,
} as const

export type Level = 'info' | 'warning' | 'error'

/** What one run prints to standard error, line by line. */
export interface RpcLog {
  say(level: Level, text: string): void
  readonly text: string
}

/** `json`: the flag of that name was given, which the log follows too. */
export function createLog(now: () => number, json: boolean): RpcLog {
  const lines: string[] = []
  return {
    say(level, text) {
      const time = new Date(Math.floor(now() / 1_000) * 1_000).toISOString().replace('.000Z', 'Z')
      lines.push(
        json
          ? JSON.stringify({ level, msg: text, time })
          : `time="${time}" level=${level} msg=${/[\s"=\\]/.test(text) || text === '' ? JSON.stringify(text) : text}`,
      )
    },
    get text() {
      return lines.map(line => `${line}\n`).join('')
    },
  }
}

/** A run's end, with its log on standard error. */
export function ended(log: RpcLog, code: number, stdout = ''): RunResult {
  return exited(code, stdout, log.text)
}

/** An end for a stated reason. */
export function complained(log: RpcLog, code: number, text: string): RunResult {
  log.say('error', text)
  return ended(log, code)
}
