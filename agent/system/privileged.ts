// SPDX-License-Identifier: Apache-2.0
/** Tells which program runs and files of plugins are privileged, and as which verb the helper does them; pure. */
import { findings } from '../../plugins/contract/index.ts'
import { DMI_FILES, type InputOf, type RpcOrder, VERBS, type Verb } from '../helper/inputs.ts'

export type PrivilegedAct = { [V in Verb]: { readonly verb: V; readonly input: InputOf<V> } }[Verb]

type Environment = Readonly<Record<string, string>>

/** `direct`: needs no privilege. `unknown`: the program needs one, and this use of it, or a word of it, is none the helper takes. */
export type Verdict = 'direct' | 'unknown' | PrivilegedAct

/** Judges a program run by the name and arguments a plugin gave. */
export function privilegedRun(file: string, args: readonly string[], env: Environment): Verdict {
  const judge = Object.hasOwn(PROGRAMS, file) ? PROGRAMS[file] : undefined
  if (judge === undefined) return 'direct'
  const verdict = judge(args, env)
  if (typeof verdict === 'string') return verdict
  return findings(VERBS[verdict.verb].input, verdict.input).length === 0 ? verdict : 'unknown'
}

const DMI: ReadonlySet<string> = new Set(DMI_FILES)

/** Judges the reading of a file. */
export function privilegedRead(path: string): Verdict {
  return DMI.has(path) ? { verb: 'dmi.read', input: { path } } : 'direct'
}

/** Trees that belong to root on every system; the agent's own state lies elsewhere. */
const ROOTS_TREES = /^\/(boot|etc|opt|srv|usr)\//

/** Judges the replacing of a file. */
export function privilegedReplace(path: string, content: Uint8Array | string, mode: number): Verdict {
  if (!ROOTS_TREES.test(path)) return 'direct'
  return { verb: 'file.put', input: { path, base64: Buffer.from(content).toString('base64'), mode } }
}

type Judge = (args: readonly string[], env: Environment) => Verdict

const PROGRAMS: Readonly<Record<string, Judge>> = {
  rpc: rpcAct,
  modprobe: ([module, ...more]) =>
    module === 'mei_me' && more.length === 0 ? { verb: 'module.load', input: { module } } : 'unknown',
  smartctl: args => {
    const disk = /^\/dev\/([a-z0-9]+)$/.exec(args.at(-1) ?? '')?.[1]
    return disk === undefined ? 'unknown' : { verb: 'smart.read', input: { disk } }
  },
  shutdown: ([how]) => {
    if (how === '-r') return { verb: 'power.reboot', input: {} }
    return how === '-h' ? { verb: 'power.shutdown', input: {} } : 'unknown'
  },
  systemctl: systemctlAct,
  hostname: args => {
    const [hostname, ...more] = args
    if (hostname === undefined) return 'direct'
    return more.length === 0 && !hostname.startsWith('-')
      ? { verb: 'hostname.set', input: { hostname, by: 'hostname' } }
      : 'unknown'
  },
  hostnamectl: args => {
    const [verb, hostname, ...more] = withoutOptions(args)
    if (verb !== 'set-hostname') return 'direct'
    return hostname !== undefined && more.length === 0
      ? { verb: 'hostname.set', input: { hostname, by: 'hostnamectl' } }
      : 'unknown'
  },
  'apt-get': installAct('='),
  dnf: installAct('-'),
}

const SERVICE_VERBS = ['start', 'stop', 'restart', 'reload', 'enable', 'disable', 'unmask'] as const

function systemctlAct(args: readonly string[]): Verdict {
  const [verb, unit, ...more] = withoutOptions(args)
  if (verb === 'reboot') return { verb: 'power.reboot', input: {} }
  if (verb === 'poweroff') return { verb: 'power.shutdown', input: {} }
  if (verb === 'show' || verb === 'status' || verb?.startsWith('is-') === true) return 'direct'
  const act = SERVICE_VERBS.find(each => each === verb)
  if (act === undefined || unit === undefined || more.length > 0) return 'unknown'
  return { verb: 'service.control', input: { do: act, unit } }
}

/** The helper spells options anew, so they say nothing here. */
function withoutOptions(args: readonly string[]): readonly string[] {
  return args.filter(arg => !arg.startsWith('-'))
}

function installAct(separator: '=' | '-'): Judge {
  return args => {
    const [verb, wanted = '', ...more] = withoutOptions(args)
    if (verb !== 'install' || wanted === '' || more.length > 0) return 'unknown'
    const [name = '', version] = separator === '=' ? wanted.split('=', 2) : [wanted]
    return { verb: 'package.install', input: { package: name, ...(version === undefined ? {} : { version }) } }
  }
}

const FLAGS: Readonly<Record<string, { readonly style: 'v2' | 'v3'; readonly names: 'server' | keyof RpcOrder }>> = {
  '-u': { style: 'v2', names: 'server' },
  '-profile': { style: 'v2', names: 'profile' },
  '-d': { style: 'v2', names: 'dnsSuffix' },
  '-name': { style: 'v2', names: 'friendlyName' },
  '-n': { style: 'v2', names: 'anyCertificate' },
  '--url': { style: 'v3', names: 'server' },
  '--profile': { style: 'v3', names: 'profile' },
  '--dns': { style: 'v3', names: 'dnsSuffix' },
  '--name': { style: 'v3', names: 'friendlyName' },
  '--skip-cert-check': { style: 'v3', names: 'anyCertificate' },
}

function rpcAct(args: readonly string[], env: Environment): Verdict {
  const [verb, ...more] = args
  const [json] = more
  const styled = json === '-json' ? 'v2' : json === '--json' ? 'v3' : undefined
  if (verb === 'version' && styled !== undefined && more.length === 1)
    return { verb: 'rpc.look', input: { do: 'version' } }
  if (verb === 'amtinfo' && styled !== undefined && more.length === 1)
    return { verb: 'rpc.look', input: { do: 'amtinfo', style: styled } }
  const act = (['activate', 'deactivate'] as const).find(each => each === verb)
  if (act === undefined) return 'unknown'
  const order = orderIn(more, env.SSL_CERT_FILE !== undefined)
  if (order === undefined) return 'unknown'
  const password = env.AMT_PASSWORD
  const input = { do: act, ...order, ...(password === undefined ? {} : { password }) }
  return { verb: 'rpc.act', input }
}

function orderIn(words: readonly string[], ownRoots: boolean) {
  const found: Record<string, string> = {}
  const styles = new Set<'v2' | 'v3'>()
  let anyCertificate = false
  for (let index = 0; index < words.length; index++) {
    const flag = Object.hasOwn(FLAGS, words[index] ?? '') ? FLAGS[words[index] ?? ''] : undefined
    if (flag === undefined) return undefined
    styles.add(flag.style)
    if (flag.names === 'anyCertificate') anyCertificate = true
    else {
      const value = words[++index]
      if (value === undefined || found[flag.names] !== undefined) return undefined
      found[flag.names] = value
    }
  }
  const [style, other] = [...styles]
  const { server, ...rest } = found
  if (style === undefined || other !== undefined || server === undefined) return undefined
  return { style, order: { server, ...rest, anyCertificate, ownRoots } }
}
