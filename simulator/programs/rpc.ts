// SPDX-License-Identifier: Apache-2.0
/** The simulated `rpc`, which asks and sets up Intel AMT, in its second and third generation. */
import type { RunResult } from '../../plugins/contract/index.ts'
import type { SimulatedFacts } from '../facts.ts'
import { exited, type Program } from '../processes.ts'
import { CODES, complained, createLog, ended, type RpcLog } from './rpc/codes.ts'
import { type RpcCall, readCall } from './rpc/command-line.ts'
import type { RpcOptions } from './rpc/engine.ts'
import { amtInfo, amtInfoText } from './rpc/info.ts'
import { activateLocally, deactivateLocally } from './rpc/local.ts'
import { PROTOCOL, VERSIONS } from './rpc/payload.ts'
import { runRemote } from './rpc/remote.ts'

/** The `rpc` of one host; `undefined` where it is not installed. */
export function rpcProgram(options: RpcOptions): Program | undefined {
  const { amt } = options.facts
  if (amt.obstacle === 'no-rpc') return undefined
  return ({ args, env, signal }) => {
    const call = readCall(args, env, amt.rpc)
    const log = createLog(() => options.clock.now(), call?.json ?? false)
    if (call === undefined) return complained(log, CODES.help, 'unknown flag or command')
    if (call.verb === 'version') return version(options.facts, call, log)
    const missing = accessProblem(options.facts)
    if (missing !== undefined) return complained(log, missing.code, missing.text)
    if (options.trouble.isBusy()) return complained(log, CODES.amtNotReady, 'device or resource busy')
    if (call.verb === 'amtinfo') return info(call, options, log)
    return act({ call, options, log, env, signal })
  }
}

type Act = {
  readonly call: RpcCall
  readonly options: RpcOptions
  readonly log: RpcLog
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

function act(run: Act): RunResult | Promise<RunResult> {
  const { call, options, log } = run
  if (!['activate', 'deactivate', 'maintenance'].includes(call.verb)) {
    return complained(log, CODES.help, `unknown command ${call.verb}`)
  }
  if (options.trouble.isInterrupted()) return complained(log, CODES.genericFailure, 'interrupted system call')
  if (options.trouble.hangs()) return forever(run.signal)
  const isLocal = call.flags.has('local') || call.flags.has('stopConfig')
  if (isLocal && !call.values.has('u') && call.verb === 'activate') return activateLocally(run)
  if (isLocal && !call.values.has('u') && call.verb === 'deactivate') return deactivateLocally(run)
  return runRemote(run)
}

function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}

function info(call: RpcCall, options: RpcOptions, log: RpcLog): RunResult {
  const told = amtInfo(options, call.flags)
  const text = call.json ? `${JSON.stringify(told, null, 2)}\n` : amtInfoText(told, options.facts.amt.rpc)
  return ended(log, 0, text)
}

function accessProblem({ amt }: SimulatedFacts): { readonly code: number; readonly text: string } | undefined {
  if (amt.obstacle === 'no-driver') {
    return { code: CODES.heciDriverNotDetected, text: 'HECIDriverNotDetected: the MEI driver was not found' }
  }
  if (amt.kind === 'none') return { code: CODES.amtNotDetected, text: 'AmtNotDetected: this machine has no AMT' }
  return undefined
}

/** The second generation asks the management engine before it tells its own version, and tells it on standard error. */
function version(facts: SimulatedFacts, { json }: RpcCall, log: RpcLog): RunResult {
  const { rpc } = facts.amt
  const said = { app: 'RPC', version: VERSIONS[rpc], protocol: PROTOCOL }
  if (rpc === 3) {
    const text = json ? JSON.stringify({ ...said, platform: 'linux/amd64' }) : `${said.app} ${said.version}`
    return exited(0, `${text}\n`)
  }
  const missing = accessProblem(facts)
  if (missing !== undefined) return complained(log, missing.code, missing.text)
  if (json) return exited(0, '', `${JSON.stringify(said)}\n`)
  return exited(0, `RPC\nVersion ${said.version}\nProtocol ${said.protocol}\n`)
}
