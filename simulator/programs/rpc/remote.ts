// SPDX-License-Identifier: Apache-2.0
/** `rpc activate`, `deactivate` and `maintenance` against a server. */
import type { RunResult } from '../../../plugins/contract/index.ts'
import { openServer, type ServerLink } from '../rpc-socket.ts'
import { CODES, complained, ended, type RpcLog } from './codes.ts'
import type { RpcCall } from './command-line.ts'
import type { RpcOptions } from './engine.ts'
import { firstMessage } from './payload.ts'
import { converse, type SessionEnd } from './session.ts'

export type RemoteRun = {
  readonly call: RpcCall
  readonly options: RpcOptions
  readonly log: RpcLog
  readonly env: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

const TASKS = ['syncclock', 'synctime', 'syncip', 'synchostname', 'syncdeviceinfo', 'changepassword']
/** UUIDs with which the real client refuses to start. */
const SHARED_UUIDS = ['00000000-0000-0000-0000-000000000000', '03000200-0400-0500-0006-000700080009']

/** Runs to its end; rejects when it is killed. */
export async function runRemote(run: RemoteRun): Promise<RunResult> {
  const { call, options, log } = run
  const wrong = faultOf(call, options)
  if (wrong !== undefined) return complained(log, wrong.code, wrong.text)
  const { mei } = options.engine()
  if (SHARED_UUIDS.includes((call.values.get('uuid') ?? mei.uuid).toLowerCase())) {
    return complained(log, CODES.invalidUuid, 'UUID is a known invalid UUID')
  }
  if (mei.controlMode() !== 0 && (call.password ?? '') === '') {
    return complained(log, CODES.missingPassword, 'missing or incorrect password')
  }
  const tls = mei.tlsEnforced || call.flags.has('tls-tunnel')
  if (mei.tlsEnforced && !options.lmsRuns()) {
    return complained(log, CODES.lmsConnectionFailed, 'failed to connect to LMS')
  }
  log.say('info', `connecting to ${call.values.get('u')}`)
  const link = await connected(run)
  if (typeof link === 'string') {
    log.say('error', 'error connecting to RPS')
    return complained(log, CODES.genericFailure, link)
  }
  log.say('info', `connected to ${call.values.get('u')}`)
  const end = await converse({ options, link, log, signal: run.signal, tls }, firstMessage(call, options, mei))
  return conclude(run, end)
}

type Fault = { readonly code: number; readonly text: string }

function faultOf({ verb, task, values, flags }: RpcCall, { facts }: RpcOptions): Fault | undefined {
  const url = values.get('u') ?? ''
  if (verb === 'maintenance') {
    if (facts.amt.rpc === 3) return { code: CODES.help, text: 'unexpected argument maintenance' }
    if (!TASKS.includes(task)) return { code: CODES.wrongParameters, text: 'incorrect command line parameters' }
  }
  if (url === '') return { code: CODES.missingUrl, text: '-u flag is required and cannot be empty' }
  if (!/^wss?:$/.test(URL.parse(url)?.protocol ?? '')) {
    return { code: CODES.genericFailure, text: 'malformed ws or wss URL' }
  }
  if (flags.has('local')) {
    return { code: CODES.parameterCombination, text: "provide either a 'url' or a 'local', but not both" }
  }
  if (verb === 'activate' && (values.get('profile') ?? '') === '') {
    return { code: CODES.missingProfile, text: '-profile flag is required and cannot be empty' }
  }
  return undefined
}

/** The connection, or why there is none. */
async function connected({ call, options, env, signal }: RemoteRun): Promise<ServerLink | string> {
  try {
    const file = env.SSL_CERT_FILE
    const roots = file === undefined ? undefined : await options.file(file)
    return await openServer({
      network: options.network(),
      url: new URL(call.values.get('u') ?? ''),
      trustAny: call.flags.has('n'),
      ...(roots === undefined ? {} : { roots }),
      signal,
    })
  } catch (thrown) {
    if (signal.aborted) throw thrown
    return thrown instanceof Error ? thrown.message : 'unknown'
  }
}

/** The second generation ends with 0 whatever the server said; the third makes 10 of most failures. */
function conclude({ call, options, log }: RemoteRun, end: SessionEnd): RunResult {
  if (options.facts.amt.rpc === 2) return ended(log, 0)
  if (end !== 'success') {
    const why = end === 'broken' ? 'rps connection closed unexpectedly' : `RPS ${call.verb} failed`
    return complained(log, CODES.genericFailure, why)
  }
  if (!call.json) return ended(log, 0)
  const result = {
    status: 'success',
    message: `Device ${call.verb}d successfully via RPS`,
    rps_server: call.values.get('u'),
    profile: call.values.get('profile') ?? '',
    friendly_name: call.values.get('name') ?? '',
    device_info: { profile: call.values.get('profile') ?? '' },
  }
  return ended(log, 0, `${JSON.stringify(result, null, 2)}\n`)
}
