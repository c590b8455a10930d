// SPDX-License-Identifier: Apache-2.0
/** Judges replies: which are the answer to the request, which are faults, and what they contain. */
import { problem } from '../problems.ts'
import type { HttpReply } from './http.ts'
import { type Envelope, type Instance, instanceOf, type Listing, listOf, textOf, type Value } from './wsman.ts'
import { readEnvelope } from './xml.ts'

/**
 * Reads the reply to the request with this message id.
 * Throws `amt-fault` (fields: code, subcode, reason, detail, status) and `amt-unexpected` (fields: status).
 */
export function readReply(reply: HttpReply, id: number): Envelope {
  const envelope = enveloped(reply)
  const fault = envelope.Body.Fault
  const relates = envelope.Header.RelatesTo
  // Firmware that could not read a request cannot say which one it was.
  if (relates !== undefined && textOf(relates).trim() !== String(id)) {
    throw problem('amt-unexpected', 'it answers another request', { status: reply.status, isMisplaced: true })
  }
  if (fault !== undefined) throw faultOf(fault, reply.status)
  if (reply.status === 200) return envelope
  throw problem('amt-unexpected', `HTTP status ${reply.status}`, { status: reply.status })
}

function enveloped({ status, body }: HttpReply): Envelope {
  if (status === 200) return readEnvelope(body)
  try {
    return readEnvelope(body)
  } catch {
    throw problem('amt-unexpected', `HTTP status ${status}`, { status })
  }
}

/** A SOAP 1.2 fault (SOAP 1.2 part 1 §5.4); prefixes of codes are taken off. */
function faultOf(value: Value, status: number): Error {
  const { Code, Reason, Detail } = instanceOf(value) ?? {}
  const { Value: code, Subcode } = instanceOf(Code) ?? {}
  const subcode = unprefixed(textOf(instanceOf(Subcode)?.Value))
  const reason = firstText(instanceOf(Reason)?.Text).slice(0, MAX_TEXT)
  const detail = unprefixed(firstText(Detail)).slice(0, MAX_TEXT)
  const fields = { code: unprefixed(textOf(code)), subcode, reason, detail, status }
  return problem('amt-fault', [subcode, reason].filter(each => each !== '').join(': ') || fields.code, fields)
}

const MAX_TEXT = 500

function unprefixed(text: string): string {
  return text.trim().replace(/^[A-Za-z_][\w.-]*:(?=\w)/, '')
}

function firstText(value: Value | undefined): string {
  if (typeof value === 'string') return value.trim()
  const inner = Array.isArray(value) ? value : Object.values(instanceOf(value) ?? {})
  for (const each of inner) {
    const text = firstText(each)
    if (text !== '') return text
  }
  return ''
}

/** The only element of a body; `undefined` when the body is empty. Throws `amt-unexpected` when there are several. */
export function contentOf({ Body }: Envelope): Instance | undefined {
  const [first, second] = Object.values(Body)
  if (first === undefined) return undefined
  if (second !== undefined || Array.isArray(first)) throw problem('amt-unexpected', 'its body has several elements')
  return instanceOf(first) ?? {}
}

export type Page = { readonly items: Listing['items']; readonly context: string | undefined }

/** One part of a sequence (WS-Enumeration §3.2); `context` is missing on the last. */
export function pageOf({ Body }: Envelope, context: string): Page {
  const response = instanceOf(Body.PullResponse)
  if (response === undefined) throw problem('amt-unexpected', 'it answers Pull with something else')
  const items: { name: string; instance: Instance }[] = []
  for (const [name, members] of Object.entries(instanceOf(response.Items) ?? {})) {
    for (const member of listOf(members)) items.push({ name, instance: instanceOf(member) ?? {} })
  }
  const isLast =
    response.EndOfSequence !== undefined || (response.EnumerationContext === undefined && items.length === 0)
  return { items, context: isLast ? undefined : textOf(response.EnumerationContext) || context }
}

/** The reply to Pull as if everything had come in one part. */
export function wholePull(last: Envelope, items: Listing['items']): Envelope {
  const byName: Record<string, Instance[]> = {}
  for (const { name, instance } of items) {
    byName[name] ??= []
    byName[name].push(instance)
  }
  const Items = Object.fromEntries(
    Object.entries(byName).map(([name, [only, ...more]]) => [
      name,
      only !== undefined && more.length === 0 ? only : (byName[name] ?? []),
    ]),
  )
  const response = instanceOf(last.Body.PullResponse) ?? {}
  return { Header: last.Header, Body: { PullResponse: { ...response, Items } } }
}
