// SPDX-License-Identifier: Apache-2.0
/** The simulated `rpc`, which asks and sets up Intel AMT, in its second and third major version. */
import type { RunResult } from '../../plugins/contract/index.ts'
import type { SimulatedFacts } from '../facts.ts'
import { exited, type Program } from '../processes.ts'
import type { Firmware } from '../storage.ts'
import { amtInfo, amtInfoText, type InfoOptions } from './rpc-info.ts'

export type RpcOptions = InfoOptions & {
  /** Remembers a changed firmware, which no reinstallation touches. */
  readonly keep: (firmware: Firmware) => void
}

/** Exit codes as both versions use them. */
const CODES = {
  heciDriverNotDetected: 2,
  amtNotDetected: 3,
  help: 5,
  genericFailure: 10,
  missingPassword: 23,
  wrongParameters: 28,
  amtAuthenticationFailed: 100,
  unableToDeactivate: 109,
  unableToActivate: 111,
} as const

/** The `rpc` of one host; `undefined` where it is not installed. */
export function rpcProgram(options: RpcOptions): Program | undefined {
  const { amt } = options.facts
  if (amt.obstacle === 'no-rpc') return undefined
  return ({ args, env }) => {
    const call = callOf(args, env, amt.rpc)
    if (call === undefined) return complain(amt.rpc, CODES.help, 'unknown flag or command')
    if (call.verb === 'version') return version(options.facts, call)
    const missing = accessProblem(options.facts)
    if (missing !== undefined) return complain(amt.rpc, missing.code, missing.text)
    return run(call, options)
  }
}

type Call = {
  readonly verb: string
  readonly json: boolean
  readonly flags: ReadonlySet<string>
  readonly password: string | undefined
}

const VALUED = new Set(['password', 'u', 'url', 'profile', 'd', 'dns', 'hostname', 'h', 'uuid', 'name', 'l', 't', 'p'])

/** Version 2 takes one dash or two; version 3 takes one for single letters only, and so does not know `-json`. */
function callOf(args: readonly string[], env: Readonly<Record<string, string>>, major: 2 | 3): Call | undefined {
  const [verb = '', ...rest] = args
  const flags = new Set<string>()
  let password = env.AMT_PASSWORD
  for (let at = 0; at < rest.length; at++) {
    const [, dashes = '', name = '', inline] = /^(--?)([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(rest[at] ?? '') ?? []
    if (name === '' || (major === 3 && dashes === '-' && name.length > 1)) return undefined
    flags.add(name === 'j' ? 'json' : name)
    const value = inline ?? (verb !== 'amtinfo' && VALUED.has(name) ? rest[++at] : undefined)
    if (name === 'password') password = value
  }
  return { verb, json: flags.has('json'), flags, password }
}

function run(call: Call, options: RpcOptions): RunResult {
  const major = options.facts.amt.rpc
  switch (call.verb) {
    case 'amtinfo': {
      const info = amtInfo(options, call.flags)
      return exited(0, call.json ? `${JSON.stringify(info, null, 2)}\n` : amtInfoText(info, major))
    }
    case 'activate':
      return call.flags.has('local') ? activate(call, options) : noServer(major)
    case 'deactivate':
      return call.flags.has('local') ? deactivate(call, options) : noServer(major)
    default:
      return complain(major, CODES.help, `unknown command ${call.verb}`)
  }
}

function accessProblem({ amt }: SimulatedFacts): { readonly code: number; readonly text: string } | undefined {
  if (amt.obstacle === 'no-driver') {
    return { code: CODES.heciDriverNotDetected, text: 'HECIDriverNotDetected: the MEI driver was not found' }
  }
  if (amt.kind === 'none') return { code: CODES.amtNotDetected, text: 'AmtNotDetected: this machine has no AMT' }
  return undefined
}

/** Version 2 asks the management engine before it tells its own version, and tells it on standard error. */
function version(facts: SimulatedFacts, { json }: Call): RunResult {
  const { rpc } = facts.amt
  const said = { app: 'RPC', version: rpc === 2 ? '2.48.10' : '3.0.0-beta.12', protocol: '4.0.0' }
  if (rpc === 3) {
    const text = json ? JSON.stringify({ ...said, platform: 'linux/amd64' }) : `${said.app} ${said.version}`
    return exited(0, `${text}\n`)
  }
  const missing = accessProblem(facts)
  if (missing !== undefined) return complain(2, missing.code, missing.text)
  if (json) return exited(0, '', `${JSON.stringify(said)}\n`)
  return exited(0, `RPC\nVersion ${said.version}\nProtocol ${said.protocol}\n`)
}

function activate({ flags, password = '' }: Call, { facts, firmware, keep }: RpcOptions): RunResult {
  const major = facts.amt.rpc
  const mode = flags.has('acm') ? 2 : flags.has('ccm') ? 1 : undefined
  if (mode === undefined) return complain(major, CODES.wrongParameters, 'specify -ccm or -acm')
  if (mode === 2)
    return complain(major, CODES.unableToActivate, 'this simulated firmware trusts no provisioning certificate')
  if (password === '') return complain(major, CODES.missingPassword, 'missing or incorrect password')
  if (firmware().controlMode !== 0) return complain(major, CODES.unableToActivate, 'the device is already activated')
  keep({ ...firmware(), controlMode: mode, password })
  return exited(0, '', logLine(major, 'info', 'Status: Device activated in Client Control Mode'))
}

function deactivate({ password = '' }: Call, { facts, firmware, keep }: RpcOptions): RunResult {
  const major = facts.amt.rpc
  const now = firmware()
  if (now.controlMode === 0) return complain(major, CODES.unableToDeactivate, 'the device is not activated')
  if (now.controlMode === 2 && password !== now.password) {
    return complain(major, CODES.amtAuthenticationFailed, 'Unable to authenticate with AMT')
  }
  keep({ controlMode: 0, enabled: now.enabled })
  return exited(0, '', logLine(major, 'info', 'Status: Deactivated'))
}

function noServer(major: 2 | 3): RunResult {
  return complain(major, CODES.genericFailure, 'this simulated rpc works on the local firmware only')
}

function complain(major: 2 | 3, code: number, text: string): RunResult {
  return exited(code, '', logLine(major, 'error', text))
}

function logLine(major: 2 | 3, level: string, text: string): string {
  return major === 2 ? `time="2025-01-01T00:00:00Z" level=${level} msg="${text}"\n` : `${level.toUpperCase()} ${text}\n`
}
