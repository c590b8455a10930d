// SPDX-License-Identifier: Apache-2.0
/** Tells what a run of `rpc activate` or `rpc deactivate` claims to have done; only the firmware tells what it did. */
import type { Run } from './classify.ts'
import { type Line, linesOf, presentable, statusIn } from './said.ts'

/**
 * `ok`: the server said that it is done. `transient`: trying again later may help. `auth`: the firmware or the server does
 * not accept the password in use. `refused`: trying the same again cannot help. `fault`: everything else.
 */
export type Verdict = 'ok' | 'transient' | 'auth' | 'refused' | 'fault'

export type RunOutcome = {
  readonly verdict: Verdict
  readonly message: string
  readonly exit: number
  /** Whether the run was about a tunnel of the firmware's own; `undefined` when it did not say. */
  readonly tunnel: boolean | undefined
}

const AUTH = /unable to authenticate with AMT|password does not match stored|activation failed\. Missing password/i
const REFUSED =
  /does not match list of available AMT|missing DNS suffix|missing certificate hashes|hash does not exists? in list|belongs to another tenant|is not among the machines|UUID is not unique|protocol version not supported|known invalid uuid|version less than 7|OEM for a firmware update/i
const TRANSIENT =
  /interrupted system call|device or resource busy|by another session|AmtNotReady|websocket|dial tcp|connecting to RPS|connection (?:refused|reset|closed)|closed unexpectedly|time(?:d )?out|no such host|unreachable|unexpected EOF|\bEOF\b|x509|\bclose 1\d{3}\b|\bLM[SE]\b/i
const STATED = /\bDevice \S{1,64} (?:de)?activation failed/i
const BAD_STATUS =
  /\b(?:fail(?:ed|ure)?|error|unable|denied|refused|mismatch|not match|missing|invalid|not supported)\b/i

/** Codes 20 to 38 find fault with what we wrote on the command line; 138 with the version of the firmware. */
const REFUSED_CODES = (code: number): boolean => (code >= 20 && code <= 38 && code !== 22) || code === 138
/** 10 is every failure without a number of its own, most of them passing; 1 to 4 are for detection to explain. */
const TRANSIENT_CODES: ReadonlySet<number> = new Set([-1, 1, 2, 3, 4, 10, 22, 70, 71, 72, 103, 139])
const AUTH_CODE = 100

/** Never throws, whatever rpc printed. */
export function outcomeOf(run: Run): RunOutcome {
  const lines = linesOf(run.stdout, run.stderr)
  const said = readLog(lines)
  const verdict = verdictOf(run, said)
  return { verdict, message: messageOf(run, said, verdict), exit: run.code, tunnel: said.tunnel }
}

type Said = {
  /** What the server said at its end, when it got there. */
  readonly status: string | undefined
  readonly errors: readonly string[]
  readonly last: string | undefined
  readonly tunnel: boolean | undefined
  readonly all: string
}

const COMPONENT = /^\s*(?:Wired Network|Wireless Network|TLS|CIRA Proxy|CIRA Connection):/
const TUNNEL = /^\s*CIRA(?: Connection)?:\s*\S/
/** The third generation ends with this line whatever the server said. */
const HOLLOW = /via RPS\s*$/

function readLog(lines: readonly Line[]): Said {
  const errors = lines.filter(({ level, text }) => /^(error|fatal|panic)$/.test(level) && !COMPONENT.test(text))
  const stated = lines.map(({ text }) => /^\s*Status:\s*(\S.*)$/.exec(text)?.[1]).filter(text => text !== undefined)
  const status = stated.findLast(text => !HOLLOW.test(text))
  const summary = lines.some(({ text }) => /^\s*Provisioning and Configuration Result/.test(text))
  const tunnel = lines.some(({ text }) => TUNNEL.test(text))
    ? true
    : status !== undefined || summary
      ? false
      : undefined
  return {
    status: status ?? (summary || stated.length > 0 ? 'done' : undefined),
    errors: errors.map(({ text }) => statusIn(text)),
    last: lines.at(-1)?.text,
    tunnel,
    all: lines.map(({ text }) => text).join('\n'),
  }
}

function verdictOf(run: Run, said: Said): Verdict {
  const isGood = said.status !== undefined && !BAD_STATUS.test(said.status)
  if (run.code === 0 && isGood && said.errors.length === 0) return 'ok'
  if (AUTH.test(said.all) || run.code === AUTH_CODE) return 'auth'
  if (REFUSED.test(said.all) || REFUSED_CODES(run.code)) return 'refused'
  if (TRANSIENT.test(said.errors.join('\n')) || /interrupted system call|resource busy/i.test(said.all))
    return 'transient'
  // The third generation wraps the server's own word into the code of every failure without a number.
  if (run.code === 10 && STATED.test(said.all)) return 'fault'
  if (TRANSIENT_CODES.has(run.code)) return 'transient'
  return run.code === 0 && said.status === undefined && said.errors.length === 0 ? 'transient' : 'fault'
}

function messageOf(run: Run, { status, errors, last }: Said, verdict: Verdict): string {
  if (run.late) return 'rpc did not end in time and was stopped'
  const own = verdict === 'ok' ? (status ?? last) : (errors.at(-1) ?? status ?? last)
  const text = presentable(own ?? '')
  if (text !== '') return text
  return run.code === 0 ? 'rpc ended without a word about the result' : `rpc ended with code ${run.code}`
}
