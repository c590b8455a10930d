// SPDX-License-Identifier: Apache-2.0
/** Runs `rpc` against the management engine: looking is open, activation and deactivation follow the signed order. */
import { posix } from 'node:path'
import { type ActivationOrder, AmtDesired, amt as section } from '../../../plugins/amt/contract.ts'
import { check, MINUTE, SECOND } from '../../../plugins/contract/index.ts'
import type { Act, Bench } from '../act.ts'
import type { InputOf, RpcOrder } from '../inputs.ts'
import { problem } from '../problems.ts'

const LOOK_MS = 45 * SECOND
/** Without Intel's local service an activation takes up to five minutes. */
const ACT_MS = 6 * MINUTE
const ALONE = 'management engine'

// rpc reaches the firmware over /dev/mei0 and 127.0.0.1, and its server over the network: none is the helper's own.
const outside = true

export const look: Act<'rpc.look'> = {
  title: 'Ask the management engine what it is',
  authority: 'open',
  withinMs: LOOK_MS,
  alone: ALONE,
  perform(input, { programs, signal }) {
    const json = input.do === 'amtinfo' && input.style === 'v2' ? '-json' : '--json'
    return programs.run('rpc', [input.do, json], { signal, timeoutMs: LOOK_MS, outside })
  },
}

export const act: Act<'rpc.act'> = {
  title: 'Activate or deactivate the management engine',
  authority: 'signed',
  withinMs: ACT_MS + 15 * SECOND,
  alone: ALONE,
  async perform(input, bench) {
    const { programs, signal } = bench
    const order = await orderOf(bench)
    const why = objection(input, order)
    if (why !== undefined) throw problem('not-authorized', why)
    const env = await environment(bench, input.password, order.ca)
    return programs.run('rpc', lineOf(input, order), { signal, timeoutMs: ACT_MS, env, outside })
  },
}

/** The order in the newest desired document of the section; throws `not-authorized` when it holds none. */
export async function orderOf({ warrants }: Pick<Bench, 'warrants'>): Promise<ActivationOrder> {
  const content = await warrants().desired(section)
  const order = content === null ? undefined : check(AmtDesired, content, 'desired of amt').activation
  if (order === undefined) throw problem('not-authorized', 'the desired document of amt orders no activation')
  return order
}

/** Why an order does not cover what was asked for; pure. To activate anew, a machine may have to be deactivated first. */
export function objection(asked: InputOf<'rpc.act'>, order: ActivationOrder): string | undefined {
  if (asked.do === 'activate' && order.state !== 'activated') return 'the order is to deactivate'
  const wanted: RpcOrder = asked.order
  if (wanted.server !== order.server) return 'the order names another server'
  if (wanted.anyCertificate !== (order.trust === 'any')) return 'the order says otherwise about the certificate'
  if (wanted.ownRoots !== (order.ca !== undefined)) return 'the order says otherwise about the roots'
  if (asked.do === 'deactivate') return undefined
  const differs = (['profile', 'dnsSuffix', 'friendlyName'] as const).find(name => wanted[name] !== order[name])
  return differs === undefined ? undefined : `the order has another ${differs}`
}

const V2 = { url: '-u', profile: '-profile', dns: '-d', name: '-name', any: '-n' } as const
const V3 = { url: '--url', profile: '--profile', dns: '--dns', name: '--name', any: '--skip-cert-check' } as const

/** Spelled from what was signed, never from what was asked for. */
function lineOf({ do: verb, style }: InputOf<'rpc.act'>, order: ActivationOrder): readonly string[] {
  const flags = style === 'v3' ? V3 : V2
  const line = [verb, flags.url, order.server]
  if (verb === 'activate') {
    line.push(flags.profile, order.profile)
    if (order.dnsSuffix !== undefined) line.push(flags.dns, order.dnsSuffix)
    if (order.friendlyName !== undefined) line.push(flags.name, order.friendlyName)
  }
  if (order.trust === 'any') line.push(flags.any)
  return line
}

/** The roots come from the signed order: a file that the agent wrote could hold somebody else's. */
async function environment(
  { files, stateDir }: Bench,
  password: string | undefined,
  roots: string | undefined,
): Promise<Readonly<Record<string, string>>> {
  const env = password === undefined ? {} : { AMT_PASSWORD: password }
  if (roots === undefined) return env
  const file = posix.join(stateDir, 'server-roots.pem')
  await files.replace(file, roots, 0o600)
  return { ...env, SSL_CERT_FILE: file }
}
