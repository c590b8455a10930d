// SPDX-License-Identifier: Apache-2.0
/** Decides from one run of `rpc amtinfo` what the machine can do: always an answer, always with its reason. */
import { type AmtObserved, type Firmware, RAW_MAX } from './contract.ts'
import { readFields } from './fields.ts'
import { firmwareOf } from './firmware.ts'

/** What the kernel shows of Intel's management engine, when rpc cannot reach it. */
export type Engine = 'driver' | 'device' | 'absent' | 'unknown'

export type Run = {
  /** -1 when rpc could not be started or was killed. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** It was killed at our deadline. */
  readonly late: boolean
}

type Verdict = Pick<AmtObserved, 'sku' | 'why' | 'retry'>

/** Never throws, whatever rpc printed. `engine` is asked only when rpc found no driver. */
export async function classify(run: Run, engine: () => Promise<Engine>): Promise<AmtObserved> {
  const fields = readFields(run.stdout, run.stderr)
  const firmware = firmwareOf(fields)
  const stated = skuOf(firmware)
  const facts = firmware === undefined ? {} : { firmware }
  if (stated !== undefined) return { ...stated, ...facts }
  const verdict = await failureOf(run, fields.get('heciavailable') === 'false', engine)
  const puzzling = verdict.sku === 'unknown' && run.code !== -1
  const raw = puzzling ? rawOf(run) : ''
  return { ...verdict, ...facts, ...(raw === '' ? {} : { raw }) }
}

const AMT_BIT = 0x08
const ISM_BIT = 0x10

/** The firmware's number decides; its words do where the number has another meaning (before version 5) or is missing. */
function skuOf(firmware: Firmware | undefined): Verdict | undefined {
  if (firmware?.version === undefined) return undefined
  const { version, skuCode, features, enabled } = firmware
  if (skuCode === undefined && features === undefined) return undefined
  const named = features ?? 'no features'
  const about = `version ${version}, SKU ${skuCode ?? 'not stated'} (${named})`
  const off = enabled === false ? '; switched off in the BIOS' : ''
  const bits = Number.parseInt(version, 10) >= 5 && skuCode !== undefined ? Number(skuCode) : undefined
  if (bits === undefined ? /\bAMT\b/.test(named) : (bits & AMT_BIT) !== 0) return sure('amt', about + off)
  if (bits === undefined ? /Standard Manageability/.test(named) : (bits & ISM_BIT) !== 0)
    return sure('ism', about + off)
  return sure('none', `a management engine without AMT: ${about}`)
}

function sure(sku: 'amt' | 'ism' | 'none', why: string): Verdict {
  return { sku, why, retry: false }
}

function unsure(why: string, retry: boolean): Verdict {
  return { sku: 'unknown', why, retry }
}

async function failureOf(run: Run, noHeci: boolean, engine: () => Promise<Engine>): Promise<Verdict> {
  const said = `${run.stderr}\n${run.stdout}`.slice(0, 65_536)
  if (run.code === -1) return notRun(run)
  if (isNotReady(run, said)) return unsure(withReason('the management engine is busy or not ready', said), true)
  if (needsRoot(run, said, noHeci)) return unsure('rpc needs root to reach the management engine', false)
  if (run.code === 2 || noHeci || said.includes('HECIDriverNotDetected')) return noDriver(await engine())
  if (run.code === 3 || said.includes('AmtNotDetected')) return sure('none', 'rpc found no AMT on this machine')
  if (run.code === 0) return unsure(withReason('rpc did not state version and SKU', said), true)
  // 10 is every failure that has no number of its own, most of them passing.
  return unsure(withReason(`rpc ended with code ${run.code}`, said), run.code === 10)
}

function notRun({ late, stderr }: Run): Verdict {
  if (late) return unsure('rpc did not answer in time and was stopped', true)
  const reason = stderr.trim()
  if (reason === '' || /ENOENT|not found|no such file/i.test(reason)) return unsure('rpc is not installed', false)
  return unsure(withReason('rpc could not be run', reason), false)
}

function isNotReady({ code }: Run, said: string): boolean {
  return code === 4 || /AmtNotReady|interrupted system call|device or resource busy/i.test(said)
}

// The third generation goes on without root and then states only what the operating system knows; it warns that HECI is
// not available only where it had the right to look.
function needsRoot({ code }: Run, said: string, noHeci: boolean): boolean {
  if (code === 1 || said.includes('IncorrectPermissions')) return true
  if (/need administrator privileges|mei\d?: permission denied/i.test(said)) return true
  return noHeci && !/HECI not available/i.test(said)
}

function noDriver(engine: Engine): Verdict {
  switch (engine) {
    case 'absent':
      return sure('none', 'this machine has no Intel management engine')
    case 'device':
      return unsure('the management engine has no driver: load mei_me', false)
    case 'driver':
      return unsure('rpc did not find the management engine, although the kernel has its driver', true)
    case 'unknown':
      return unsure('there is no driver for the management engine', false)
  }
}

/** Adds what rpc said last, without its clock: a reason that differs every time would be reported every time. */
function withReason(what: string, said: string): string {
  const messages = [
    ...said.matchAll(/\bmsg=(?:"((?:[^"\\]|\\.){1,2000})"|(\S{1,2000}))|"msg":"((?:[^"\\]|\\.){1,2000})"/g),
  ]
  const last = messages.at(-1)
  const reason = last === undefined ? said.trim().split('\n').at(-1) : (last[1] ?? last[2] ?? last[3])
  const short = tidy(reason ?? '').trim()
  return tidy(short === '' || short.startsWith('}') ? what : `${what}: ${short}`)
    .slice(0, 500)
    .toWellFormed()
}

function rawOf({ stdout, stderr }: Run): string {
  return tidy(`${stdout}\n${stderr}`.trim()).slice(0, RAW_MAX).toWellFormed()
}

const TIMES = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters other than tab and line feed are what it removes
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g

function tidy(text: string): string {
  return text.slice(0, 16_384).replace(TIMES, '<time>').replace(UNPRINTABLE, '').toWellFormed()
}
