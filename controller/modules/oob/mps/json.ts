// SPDX-License-Identifier: Apache-2.0
/** Replies of devices as the JSON MPS makes of them: text that is a number or a flag becomes one. */
import type { Json } from '../../../../plugins/contract/index.ts'
import { type Envelope, type Instance, instanceOf, type Value, withoutAttributes } from '../wsman/wsman.ts'

/** Members that are text in MPS's schemas, whatever they look like: serial numbers with leading zeros, names made of digits. */
const TEXT: ReadonlySet<string> = new Set([
  'BankLabel',
  'CreationClassName',
  'DeviceID',
  'DigestRealm',
  'DomainName',
  'ElementName',
  'HostName',
  'HostOSFQDN',
  'InstanceID',
  'MACAddress',
  'Manufacturer',
  'MessageID',
  'Model',
  'Name',
  'PartNumber',
  'PlatformGUID',
  'ProvisioningServerOTP',
  'RFBPassword',
  'SSID',
  'SerialNumber',
  'SoftwareElementID',
  'SystemCreationClassName',
  'SystemName',
  'Version',
])
/** Members whose numbers are numbers and whose flags stay text. */
const NO_FLAGS: ReadonlySet<string> = new Set(['VersionString'])

/** Numbers and flags as such; text in which `Number` finds nothing stays as it is, and so does what is empty. */
export function jsonOf(value: Value | undefined, name = ''): Json {
  if (value === undefined) return null
  if (typeof value === 'string') return coerced(value, name)
  if (Array.isArray(value)) return value.map(each => jsonOf(each, name))
  const instance = instanceOf(value)
  return instance === undefined ? null : instanceJson(instance)
}

export function instanceJson(instance: Instance): { readonly [name: string]: Json } {
  const plain = instanceOf(withoutAttributes(instance)) ?? {}
  return Object.fromEntries(Object.entries(plain).map(([name, member]) => [name, jsonOf(member, name)]))
}

function coerced(text: string, name: string): Json {
  if (text.trim() === '' || TEXT.has(name)) return text
  const number = Number(text)
  if (Number.isFinite(number)) return number
  if (!NO_FLAGS.has(name) && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  return text
}

export type EnvelopeShape = {
  /** Replaces the only element of the body by its content. */
  readonly flat: boolean
  /** Whether `RelatesTo` is text, as it is in some of MPS's schemas. */
  readonly relatesAsText?: boolean
}

/** Header and body of a reply. */
export function envelopeJson(
  { Header, Body }: Envelope,
  { flat, relatesAsText = false }: EnvelopeShape,
): { readonly Header: Json; readonly Body: { readonly [name: string]: Json } } {
  const header = instanceJson(Header)
  const [only] = Object.values(Body)
  const body = flat ? (instanceOf(only) ?? {}) : Body
  return {
    Header:
      relatesAsText && header.RelatesTo !== undefined ? { ...header, RelatesTo: String(header.RelatesTo) } : header,
    Body: instanceJson(body),
  }
}
