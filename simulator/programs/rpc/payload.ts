// SPDX-License-Identifier: Apache-2.0
/** The first message of the simulated `rpc`: what it asks of the server, and all it knows of the machine. */
import type { SimulatedFacts } from '../../facts.ts'
import type { RpcCall } from './command-line.ts'
import type { Mei, RpcOptions } from './engine.ts'

export const VERSIONS = { 2: '2.52.4', 3: '3.0.0-beta.50' } as const
export const PROTOCOL = '4.0.0'

export type Message = {
  readonly method: string
  readonly apiKey: string
  readonly appVersion: string
  readonly protocolVersion: string
  readonly status: string
  readonly message: string
  readonly fqdn: string
  readonly payload: string
  readonly tenantId: string
}

/** A message with the members that every message has. */
export function messageOf(major: 2 | 3, method: string, payload: Uint8Array | string, tenantId = ''): Message {
  return {
    method,
    apiKey: 'key',
    appVersion: VERSIONS[major],
    protocolVersion: PROTOCOL,
    status: 'ok',
    message: 'ok',
    fqdn: '',
    payload: Buffer.from(payload).toString('base64'),
    tenantId,
  }
}

/** `password`: of an activated machine. */
export function firstMessage(call: RpcCall, options: RpcOptions, mei: Mei): Message {
  const major = options.facts.amt.rpc
  const payload = JSON.stringify(payloadOf(call, options, mei))
  return messageOf(major, methodOf(call), payload, call.values.get('tenant') ?? '')
}

function methodOf({ verb, task, values, flags, password = '' }: RpcCall): string {
  const force = flags.has('f') ? ' -f' : ''
  if (verb === 'activate') return `activate --profile ${values.get('profile') ?? ''}${force}`
  if (verb === 'deactivate') return `deactivate --password ${password}${force}`
  const name = task === 'syncclock' ? 'synctime' : task
  const added = task === 'changepassword' && values.has('static') ? ` ${values.get('static')}` : ''
  return `maintenance -password ${password} --${name}${added}${force}`
}

function payloadOf(call: RpcCall, options: RpcOptions, mei: Mei): object {
  const { facts, hostname, lmsRuns } = options
  const mode = mei.controlMode()
  const account = mei.localSystemAccount()
  const suffix = call.values.get('d') ?? (mei.dnsSuffix() || OS_SUFFIX)
  const friendlyName = call.values.get('name')
  return {
    ver: mei.version,
    build: mei.build,
    sku: String(mei.skuCode),
    features: featuresOf(facts),
    uuid: call.values.get('uuid') ?? mei.uuid,
    username: account.username,
    password: mode === 0 ? account.password : (call.password ?? ''),
    currentMode: mode,
    hostname: call.values.get('h') ?? hostname(),
    fqdn: suffix.trim().replace(/\.$/, ''),
    client: 'RPC',
    certHashes: hashesOf(mei),
    ipConfiguration: addressesOf(options),
    hostnameInfo: { dnsSuffixOS: OS_SUFFIX, hostname: hostname() },
    ...(friendlyName === undefined ? {} : { friendlyName }),
    ...(mei.tlsEnforced ? { tlsEnforced: true } : {}),
    ...(call.flags.has('tls-tunnel') ? { tlsTunnel: true } : {}),
    ...(facts.amt.rpc === 2 ? { progressSupported: true } : {}),
    ...(facts.amt.rpc === 3 && lmsRuns() ? { lmsInstalled: true } : {}),
  }
}

/** What the numbers of the SKUs mean. */
export function featuresOf({ amt }: SimulatedFacts): string {
  return amt.kind === 'ism' ? 'Intel Standard Manageability Corporate' : 'AMT Pro Corporate'
}

/** The suffix that the network tells the operating system. */
export const OS_SUFFIX = 'plant.example'

function hashesOf(mei: Mei): readonly string[] {
  return mei.certificateHashes().map(({ hash }) => hash.toLowerCase())
}

function addressesOf({ facts }: RpcOptions): object {
  const wired = facts.nics.find(({ kind }) => kind === 'wired')
  return {
    dhcp: true,
    static: false,
    ipsync: true,
    ipAddress: wired?.ipv4 ?? '',
    netmask: '255.255.255.0',
    gateway: facts.gateway,
    primaryDns: facts.gateway,
    secondaryDns: '',
  }
}
