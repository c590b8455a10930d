// SPDX-License-Identifier: Apache-2.0
/** Builds WS-Management requests (DSP0226) as AMT expects them; every function returns one whole SOAP envelope. */
import { escapeXml } from './escape.ts'
import { resourceUri } from './resources.ts'
import { writeMembers, writeSelectors } from './write.ts'
import { ANONYMOUS_ADDRESS, type Instance, type Selectors } from './wsman.ts'

const ENUMERATION = 'http://schemas.xmlsoap.org/ws/2004/09/enumeration'
const TRANSFER = 'http://schemas.xmlsoap.org/ws/2004/09/transfer'
const BEGIN =
  '<?xml version="1.0" encoding="utf-8"?><Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"' +
  ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns="http://www.w3.org/2003/05/soap-envelope">'
const MAX_ELEMENTS = 999
const MAX_CHARACTERS = 99_999

export type Target = {
  /** A class name or a whole resource URI. */
  readonly resource: string
  readonly selectors?: Selectors | undefined
}

/** A request that still lacks the number of its message, so that an attempt can be repeated under another. */
export type Message = (id: number) => string

export function getMessage(target: Target): Message {
  return message(`${TRANSFER}/Get`, target, '<Body></Body>')
}

export function putMessage(target: Target, instance: Instance): Message {
  return message(`${TRANSFER}/Put`, target, instanceBody(target, instance))
}

export function createMessage(target: Target, instance: Instance): Message {
  return message(`${TRANSFER}/Create`, target, instanceBody(target, instance))
}

export function deleteMessage(target: Target): Message {
  return message(`${TRANSFER}/Delete`, target, '<Body></Body>')
}

export function enumerateMessage(target: Target): Message {
  return message(`${ENUMERATION}/Enumerate`, target, `<Body><Enumerate xmlns="${ENUMERATION}" /></Body>`)
}

/** Asks for the next part of a sequence: at most 999 elements and 99,999 characters. */
export function pullMessage(target: Target, context: string): Message {
  const limits = `<MaxElements>${MAX_ELEMENTS}</MaxElements><MaxCharacters>${MAX_CHARACTERS}</MaxCharacters>`
  const named = `<EnumerationContext>${escapeXml(context)}</EnumerationContext>`
  return message(`${ENUMERATION}/Pull`, target, `<Body><Pull xmlns="${ENUMERATION}">${named}${limits}</Pull></Body>`)
}

export function invokeMessage(target: Target, method: string, input: Instance = {}): Message {
  const uri = resourceUri(target.resource)
  return message(`${uri}/${method}`, target, body(`${method}_INPUT`, uri, input))
}

function instanceBody({ resource }: Target, instance: Instance): string {
  const uri = resourceUri(resource)
  return body(uri.slice(uri.lastIndexOf('/') + 1), uri, instance)
}

function body(element: string, uri: string, content: Instance): string {
  const members = writeMembers(content, 'h')
  const name = escapeXml(element)
  return `<Body><h:${name} xmlns:h="${escapeXml(uri)}">${members}</h:${name}></Body>`
}

function message(action: string, { resource, selectors }: Target, content: string): Message {
  const head = `${BEGIN}<Header><a:Action>${escapeXml(action)}</a:Action><a:To>/wsman</a:To><w:ResourceURI>${escapeXml(resourceUri(resource))}</w:ResourceURI><a:MessageID>`
  const set = selectors === undefined ? '' : writeSelectors(selectors)
  const tail = `</a:MessageID><a:ReplyTo><a:Address>${ANONYMOUS_ADDRESS}</a:Address></a:ReplyTo><w:OperationTimeout>PT60S</w:OperationTimeout>${set}</Header>${content}</Envelope>`
  return id => head + id + tail
}
