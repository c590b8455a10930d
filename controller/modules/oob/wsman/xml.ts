// SPDX-License-Identifier: Apache-2.0
/** Reads SOAP replies: a small XML parser that knows no DTD and no entities but the predefined, and is made for speed. */
import { isUtf8 } from 'node:buffer'
import { problem } from '../problems.ts'
import { characterOf, isBlank, isNamePart, isNameStart, isSpace } from './characters.ts'
import { isSpeakable } from './escape.ts'
import type { Envelope, Instance, Value } from './wsman.ts'

/** Largest reply, in bytes. */
export const MAX_XML_BYTES = 1_048_576
const MAX_DEPTH = 40
const MAX_ATTRIBUTES = 40
const SOAP = 'http://www.w3.org/2003/05/soap-envelope'
const XML = 'http://www.w3.org/XML/1998/namespace'

/**
 * Reads a SOAP 1.2 envelope (XML 1.0, UTF-8) into the tree that {@link Value} describes.
 * Throws `amt-unexpected` for everything else; the detail says what is wrong and never repeats what was read.
 */
export function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.byteLength > MAX_XML_BYTES) throw unreadable('it is larger than 1 MB')
  if (!isUtf8(bytes)) throw unreadable('it is not UTF-8')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  if (!isSpeakable(text)) throw unreadable('it has characters that are not XML')
  return new Reader(text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).envelope()
}

type Members = { [name: string]: Value | undefined }
type Declared = { readonly prefix: string; readonly uri: string }
/** A start tag, as far as anybody wants to know. */
type Tag = {
  /** With its prefix, as the end tag must repeat it. */
  readonly name: string
  readonly prefix: string
  readonly local: string
  readonly isEmpty: boolean
  readonly isNil: boolean
  readonly selector: string | undefined
}

class Reader {
  readonly #xml: string
  /** Innermost last. */
  readonly #declared: Declared[] = []
  #at = 0
  /** Where the next `&` is, so that text without any costs no search of its own. */
  #ampersand: number

  constructor(xml: string) {
    this.#xml = xml
    this.#ampersand = xml.indexOf('&')
  }

  envelope(): Envelope {
    if (this.#xml.charCodeAt(0) === 0xfeff) this.#at = 1
    this.#misc()
    const tag = this.#startTag()
    if (tag.local !== 'Envelope' || !this.#isSoap(tag)) throw unreadable('it is no SOAP 1.2 envelope')
    const { Header, Body } = membersOf(this.#content(tag, 1))
    this.#misc()
    if (this.#at !== this.#xml.length) throw unreadable('something follows the envelope')
    if (Body === undefined) throw unreadable('the envelope has no body')
    return { Header: membersOf(Header ?? ''), Body: membersOf(Body) }
  }

  /** White space, comments and processing instructions outside of the envelope. */
  #misc(): void {
    const xml = this.#xml
    for (;;) {
      while (isSpace(xml.charCodeAt(this.#at))) this.#at++
      if (xml.startsWith('<?', this.#at)) this.#skipTo('?>')
      else if (xml.startsWith('<!--', this.#at)) this.#skipTo('-->')
      else return
    }
  }

  #skipTo(end: string): void {
    // The start may not be taken for a part of the end: `<!-->` is not a whole comment.
    const found = this.#xml.indexOf(end, this.#at + (end === '-->' ? 4 : 2))
    if (found < 0) throw unreadable('a comment or an instruction has no end')
    this.#at = found + end.length
    if (this.#ampersand >= 0 && this.#ampersand < this.#at) this.#ampersand = this.#xml.indexOf('&', this.#at)
  }

  /** Reads what stands between a start tag and its end, and the end tag. `depth` counts the elements around. */
  #content(tag: Tag, depth: number): Value {
    if (tag.isEmpty) return ''
    if (depth > MAX_DEPTH) throw unreadable('it nests too deeply')
    const xml = this.#xml
    const outer = this.#declared.length
    let text = ''
    let members: Members | undefined
    for (;;) {
      const open = xml.indexOf('<', this.#at)
      if (open < 0) throw unreadable('an element has no end')
      if (open > this.#at) text = this.#join(text, open)
      this.#at = open
      const code = xml.charCodeAt(open + 1)
      if (code === SLASH) break
      if (code === BANG || code === QUESTION) {
        text = this.#special(text)
        continue
      }
      members ??= {}
      this.#child(members, depth)
      this.#declared.length = outer
    }
    this.#endTag(tag.name)
    if (tag.isNil) return ''
    if (members === undefined) return text
    if (text !== '' && !isBlank(text)) throw unreadable('text stands between elements')
    return members
  }

  #child(members: Members, depth: number): void {
    const tag = this.#startTag()
    if (depth <= 2) this.#checkName(tag, depth)
    const value = this.#content(tag, depth + 1)
    const name = tag.local
    if (name === '__proto__') throw unreadable('an element has a name that no member can have')
    const kept = tag.selector === undefined ? value : withName(value, tag.selector)
    const before = Object.hasOwn(members, name) ? members[name] : undefined
    if (before === undefined) members[name] = kept
    else if (Array.isArray(before)) before.push(kept)
    else members[name] = [before, kept]
  }

  /** The names that mean something to us must be SOAP's; the others are told by their place. */
  #checkName(tag: Tag, depth: number): void {
    if (depth === 2) {
      if (tag.local === 'Fault' && !this.#isSoap(tag)) throw unreadable('its fault is not of SOAP 1.2')
      return
    }
    const isKnown = tag.local === 'Header' || tag.local === 'Body'
    if (!isKnown || !this.#isSoap(tag)) throw unreadable('the envelope holds something else than header and body')
  }

  #isSoap({ prefix }: Tag): boolean {
    return this.#declared.findLast(each => each.prefix === prefix)?.uri === SOAP
  }

  /** A comment, an instruction or character data inside an element. */
  #special(text: string): string {
    const xml = this.#xml
    const at = this.#at
    if (xml.startsWith('<![CDATA[', at)) {
      const end = xml.indexOf(']]>', at + 9)
      if (end < 0) throw unreadable('character data has no end')
      this.#skipTo(']]>')
      return text + xml.slice(at + 9, end)
    }
    if (xml.startsWith('<!--', at)) this.#skipTo('-->')
    else if (xml.startsWith('<?', at)) this.#skipTo('?>')
    else throw unreadable('it has a declaration')
    return text
  }

  #startTag(): Tag {
    const xml = this.#xml
    if (xml.charCodeAt(this.#at) !== LESS) throw unreadable('it does not begin with an element')
    if (xml.charCodeAt(this.#at + 1) === BANG) throw unreadable('it has a document type')
    const start = ++this.#at
    const end = this.#name()
    const colon = this.#colon
    const name = xml.slice(start, end)
    const prefix = colon < 0 ? '' : xml.slice(start, colon)
    const local = colon < 0 ? name : xml.slice(colon + 1, end)
    if (xml.charCodeAt(end) === GREATER) {
      this.#at = end + 1
      return { name, prefix, local, isEmpty: false, isNil: false, selector: undefined }
    }
    return this.#attributes({ name, prefix, local, isEmpty: false, isNil: false, selector: undefined })
  }

  #attributes(tag: Tag): Tag {
    const xml = this.#xml
    const seen: string[] = []
    let isNil = false
    let selector: string | undefined
    for (;;) {
      const gap = this.#at
      while (isSpace(xml.charCodeAt(this.#at))) this.#at++
      const code = xml.charCodeAt(this.#at)
      if (code === GREATER || code === SLASH) break
      if (gap === this.#at) throw unreadable('a tag is not well formed')
      const start = this.#at
      const name = xml.slice(start, this.#name())
      if (seen.includes(name)) throw unreadable('an attribute stands twice')
      if (seen.push(name) > MAX_ATTRIBUTES) throw unreadable('an element has too many attributes')
      const value = this.#attributeValue()
      if (name === 'xmlns') this.#declare('', value)
      else if (name.startsWith('xmlns:')) this.#declare(name.slice(6), value)
      else if (name === 'Name' && tag.local === 'Selector') selector = value
      else if (name.endsWith(':nil')) isNil = value === 'true' || value === '1'
    }
    const isEmpty = xml.charCodeAt(this.#at) === SLASH
    if (isEmpty && xml.charCodeAt(++this.#at) !== GREATER) throw unreadable('a tag is not well formed')
    this.#at++
    return { ...tag, isEmpty, isNil, selector }
  }

  #declare(prefix: string, uri: string): void {
    if (prefix === 'xmlns' || (prefix === 'xml') !== (uri === XML)) throw unreadable('a reserved prefix is declared')
    this.#declared.push({ prefix, uri })
  }

  #attributeValue(): string {
    const xml = this.#xml
    while (isSpace(xml.charCodeAt(this.#at))) this.#at++
    if (xml.charCodeAt(this.#at++) !== EQUALS) throw unreadable('an attribute has no value')
    while (isSpace(xml.charCodeAt(this.#at))) this.#at++
    const quote = xml[this.#at]
    if (quote !== '"' && quote !== "'") throw unreadable('an attribute has no quotes')
    this.#at++
    const end = xml.indexOf(quote, this.#at)
    if (end < 0) throw unreadable('an attribute has no end')
    const value = this.#join('', end)
    if (value.includes('<') && xml.slice(this.#at, end).includes('<')) throw unreadable('an attribute holds markup')
    this.#at = end + 1
    return value
  }

  #endTag(name: string): void {
    const xml = this.#xml
    const start = this.#at + 2
    let at = start + name.length
    while (isSpace(xml.charCodeAt(at))) at++
    if (!xml.startsWith(name, start) || xml.charCodeAt(at) !== GREATER) throw unreadable('an end tag does not fit')
    this.#at = at + 1
  }

  /** Where the name last read has its colon; -1 when it has none. */
  #colon = -1

  /** Moves behind a name and returns where that is. */
  #name(): number {
    const xml = this.#xml
    let at = this.#at
    if (!isNameStart(xml.charCodeAt(at))) throw unreadable('a name is not well formed')
    this.#colon = -1
    for (let code = xml.charCodeAt(at); isNamePart(code); code = xml.charCodeAt(++at)) {
      if (code !== COLON) continue
      if (this.#colon >= 0 || !isNameStart(xml.charCodeAt(at + 1))) throw unreadable('a name is not well formed')
      this.#colon = at
    }
    this.#at = at
    return at
  }

  /** Appends the text up to `end` with its references resolved. */
  #join(text: string, end: number): string {
    const plain = this.#xml.slice(this.#at, end)
    if (this.#ampersand < 0 || this.#ampersand >= end) return text === '' ? plain : text + plain
    this.#ampersand = this.#xml.indexOf('&', end)
    return text + plain.replace(REFERENCE, resolve)
  }
}

const LESS = 0x3c
const GREATER = 0x3e
const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f
const EQUALS = 0x3d
const COLON = 0x3a

const REFERENCE = /&([^;&]*);?/g

function resolve(whole: string, name: string): string {
  const character = whole.endsWith(';') ? characterOf(name) : undefined
  if (character === undefined) throw unreadable('it has an entity that is not predefined')
  return character
}

function withName(value: Value, name: string): Instance {
  return typeof value === 'string' ? { _: value, $: { Name: name } } : { $: { Name: name }, ...membersOf(value) }
}

/** What an element holds as members; none when it is empty. */
function membersOf(value: Value): Instance {
  if (typeof value === 'string' && isBlank(value)) return {}
  if (typeof value === 'string' || Array.isArray(value))
    throw unreadable('it has text or a second one where it has parts')
  return value as Instance // the parser makes no references
}

function unreadable(detail: string): Error {
  return problem('amt-unexpected', detail)
}
