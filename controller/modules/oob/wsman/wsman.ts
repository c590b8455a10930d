// SPDX-License-Identifier: Apache-2.0
/** WS-Management as the rest of out-of-band management uses it: classes, instances, methods. */

/**
 * An element as data: attributes and namespace prefixes are gone, text stays text (`"00042"` is not a number), elements
 * that stand there several times are a list, empty ones are `''`. Whoever reads a member that may be a list uses
 * {@link listOf}. Members keep the order they have on the wire, and are written in it.
 * Only a `Selector` keeps its attribute: `{ _: 'Intel(r) AMT', $: { Name: 'SystemName' } }`; see {@link selectorsOf}
 * and {@link withoutAttributes}.
 */
export type Value = string | Instance | Reference | readonly Value[]
export interface Instance {
  readonly [name: string]: Value | undefined
}

/** What MPS writes as the address of most references; the firmware looks at the selectors only. */
const ADDRESSING = 'http://schemas.xmlsoap.org/ws/2004/08/addressing'
/** The address that RPS gives in `AddRemoteAccessPolicyRule`, and devices give themselves. */
export const ANONYMOUS_ADDRESS = 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous'

/** An endpoint reference (DSP0226 §5.4): written with its namespaces; replies carry them as plain instances. */
export class Reference {
  /** A class name or a whole resource URI. */
  readonly resource: string
  readonly selectors: Readonly<Record<string, string>>
  readonly address: string

  constructor(resource: string, selectors: Readonly<Record<string, string>>, address = ADDRESSING) {
    this.resource = resource
    this.selectors = selectors
    this.address = address
  }
}

/** Under which {@link embedded} notes the namespace; a symbol, so that it is no member. */
export const NAMESPACE = Symbol('namespace')

/** The namespace of `Datetime` and `Interval` (DSP0230), for {@link embedded}. */
export const COMMON_NAMESPACE = 'http://schemas.dmtf.org/wbem/wscim/1/common'

/**
 * An instance of another class inside one: its members are written in the namespace of `resource`, a class name or a URI.
 *
 * @example
 * invoke('AMT_WiFiPortConfigurationService', 'AddWiFiSettings', {
 *   WiFiEndpointSettingsInput: embedded('CIM_WiFiEndpointSettings', { ElementName: 'lab' }),
 * })
 */
export function embedded(resource: string, instance: Instance): Instance {
  return { ...instance, [NAMESPACE]: resource }
}

export type Envelope = { readonly Header: Instance; readonly Body: Instance }

export type Reply = {
  /** The whole reply, for interfaces that hand it on. */
  readonly envelope: Envelope
  /** The only element of the body: an instance, or the output of a method. */
  readonly content: Instance
}

export type Output = Reply & {
  /** 0 is success; the others are named in `status.ts`. */
  readonly returnValue: number
}

export type Listing = {
  /** Each with the name of its class, which may be a subclass of the one that was asked for. */
  readonly items: readonly { readonly name: string; readonly instance: Instance }[]
  readonly instances: readonly Instance[]
  readonly envelope: Envelope
}

export type Selectors = Readonly<Record<string, string | Reference>>

export type CallOptions = {
  /** Which of several instances; associations are selected by references. */
  readonly selectors?: Selectors
  readonly signal?: AbortSignal
  /** 10 s unless said otherwise, over all attempts. */
  readonly deadlineMs?: number
}

/**
 * Calls of one device wait for each other. Reads are repeated after a passing failure, acts never are: whether a lost
 * act took place is for the caller to read back.
 *
 * All reject with: `amt-not-connected`, `amt-timeout` (fields: `sent`, whether the request had left; `closed`, whether it
 * was the channel that ended), `amt-unauthorized`, `amt-fault` (a SOAP fault; fields: code, subcode, reason, detail),
 * `amt-unexpected` (a reply that is not one), `amt-busy` (too many calls wait), `amt-untrusted` (TLS with a certificate
 * that is not the pinned one), or the signal's reason.
 * `resource` is a class name: `AMT_GeneralSettings`, `CIM_BootService`, `IPS_OptInService`.
 */
export interface Wsman {
  get(resource: string, options?: CallOptions): Promise<Reply>
  /** Enumerate and Pull until the end of the sequence. */
  list(resource: string, options?: CallOptions): Promise<Listing>
  put(resource: string, instance: Instance, options?: CallOptions): Promise<Reply>
  /** WS-Transfer Create; the content is the reference to what was made. */
  create(resource: string, instance: Instance, options?: CallOptions): Promise<Reply>
  remove(resource: string, options?: CallOptions): Promise<Reply>
  /** Calls a method. Does not judge the return value. */
  invoke(resource: string, method: string, input?: Instance, options?: CallOptions): Promise<Output>
}

/** What a member holds as a list, whether it stood there once, often or never. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value as Value] // the check above leaves a single one
}

/** A member's text; `''` when it is missing or no text. */
export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** A member as a number; `undefined` when it is missing or none. */
export function numberOf(value: Value | undefined): number | undefined {
  const text = textOf(value).trim()
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

export function flagOf(value: Value | undefined): boolean {
  return textOf(value).trim().toLowerCase() === 'true'
}

/**
 * The selectors of a reference as a reply carries it (`{ Address, ReferenceParameters }`), or of a `SelectorSet`, by name.
 * A selector that is itself a reference gives that reference's instance.
 */
export function selectorsOf(value: Value | undefined): Readonly<Record<string, string | Instance>> {
  const found: Record<string, string | Instance> = {}
  for (const selector of listOf(memberOf(setOf(value), 'Selector'))) {
    const name = textOf(memberOf(memberOf(selector, '$'), 'Name'))
    if (name === '' || name === '__proto__') continue
    found[name] = instanceOf(memberOf(selector, 'EndpointReference')) ?? textOf(memberOf(selector, '_'))
  }
  return found
}

/** The same without what {@link Value} keeps of attributes: a selector is its text, as MPS shows it. */
export function withoutAttributes(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutAttributes)
  const instance = instanceOf(value)
  if (instance === undefined) return value
  const { $: attributes, _: text, ...members } = instance
  if (attributes !== undefined && text !== undefined) return text
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, member === undefined ? member : withoutAttributes(member)]),
  )
}

/** A value as an instance; `undefined` when it is text, a list or a reference of ours. */
export function instanceOf(value: Value | undefined): Instance | undefined {
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Reference) return undefined
  return value as Instance // what is left of the union
}

function setOf(value: Value | undefined): Value | undefined {
  const parameters = memberOf(memberOf(value, 'EndpointReference') ?? value, 'ReferenceParameters')
  return memberOf(parameters, 'SelectorSet') ?? memberOf(value, 'SelectorSet') ?? value
}

function memberOf(value: Value | undefined, name: string): Value | undefined {
  return instanceOf(value)?.[name]
}
