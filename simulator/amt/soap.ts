// SPDX-License-Identifier: Apache-2.0
/** How the management engine writes SOAP: instances, method outputs, references and faults. */
import { escapeXml } from './xml.ts'

/** An endpoint reference to an instance. */
export type Reference = {
  readonly ref: string
  readonly selectors: Readonly<Record<string, string>>
  /** Selectors that are references themselves, as those of associations. */
  readonly nested?: Readonly<Record<string, Reference>>
}
/** A moment or a length of time, wrapped as the common CIM schema wants it. */
export type Wrapped = { readonly wrap: 'Datetime' | 'Interval'; readonly text: string }
export type Field = string | number | boolean | Reference | Wrapped | readonly Field[] | undefined
export type Fields = Readonly<Record<string, Field>>

const ANONYMOUS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous'
const SPACES = {
  a: 'http://www.w3.org/2003/05/soap-envelope',
  b: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  c: 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  d: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  e: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  f: 'http://schemas.dmtf.org/wbem/wsman/1/cimbinding.xsd',
} as const
export const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration'
export const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer'
export const FAULT_ACTION = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/fault'
const COMMON = 'http://schemas.dmtf.org/wbem/wscim/1/common'
const SCHEMAS = {
  AMT: 'http://intel.com/wbem/wscim/1/amt-schema/1/',
  IPS: 'http://intel.com/wbem/wscim/1/ips-schema/1/',
  CIM: 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/',
} as const

/** The resource URI of a class. */
export function uriOf(className: string): string {
  const schema = className.startsWith('AMT') ? SCHEMAS.AMT : className.startsWith('IPS') ? SCHEMAS.IPS : SCHEMAS.CIM
  return schema + className
}

/** Hands out prefixes behind those every reply declares. */
export class Prefixes {
  readonly #known = new Map<string, string>()

  of(space: string): string {
    const known = this.#known.get(space)
    if (known !== undefined) return known
    const prefix = String.fromCharCode('g'.charCodeAt(0) + this.#known.size)
    this.#known.set(space, prefix)
    return prefix
  }

  /** Declarations of all that were handed out. */
  declare(): string {
    return [...this.#known].map(([space, prefix]) => ` xmlns:${prefix}="${space}"`).join('')
  }
}

export type Head = {
  readonly relatesTo: string
  readonly action: string
  readonly resource: string
  readonly id: number
}

/** A whole reply around what is inside its body. */
export function writeEnvelope(head: Head, prefixes: Prefixes, inside: string): string {
  const spaces = Object.entries(SPACES).map(([prefix, space]) => ` xmlns:${prefix}="${space}"`)
  const id = head.id.toString(16).toUpperCase().padStart(12, '0')
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<a:Envelope${spaces.join('')}${prefixes.declare()} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`,
    `<a:Header><b:To>${ANONYMOUS}</b:To>`,
    `<b:RelatesTo>${escapeXml(head.relatesTo)}</b:RelatesTo>`,
    `<b:Action a:mustUnderstand="true">${escapeXml(head.action)}</b:Action>`,
    `<b:MessageID>uuid:00000000-8086-8086-8086-${id}</b:MessageID>`,
    head.resource === '' ? '' : `<c:ResourceURI>${escapeXml(head.resource)}</c:ResourceURI>`,
    `</a:Header><a:Body>${inside}</a:Body></a:Envelope>`,
  ].join('')
}

/** An instance: its members in alphabetical order, capitals first. */
export function writeInstance(className: string, fields: Fields, prefixes: Prefixes): string {
  const prefix = prefixes.of(uriOf(className))
  const names = Object.keys(fields).sort()
  const inside = names.map(name => writeField(`${prefix}:${name}`, fields[name], prefixes)).join('')
  return `<${prefix}:${className}>${inside}</${prefix}:${className}>`
}

/** The output of a method: its members in the order given, the return value last. */
export function writeOutput(what: { className: string; method: string }, fields: Fields, prefixes: Prefixes): string {
  const prefix = prefixes.of(uriOf(what.className))
  const inside = Object.entries(fields).map(([name, field]) => writeField(`${prefix}:${name}`, field, prefixes))
  return `<${prefix}:${what.method}_OUTPUT>${inside.join('')}</${prefix}:${what.method}_OUTPUT>`
}

function writeField(tag: string, field: Field, prefixes: Prefixes): string {
  if (field === undefined) return ''
  if (isList(field)) return field.map(one => writeField(tag, one, prefixes)).join('')
  if (typeof field !== 'object') return `<${tag}>${escapeXml(String(field))}</${tag}>`
  if ('ref' in field) return `<${tag}>${writeReference(field)}</${tag}>`
  const common = prefixes.of(COMMON)
  return `<${tag}><${common}:${field.wrap}>${field.text}</${common}:${field.wrap}></${tag}>`
}

function isList(field: Field): field is readonly Field[] {
  return Array.isArray(field)
}

/** The inside of an element that refers to an instance. */
export function writeReference({ ref, selectors, nested = {} }: Reference): string {
  const plain = Object.entries(selectors).map(([name, value]) => [name, escapeXml(value)] as const)
  const inner = Object.entries(nested).map(
    ([name, value]) => [name, `<b:EndpointReference>${writeReference(value)}</b:EndpointReference>`] as const,
  )
  const set = [...plain, ...inner]
    .map(([name, value]) => `<c:Selector Name="${escapeXml(name)}">${value}</c:Selector>`)
    .join('')
  return [
    `<b:Address>${ANONYMOUS}</b:Address><b:ReferenceParameters>`,
    `<c:ResourceURI>${uriOf(ref)}</c:ResourceURI><c:SelectorSet>${set}</c:SelectorSet></b:ReferenceParameters>`,
  ].join('')
}

const FAULTS = {
  'b:DestinationUnreachable':
    'No route can be determined to reach the destination role defined by the WS-Addressing To.',
  'b:ActionNotSupported': 'The action is not supported by the service.',
  'c:InvalidSelectors': 'The Selectors for the resource are not valid.',
  'c:SchemaValidationError': 'The supplied SOAP violates the corresponding XML schema definition.',
  'c:AccessDenied': 'The sender was not authorized to access the resource.',
  'c:Concurrency': 'The action could not be completed due to concurrency or locking problems.',
  'c:AlreadyExists': 'The sender attempted to create a resource which already exists.',
  'c:InvalidParameter': 'An operation parameter is not valid.',
  'c:InternalError': 'The service cannot comply with the request due to internal processing errors.',
  'g:InvalidEnumerationContext': 'The supplied enumeration context is invalid.',
} as const
export type FaultCode = keyof typeof FAULTS

/** Thrown where a request cannot be answered as it wishes. */
export class WsmanFault extends Error {
  readonly code: FaultCode
  readonly detail: string

  constructor(code: FaultCode, detail = '') {
    super(code)
    this.code = code
    this.detail = detail
  }

  /** Faults of the receiver are 500, those of the sender 400. */
  get httpStatus(): number {
    return this.code === 'c:InternalError' ? 500 : 400
  }
}

/** The inside of the body of a fault. */
export function writeFault({ code, detail }: WsmanFault, prefixes: Prefixes): string {
  if (code.startsWith('g:')) prefixes.of(ENUMERATION)
  const side = code === 'c:InternalError' ? 'a:Receiver' : 'a:Sender'
  const faultDetail =
    detail === ''
      ? '<a:Detail></a:Detail>'
      : `<a:Detail><c:FaultDetail>http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/${detail}</c:FaultDetail></a:Detail>`
  return [
    `<a:Fault><a:Code><a:Value>${side}</a:Value><a:Subcode><a:Value>${code}</a:Value></a:Subcode></a:Code>`,
    `<a:Reason><a:Text xml:lang="en-US">${FAULTS[code]}</a:Text></a:Reason>${faultDetail}</a:Fault>`,
  ].join('')
}
