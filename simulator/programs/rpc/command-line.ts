// SPDX-License-Identifier: Apache-2.0
/** Reads the command line of the simulated `rpc` as each of its generations does. */

export type RpcCall = {
  readonly verb: string
  /** What follows `maintenance`. */
  readonly task: string
  readonly json: boolean
  /** By the name the second generation uses. */
  readonly flags: ReadonlySet<string>
  readonly values: ReadonlyMap<string, string>
  readonly password: string | undefined
}

type Flag = { readonly name: string; readonly valued: boolean }

const flag = (name: string): Flag => ({ name, valued: false })
const value = (name: string): Flag => ({ name, valued: true })

/** By what is written; the second generation takes one dash or two, whatever the length. */
const COMMON: Readonly<Record<string, Flag>> = {
  n: flag('n'),
  v: flag('v'),
  l: value('l'),
  password: value('password'),
  tenant: value('tenant'),
  token: value('token'),
  p: value('proxy'),
  t: value('t'),
  lmsaddress: value('lmsaddress'),
  lmsport: value('lmsport'),
  skipamtcertcheck: flag('skipamtcertcheck'),
  json: flag('json'),
  'tls-tunnel': flag('tls-tunnel'),
}
const REMOTE: Readonly<Record<string, Flag>> = {
  u: value('u'),
  profile: value('profile'),
  d: value('d'),
  h: value('h'),
  uuid: value('uuid'),
  name: value('name'),
  local: flag('local'),
  ccm: flag('ccm'),
  acm: flag('acm'),
  f: flag('f'),
  partial: flag('partial'),
  stopConfig: flag('stopConfig'),
  skipIPRenew: flag('skipIPRenew'),
  static: value('static'),
}
const INFO = [
  'ver',
  'bld',
  'sku',
  'uuid',
  'mode',
  'dns',
  'hostname',
  'lan',
  'ras',
  'cert',
  'userCert',
  'operationalState',
  'provisioningState',
  'all',
]

/** Long names of the third generation, and the single letters it knows. */
const LONG: Readonly<Record<string, Flag>> = {
  url: value('u'),
  profile: value('profile'),
  dns: value('d'),
  hostname: value('h'),
  uuid: value('uuid'),
  name: value('name'),
  proxy: value('proxy'),
  'skip-cert-check': flag('n'),
  'skip-amt-cert-check': flag('skipamtcertcheck'),
  tenantid: value('tenant'),
  'auth-token': value('token'),
  'tls-tunnel': flag('tls-tunnel'),
  skipIPRenew: flag('skipIPRenew'),
  local: flag('local'),
  ccm: flag('ccm'),
  acm: flag('acm'),
  stopConfig: flag('stopConfig'),
  force: flag('f'),
  partial: flag('partial'),
  password: value('password'),
  json: flag('json'),
  verbose: flag('v'),
  'log-level': value('l'),
}
const SHORT: Readonly<Record<string, Flag>> = {
  u: value('u'),
  n: flag('n'),
  d: value('d'),
  j: flag('json'),
  v: flag('v'),
  l: flag('local'),
  f: flag('f'),
}

/** `undefined` for what this generation does not know; exported environment variables count as its flags do. */
export function readCall(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  major: 2 | 3,
): RpcCall | undefined {
  const [verb = '', ...given] = args
  const isTask = verb === 'maintenance' && given[0] !== undefined && !given[0].startsWith('-')
  const task = isTask ? (given[0] ?? '') : ''
  const rest = isTask ? given.slice(1) : given
  const flags = new Set<string>()
  const values = new Map<string, string>()
  for (let at = 0; at < rest.length; at++) {
    const [, dashes = '', name = '', inline] = /^(--?)([A-Za-z][A-Za-z0-9-]*)(?:=(.*))?$/s.exec(rest[at] ?? '') ?? []
    const known = major === 2 ? second(verb, name) : third(verb, dashes, name)
    if (known === undefined) return undefined
    flags.add(known.name)
    if (!known.valued) continue
    const text = inline ?? rest[++at]
    if (text === undefined) return undefined
    values.set(known.name, text)
  }
  const from = (name: string, variable: string): void => {
    const text = env[variable]
    if (text !== undefined && text !== '' && !values.has(name)) values.set(name, text)
  }
  if (verb !== 'amtinfo') {
    from('profile', 'PROFILE')
    from('d', 'DNS_SUFFIX')
    from('h', 'HOSTNAME')
  }
  if (major === 3) from('tenant', 'TENANT_ID')
  const password = values.get('password') ?? env.AMT_PASSWORD
  return { verb, task, json: flags.has('json'), flags, values, password }
}

function second(verb: string, name: string): Flag | undefined {
  if (verb === 'amtinfo' && INFO.includes(name)) return flag(name)
  return COMMON[name] ?? (verb === 'amtinfo' || verb === 'version' ? undefined : REMOTE[name])
}

function third(verb: string, dashes: string, name: string): Flag | undefined {
  if (dashes === '-') return name.length === 1 ? SHORT[name] : undefined
  if (verb === 'amtinfo' && INFO.includes(name)) return flag(name)
  return LONG[name]
}
