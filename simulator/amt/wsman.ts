// SPDX-License-Identifier: Apache-2.0
/** The WS-Management service (DSP0226): finds class and instance, runs the action, writes the reply or the fault. */
import { CLASSES } from './classes/all.ts'
import type { AmtClass, Caller, Firmware, Item } from './firmware.ts'
import { classOf, Input, keyOf, referenceIn, selectorsIn } from './input.ts'
import {
  ENUMERATION,
  FAULT_ACTION,
  Prefixes,
  TRANSFER,
  uriOf,
  WsmanFault,
  writeEnvelope,
  writeFault,
  writeInstance,
  writeOutput,
  writeReference,
} from './soap.ts'
import { childOf, parseXml, type XmlElement, XmlError } from './xml.ts'

export type WsmanReply = {
  readonly status: number
  readonly body: string
  readonly afterReply?: () => void
  /** It never answers. */
  readonly hang?: boolean
}

export type WsmanRequest = {
  readonly action: string
  readonly resource: string
  readonly className: string
  readonly messageId: string
  readonly selectors: Readonly<Record<string, string>>
  /** The only element of the body. */
  readonly content: XmlElement | undefined
}

type Inside = {
  readonly inside: string
  readonly action: string
  readonly afterReply?: () => void
  readonly hang?: boolean
}
type Context = { readonly className: string; readonly items: readonly Item[]; at: number }

/** As many enumerations as firmware keeps open. */
const CONTEXTS = 16

export type Wsman = {
  /** Reads a request; a string is why it is none. */
  read(body: string): WsmanRequest | string
  answer(request: WsmanRequest, caller: Caller): Promise<WsmanReply>
  /** A fault for a request that could not be read or is to fail. */
  fault(fault: WsmanFault, request?: WsmanRequest): WsmanReply
}

/** Makes the service of one machine. */
export function createWsman(firmware: Firmware): Wsman {
  let ids = 0
  let contexts: Map<string, Context> | undefined

  const fault = (thrown: WsmanFault, request?: WsmanRequest): WsmanReply => {
    const prefixes = new Prefixes()
    const inside = writeFault(thrown, prefixes)
    const head = { relatesTo: request?.messageId ?? '', action: FAULT_ACTION, resource: '', id: ++ids }
    return { status: thrown.httpStatus, body: writeEnvelope(head, prefixes, inside) }
  }
  const enumerate = (request: WsmanRequest, className: string, items: readonly Item[], prefixes: Prefixes): Inside => {
    contexts ??= new Map()
    const number = Buffer.alloc(4)
    number.writeUInt32LE(++ids)
    const id = `${number.toString('hex').toUpperCase()}-0000-0000-0000-000000000000`
    contexts.set(id, { className, items, at: 0 })
    for (const oldest of contexts.keys()) {
      if (contexts.size <= CONTEXTS) break
      contexts.delete(oldest)
    }
    const prefix = prefixes.of(ENUMERATION)
    const inside = `<${prefix}:EnumerateResponse><${prefix}:EnumerationContext>${id}</${prefix}:EnumerationContext></${prefix}:EnumerateResponse>`
    return { inside, action: `${request.action}Response` }
  }
  const pull = (request: WsmanRequest, prefixes: Prefixes): Inside => {
    const input = new Input(request.content ?? empty())
    const id = input.text('EnumerationContext').trim()
    const context = contexts?.get(id)
    if (context === undefined || context.className !== request.className) {
      throw new WsmanFault('g:InvalidEnumerationContext')
    }
    const count = Math.max(1, Math.min(input.number('MaxElements') ?? 1, firmware.model.pageItems))
    const page = context.items.slice(context.at, context.at + count)
    context.at += page.length
    const done = context.at >= context.items.length
    if (done) contexts?.delete(id)
    const prefix = prefixes.of(ENUMERATION)
    const items = page.map(item => writeInstance(item.className ?? request.className, item.fields, prefixes)).join('')
    const before = done ? '' : `<${prefix}:EnumerationContext>${id}</${prefix}:EnumerationContext>`
    const after = done ? `<${prefix}:EndOfSequence></${prefix}:EndOfSequence>` : ''
    return {
      inside: `<${prefix}:PullResponse>${before}<${prefix}:Items>${items}</${prefix}:Items>${after}</${prefix}:PullResponse>`,
      action: `${request.action}Response`,
    }
  }
  const run = async (request: WsmanRequest, caller: Caller, prefixes: Prefixes): Promise<Inside> => {
    const found = CLASSES.get(request.className)
    if (found === undefined || found.exists?.(firmware) === false) {
      throw new WsmanFault('b:DestinationUnreachable', 'InvalidResourceURI')
    }
    if (uriOf(found.name) !== request.resource) throw new WsmanFault('b:DestinationUnreachable', 'InvalidResourceURI')
    if (request.action === `${ENUMERATION}/Enumerate`) {
      return enumerate(request, found.name, found.instances(firmware), prefixes)
    }
    if (request.action === `${ENUMERATION}/Pull`) return pull(request, prefixes)
    allow(firmware, request, caller)
    if (request.action.startsWith(`${TRANSFER}/`)) return transfer(firmware, found, request, prefixes)
    return invoke(firmware, found, { request, caller, prefixes })
  }
  return {
    read: readRequest,
    fault,
    async answer(request, caller) {
      const prefixes = new Prefixes()
      try {
        const { inside, action, afterReply, hang } = await run(request, caller, prefixes)
        const head = { relatesTo: request.messageId, action, resource: request.resource, id: ++ids }
        const body = writeEnvelope(head, prefixes, inside)
        return { status: 200, body, ...(afterReply && { afterReply }), ...(hang && { hang }) }
      } catch (thrown) {
        if (thrown instanceof WsmanFault) return fault(thrown, request)
        throw thrown
      }
    },
  }
}

function empty(): XmlElement {
  return { name: '', space: '', attributes: {}, children: [], text: '' }
}

function readRequest(body: string): WsmanRequest | string {
  try {
    const envelope = parseXml(body)
    const header = childOf(envelope, 'Header')
    const resource = childOf(header, 'ResourceURI')?.text.trim() ?? ''
    if (envelope.space !== 'http://www.w3.org/2003/05/soap-envelope') return 'not a SOAP 1.2 envelope'
    return {
      action: childOf(header, 'Action')?.text.trim() ?? '',
      resource,
      className: classOf(resource),
      messageId: childOf(header, 'MessageID')?.text.trim() ?? '',
      selectors: selectorsIn(childOf(header, 'SelectorSet')),
      content: childOf(envelope, 'Body')?.children[0],
    }
  } catch (thrown) {
    if (thrown instanceof XmlError) return thrown.message
    throw thrown
  }
}

/** The local account may read, activate, and undo client control; the rest is for administrators. */
function allow(firmware: Firmware, { action, className }: WsmanRequest, caller: Caller): void {
  if (caller.user !== '$$OsAdmin' || action === `${TRANSFER}/Get`) return
  if (className === 'IPS_HostBasedSetupService') return
  const unprovision = action.endsWith('/Unprovision') && firmware.state.controlMode === 1
  if (unprovision || action.endsWith('/CommitChanges') || action.endsWith('/GetUuid')) return
  throw new WsmanFault('c:AccessDenied')
}

function transfer(firmware: Firmware, found: AmtClass, request: WsmanRequest, prefixes: Prefixes): Inside {
  const verb = request.action.slice(TRANSFER.length + 1)
  const action = `${request.action}Response`
  if (verb === 'Create' && found.create !== undefined) {
    const reference = writeReference(found.create(firmware, instanceIn(found, request)))
    firmware.touched()
    const prefix = prefixes.of(TRANSFER)
    return { inside: `<${prefix}:ResourceCreated>${reference}</${prefix}:ResourceCreated>`, action }
  }
  if (verb === 'Get') {
    const target = pick(firmware, found, request)
    return { inside: writeInstance(target.className ?? found.name, target.fields, prefixes), action }
  }
  if (verb === 'Put' && found.put !== undefined) {
    const input = instanceIn(found, request)
    const target = pick(firmware, found, { ...request, selectors: putSelectors(found, request, input) })
    known(found, target, input)
    found.put(firmware, target, input)
    firmware.touched()
    const selectors = target.keys ?? keysOf(found, target)
    const after = pick(firmware, found, { ...request, selectors })
    return { inside: writeInstance(found.name, after.fields, prefixes), action }
  }
  if (verb === 'Delete' && found.remove !== undefined) {
    if (Object.keys(request.selectors).length === 0) throw new WsmanFault('c:InvalidSelectors', 'InsufficientSelectors')
    found.remove(firmware, pick(firmware, found, request))
    firmware.touched()
    return { inside: '', action }
  }
  throw new WsmanFault('b:ActionNotSupported')
}

function instanceIn(found: AmtClass, { content }: WsmanRequest): Input {
  if (content?.name !== found.name || content.space !== uriOf(found.name)) {
    throw new WsmanFault('c:SchemaValidationError')
  }
  return new Input(content)
}

/** A member that the class does not have is not overlooked. */
function known(found: AmtClass, target: Item, input: Input): void {
  for (const { name, space } of input.element.children) {
    const has = name in target.fields || found.optional?.includes(name)
    if (!has || space !== uriOf(found.name)) throw new WsmanFault('c:SchemaValidationError')
  }
}

/** Keys in the instance count when the header brings no selectors. */
function putSelectors(found: AmtClass, request: WsmanRequest, input: Input): Readonly<Record<string, string>> {
  if (Object.keys(request.selectors).length > 0) return request.selectors
  const selectors: Record<string, string> = {}
  for (const key of found.keys ?? []) {
    const child = childOf(input.element, key)
    if (child === undefined) continue
    const reference = referenceIn(child)
    selectors[key] = reference === undefined ? child.text.trim() : keyOf(reference)
  }
  return selectors
}

function keysOf(found: AmtClass, item: Item): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const key of found.keys ?? []) {
    const field = item.fields[key]
    if (field !== undefined) keys[key] = textOfField(field)
  }
  return keys
}

function textOfField(field: NonNullable<Item['fields'][string]>): string {
  if (typeof field === 'object' && 'ref' in field) return keyOf(field)
  return String(field)
}

/** The one instance the selectors name; without selectors there must be only one. */
function pick(firmware: Firmware, found: AmtClass, { selectors }: Pick<WsmanRequest, 'selectors'>): Item {
  const items = found.instances(firmware)
  const names = Object.keys(selectors)
  const fits = items.filter(item =>
    names.every(name => {
      const field = item.keys?.[name] ?? item.fields[name]
      return field !== undefined && sameKey(textOfField(field), selectors[name] ?? '')
    }),
  )
  const [first, second] = fits
  if (first === undefined) throw new WsmanFault('c:InvalidSelectors', names.length === 0 ? '' : 'UnexpectedSelectors')
  if (second !== undefined) throw new WsmanFault('c:InvalidSelectors', 'InsufficientSelectors')
  return first
}

function sameKey(own: string, asked: string): boolean {
  return own === asked || own.trim() === asked.trim()
}

async function invoke(
  firmware: Firmware,
  found: AmtClass,
  { request, caller, prefixes }: { request: WsmanRequest; caller: Caller; prefixes: Prefixes },
): Promise<Inside> {
  const base = uriOf(found.name)
  const name = request.action.slice(base.length + 1)
  const method = request.action.startsWith(`${base}/`) ? found.methods?.[name] : undefined
  if (method === undefined) throw new WsmanFault('b:ActionNotSupported')
  const { content } = request
  if (content === undefined || content.name !== `${name}_INPUT` || content.space !== base) {
    throw new WsmanFault('c:SchemaValidationError')
  }
  if (Object.keys(request.selectors).length > 0) pick(firmware, found, request)
  const given = await method(firmware, new Input(content), caller)
  const { status, output, afterReply, hang } =
    typeof given === 'number' ? { status: given, output: {}, afterReply: undefined, hang: undefined } : given
  if (status === 0) firmware.touched()
  const inside = writeOutput({ className: found.name, method: name }, { ...output, ReturnValue: status }, prefixes)
  return { inside, action: `${request.action}Response`, ...(afterReply && { afterReply }), ...(hang && { hang }) }
}
