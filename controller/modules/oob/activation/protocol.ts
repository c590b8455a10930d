// SPDX-License-Identifier: Apache-2.0
/** The messages between `rpc` and the activation server, versions 2 and 3: read with tolerance, written exactly. */
import type { Json } from '../../../../plugins/contract/index.ts'
import { type Command, parseCommand } from './command-line.ts'
import { TEXT } from './texts.ts'

/** The largest message that `rpc` takes, in bytes. */
export const MAX_TO_CLIENT = 102_400
/** A device's reply in base64, with room for long enumerations. */
export const MAX_FROM_CLIENT = 2 * 1024 * 1024

const PROTOCOL_VERSION = '4.0.0'
const APP_VERSION = '2.40.0'

/** Thrown for what a client must be told; the message is the text it gets. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}

export type IpConfiguration = {
  readonly dhcp: boolean
  readonly static: boolean
  readonly ipsync: boolean
  readonly ipAddress: string
  readonly netmask: string
  readonly gateway: string
  readonly primaryDns: string
  readonly secondaryDns: string
}

/** What the first message says of the device; texts are as they came, at most 1,000 characters. */
export type DeviceClaim = {
  readonly uuid: string
  readonly ver: string
  readonly build: string
  readonly sku: string
  readonly features: string
  readonly username: string
  readonly password: string
  /** 0 not activated, 1 client, 2 admin control mode; `undefined` when it is none of them. */
  readonly currentMode: number | undefined
  readonly hostname: string
  readonly fqdn: string
  /** Lower-case hexadecimal. `undefined` when the client sent no list. */
  readonly certHashes: readonly string[] | undefined
  readonly ipConfiguration: IpConfiguration | undefined
  readonly hostnameInfo: { readonly dnsSuffixOS: string; readonly hostname: string } | undefined
  readonly friendlyName: string | undefined
  readonly tlsEnforced: boolean
  readonly tlsTunnel: boolean
  readonly progressSupported: boolean
  readonly lmsInstalled: boolean
}

export type ClientMessage =
  | { readonly kind: 'command'; readonly command: Command; readonly tenantId: string; readonly claim: DeviceClaim }
  | { readonly kind: 'response' | 'tls-data'; readonly data: Buffer }
  | { readonly kind: 'heartbeat' | 'connection-reset' | 'port-switch-ack' }

/**
 * Reads one message. Throws a {@link Refusal} with RPS's words for what is not JSON, has another protocol, or lacks
 * what an activation needs.
 */
export function parseMessage(text: string): ClientMessage {
  const message = objectOf(text)
  if (message === undefined) throw new Refusal(TEXT.invalidPayload)
  const version = textOf(message.protocolVersion)
  if (version !== '' && !isCompatible(version)) throw new Refusal(TEXT.protocolVersion(version))
  const method = textOf(message.method, 8_000)
  const payload = typeof message.payload === 'string' ? Buffer.from(message.payload, 'base64') : Buffer.alloc(0)
  switch (method) {
    case 'response':
      return { kind: 'response', data: payload }
    case 'tls_data':
      return { kind: 'tls-data', data: payload }
    case 'heartbeat_response':
      return { kind: 'heartbeat' }
    case 'connection_reset':
      return { kind: 'connection-reset' }
    case 'port_switch_ack':
      return { kind: 'port-switch-ack' }
  }
  const claim = claimOf(payload.toString('utf8'), textOf(message.fqdn))
  return { kind: 'command', command: parseCommand(method), tenantId: textOf(message.tenantId), claim }
}

/** The same major version, and no newer minor or patch than ours. */
function isCompatible(version: string): boolean {
  const [major, minor, patch] = PROTOCOL_VERSION.split('.').map(Number)
  const given = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(version.trim())
  if (given === null || Number(given[1]) !== major) return false
  return Number(given[2]) < (minor ?? 0) || (Number(given[2]) === minor && Number(given[3]) <= (patch ?? 0))
}

function claimOf(text: string, fqdn: string): DeviceClaim {
  const payload = objectOf(text)
  if (payload === undefined) throw new Refusal(TEXT.unreadablePayload('it is not JSON'))
  const uuid = uuidOf(payload.uuid)
  const [ver, build] = [textOf(payload.ver), textOf(payload.build)]
  if (textOf(payload.client) === '' || ver === '' || build === '' || uuid === undefined) {
    throw new Refusal(TEXT.invalidPayload)
  }
  const hashes = Array.isArray(payload.certHashes) ? payload.certHashes.slice(0, 200) : undefined
  const friendlyName = payload.friendlyName
  return {
    uuid,
    ver,
    build,
    sku: textOf(payload.sku),
    features: textOf(payload.features),
    username: textOf(payload.username),
    password: textOf(payload.password),
    currentMode: [0, 1, 2].find(mode => String(mode) === String(payload.currentMode ?? 0)),
    hostname: textOf(payload.hostname),
    fqdn: (textOf(payload.fqdn) || fqdn).trim().replace(/\.$/, ''),
    certHashes: hashes?.map(each => textOf(each).replaceAll(':', '').toLowerCase()),
    ipConfiguration: ipOf(payload.ipConfiguration),
    hostnameInfo: hostnameOf(payload.hostnameInfo),
    friendlyName: typeof friendlyName === 'string' ? friendlyName.slice(0, 256) : undefined,
    tlsEnforced: payload.tlsEnforced === true,
    tlsTunnel: payload.tlsTunnel === true,
    progressSupported: payload.progressSupported === true,
    lmsInstalled: payload.lmsInstalled === true,
  }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A text of 36 characters, or 16 bytes whose first three groups are little-endian (SMBIOS 2.6 §7.2.1). */
function uuidOf(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const text = value.trim().toLowerCase()
    return UUID.test(text) ? text : undefined
  }
  if (!Array.isArray(value) || value.length !== 16) return undefined
  if (!value.every(each => Number.isInteger(each) && each >= 0 && each <= 255)) return undefined
  const hex = Buffer.from(value as number[]).toString('hex') // checked just now
  const swapped = (from: number, bytes: number): string =>
    Array.from({ length: bytes }, (_, at) => hex.slice((from + bytes - 1 - at) * 2, (from + bytes - at) * 2)).join('')
  return [swapped(0, 4), swapped(4, 2), swapped(6, 2), hex.slice(16, 20), hex.slice(20)].join('-')
}

function ipOf(value: unknown): IpConfiguration | undefined {
  const given = recordOf(value)
  if (given === undefined) return undefined
  return {
    dhcp: given.dhcp === true,
    static: given.static === true,
    ipsync: given.ipsync === true,
    ipAddress: textOf(given.ipAddress),
    netmask: textOf(given.netmask),
    gateway: textOf(given.gateway),
    primaryDns: textOf(given.primaryDns),
    secondaryDns: textOf(given.secondaryDns),
  }
}

function hostnameOf(value: unknown): DeviceClaim['hostnameInfo'] {
  const given = recordOf(value)
  return given === undefined ? undefined : { dnsSuffixOS: textOf(given.dnsSuffixOS), hostname: textOf(given.hostname) }
}

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>) // an object that is no list
    : undefined
}

function textOf(value: unknown, limit = 1_000): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value.slice(0, limit) : ''
}

export type ComponentResult = {
  readonly Result: 'Success' | 'Failure' | 'NotApplicable'
  readonly Mode?: 'ACM' | 'CCM' | 'LocalProfileSync'
  readonly Details?: string
}

export const COMPONENTS = [
  'Activation',
  'WiredNetwork',
  'WirelessNetwork',
  'TLS',
  'CIRAProxy',
  'CIRAConnection',
] as const
export type ComponentName = (typeof COMPONENTS)[number]

/** What the last message carries. The flat members are what older clients read. */
export type Outcome = {
  readonly Status?: string
  readonly Network?: string
  readonly CIRAConnection?: string
  readonly TLSConfiguration?: string
  readonly Components?: Readonly<Partial<Record<ComponentName, ComponentResult>>>
}

type Method = 'wsman' | 'heartbeat_request' | 'tls_data' | 'port_switch' | 'progress' | 'success' | 'error'

type Content = { readonly message?: string; readonly payload?: string }

function build(method: Method, status: string, { message = '', payload }: Content): string {
  return JSON.stringify({
    method,
    apiKey: 'xxxxx',
    appVersion: APP_VERSION,
    protocolVersion: PROTOCOL_VERSION,
    status,
    message,
    payload: payload ?? null,
    tenantId: '',
  } satisfies Record<string, Json>)
}

/** The messages of the server. */
export const write = {
  /** A whole HTTP request, to be written to the device's local port. */
  wsman: (request: Uint8Array): string => build('wsman', 'ok', { payload: Buffer.from(request).toString('base64') }),
  heartbeat: (): string => build('heartbeat_request', 'heartbeat', { payload: '' }),
  /** Raw TLS records. */
  tlsData: (records: Uint8Array): string =>
    build('tls_data', 'ok', { payload: Buffer.from(records).toString('base64') }),
  /** Asks the client to go on at another local port after a delay in seconds. `rootCert`: PEM. */
  portSwitch: (order: { readonly port: number; readonly delay: number; readonly rootCert?: string }): string =>
    build('port_switch', 'ok', {
      payload: JSON.stringify({ port: String(order.port), rootCert: order.rootCert ?? '', delay: order.delay }),
    }),
  progress: (message: string): string => build('progress', 'ok', { message, payload: '' }),
  success: (outcome: Outcome): string => build('success', 'success', { message: JSON.stringify(outcome) }),
  error: (outcome: Outcome): string => build('error', 'failed', { message: JSON.stringify(outcome) }),
} as const
